"""What people give the page is taken as the command line takes it: fingerprints, certificate files, times."""

import base64
import datetime as dt
from typing import Any

from evidence.cli.options import parse_time, parse_trust
from evidence.crypto.certificates import load_anchors, pem_to_der
from evidence.errors import EvidenceError
from tests.browser.node import ran
from tests.vectors.archives import source

HEX = "0123456789abcdef" * 4
FINGERPRINTS = [
    f"sha256:{HEX}",
    f"SHA256 Fingerprint={HEX.upper()}",
    f"sha-256: {HEX}",
    "sha256:" + " ".join(HEX[i : i + 4] for i in range(0, 64, 4)),
    "sha256:" + ":".join(HEX[i : i + 2] for i in range(0, 64, 2)).upper(),
    "sha256:" + "-".join(HEX[i : i + 8] for i in range(0, 64, 8)),
    f"sha256:{HEX[:-1]}",
    f"sha256:{HEX}0",
    f"sha256:{HEX[:40]}",
    f"sha256:{HEX[:-1]}g",
    f"sha256:{HEX[:-1]}а",
    f"sha256:{HEX[:-1]}٣",
    f"sha1:{HEX}",
    "sha256:",
    "the signer's",
]
TIMES = [
    "2026-11-22T14:05:00+02:00",
    "2026-11-22t14:05:00z",
    "2026-11-22 14:05Z",
    "2026-11-22T14:05:00.1234567Z",
    "2026-11-22T14:05:00.5-11:30",
    "  2026-11-22T14:05:00Z ",
    "2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-11-22",
    "2026-11-22T14:05:00",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-11-22T25:00:00Z",
    "2026-11-22T14:60:00Z",
    "2026-11-22T14:05:60Z",
    "2026-11-22T14:05:00+24:00",
    "2026-11-22T14:05:00+02:60",
    "2026-11-22T14:05:00+0200",
    "2026-11-22T14:05:00Kyiv",
    "2026-11-22T14:05:00.Z",
    "٢٠٢٦-11-22T14:05:00Z",
    "0000-01-01T00:00:00Z",
    "now",
]
TRY = """
const tried = (act) => { try { return act(); } catch (error) { return { refused: error.message_, hint: error.hint }; } };
"""


def pythons(function: Any, given: Any) -> Any:
    """What the command line makes of it; None where it refuses."""
    try:
        return function(given)
    except EvidenceError:
        return None


def test_fingerprints_are_taken_as_by_the_command_line() -> None:
    there = ran(
        f"import {{ fingerprints }} from './src/pages/verify/trust'; {TRY}"
        "export default (all) => all.map((text) => tried(() => fingerprints(text, 'x')))",
        FINGERPRINTS,
    )
    for text, found in zip(FINGERPRINTS, there, strict=True):
        here = pythons(parse_trust, text)
        assert found == [here] if isinstance(here, str) else "refused" in found, text
    assert sum(isinstance(found, list) for found in there) == 6


def test_the_label_says_sha_256_so_the_prefix_may_be_left_out_and_several_are_lines() -> None:
    found = ran(
        "import { fingerprints } from './src/pages/verify/trust';"
        "export default (text) => fingerprints(text, 'x')",
        f"\n{HEX}\r\n  {HEX.upper()[::-1]};sha256:{HEX}\n\n",
    )
    assert found == [HEX, HEX[::-1], HEX]


def test_a_fingerprint_may_be_printed_in_two_lines() -> None:
    """As ``evidence keys show --print`` prints it."""
    groups = [HEX[place : place + 4] for place in range(0, 64, 4)]
    text = f"{' '.join(groups[:8])}\n{' '.join(groups[8:])}\nsha256:{HEX}\n"
    found = ran(
        "import { fingerprints } from './src/pages/verify/trust';"
        "export default (text) => fingerprints(text, 'x')",
        text,
    )
    assert found == [HEX, HEX]


def test_times_are_taken_as_by_the_command_line() -> None:
    there = ran(
        f"import {{ asOf }} from './src/pages/verify/asof'; {TRY}"
        "export default (all) => all.map((text) => tried(() => asOf(text, 'at')))",
        TIMES,
    )
    epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    for text, found in zip(TIMES, there, strict=True):
        here = pythons(parse_time, text)
        expected = None if here is None else (here - epoch) // dt.timedelta(milliseconds=1)
        assert (found if isinstance(found, int) else None) == expected, text
    assert [f["refused"] for f in there if isinstance(f, dict)].count("page.time_no_zone") == 1


PEM = source("sealer.pem")
DER = pem_to_der(PEM)[0]
FILES = [
    PEM,
    DER,
    PEM + source("tsa.pem"),
    b"subject=CN = x\n" + PEM.replace(b"\n", b"\r\n") + b"trailing words\n",
    b"\n".join(line for line in PEM.splitlines()[1:]),
    PEM.replace(b"-----END", b"----END"),
    PEM + b"-----BEGIN CERTIFICATE-----\n",
    PEM.replace(base64.b64encode(DER)[:10], b"**********"),
    DER[:-1],
    DER + b"\0",
    b"",
    b"0",
    b"\x30\x80\x00\x00",
    b"\x30\x84\xff\xff\xff\xff",
    source("sealer.pem")[:-40],
    PEM.ljust(1024 * 1024 + 1, b"\n"),
    b"-----BEGIN CERTIFICATE-----" + b" " * 1_000_000,  # in time
    PEM.replace(b"\n", b"\r\n \t"),
]


def test_certificate_files_are_taken_as_by_the_command_line() -> None:
    there = ran(
        "import { certificates } from './src/pages/verify/trust';"
        "const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));"
        "const text = (bytes) => btoa(String.fromCharCode(...bytes));"
        "export default (all) => Promise.all(all.map((one) => "
        "certificates(new File([bytes(one)], 'x.pem'), 'x').then((all) => all.map(text), () => null)))",
        [base64.b64encode(data).decode() for data in FILES],
    )
    for number, (data, found) in enumerate(zip(FILES, there, strict=True)):
        here = pythons(load_anchors, data)
        assert found == (here and [base64.b64encode(der).decode() for der in here]), number
    assert sum(found is not None for found in there) == 5
