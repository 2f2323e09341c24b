"""The two lists of digests: ASiCManifest001.xml and SHA256SUMS."""

import base64
import hashlib
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.container import asic, sums
from evidence.container.asic import SHA256_URI, UnsupportedDigest
from tests.container.test_writer import NAMES
from tests.requirements import need

MEMBERS = st.dictionaries(NAMES.map(str.lower), st.binary(min_size=32, max_size=32), min_size=1, max_size=6)
TWO = [("exhibits/E1.wav", bytes(range(32))), ("manifest.json", hashlib.sha256(b"{}").digest())]
BOTH = pytest.mark.parametrize("module", [asic, sums])


@BOTH
@given(members=MEMBERS.map(lambda found: list(found.items())))
def test_parse_of_build(module: ModuleType, members: list[tuple[str, bytes]]) -> None:
    """The law: parse(build(x)) == x."""
    assert module.parse(module.build(members)) == members


def test_the_template() -> None:
    first, second = (base64.b64encode(digest).decode() for _name, digest in TWO)
    method = '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    assert asic.build(TWO).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n'
        '<SigReference URI="META-INF/signature001.p7s" MimeType="application/pkcs7-signature"/>\n'
        f'<DataObjectReference URI="exhibits/E1.wav">{method}<ds:DigestValue>{first}</ds:DigestValue></DataObjectReference>\n'
        f'<DataObjectReference URI="manifest.json">{method}<ds:DigestValue>{second}</ds:DigestValue></DataObjectReference>\n'
        "</ASiCManifest>\n"
    )


def test_an_xml_parser_reads_the_template() -> None:
    space = {"a": "http://uri.etsi.org/02918/v1.2.1#", "ds": "http://www.w3.org/2000/09/xmldsig#"}
    root = ET.fromstring(asic.build(TWO))  # noqa: S314 (our own bytes)
    found = [
        (reference.get("URI"), base64.b64decode(reference.findtext("ds:DigestValue", "", space)))
        for reference in root.findall("a:DataObjectReference", space)
    ]
    assert found == TWO


def test_sha256sum_checks_the_sums(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}")
    (tmp_path / "SHA256SUMS").write_bytes(sums.build(TWO[1:]))
    command = [need("sha256sum"), "--strict", "-c", "SHA256SUMS"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "manifest.json: OK\n"), done.stderr


@BOTH
@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_shows(module: ModuleType, bit: int) -> None:
    """Refused, or read as something else; never read as the same."""
    data = module.build(TWO)
    for offset in range(len(data)):
        damaged = data[:offset] + bytes([data[offset] ^ (1 << bit)]) + data[offset + 1 :]
        try:
            found = module.parse(damaged)
        except ValueError:
            continue
        assert found != TWO
        assert module.build(found) == damaged


@BOTH
def test_every_dropped_or_inserted_byte_shows(module: ModuleType) -> None:
    """As above: where a name lost a letter, the list says another name."""
    data = module.build(TWO)
    for offset in range(len(data)):
        for changed in (data[:offset] + data[offset + 1 :], data[:offset] + b" " + data[offset:]):
            try:
                found = module.parse(changed)
            except ValueError:
                continue
            assert found != TWO
            assert module.build(found) == changed


@BOTH
def test_every_cut_shows(module: ModuleType) -> None:
    """Only sums cut behind a line are a list, a shorter one."""
    data = module.build(TWO)
    whole_lines = data.index(b"\n") + 1 if module is sums else None
    for offset in range(len(data)):
        if offset == whole_lines:
            assert module.parse(data[:offset]) == TWO[:1]
        else:
            with pytest.raises(ValueError):
                module.parse(data[:offset])


@BOTH
@given(junk=st.binary(max_size=60), offset=st.integers(0, 600))
def test_whatever_is_read_is_what_build_writes(module: ModuleType, junk: bytes, offset: int) -> None:
    data = module.build(TWO)
    changed = data[:offset] + junk + data[offset + len(junk) :]
    try:
        found = module.parse(changed)
    except ValueError:
        return
    assert module.build(found) == changed


@BOTH
@pytest.mark.parametrize(
    "members",
    [
        [],
        [("a b", bytes(32))],
        [('a"b', bytes(32))],
        [("../a", bytes(32))],
        [("a", bytes(31))],
        [("a", bytes(32)), ("A", bytes(32))],
    ],
)
def test_what_cant_be_written(module: ModuleType, members: list[tuple[str, bytes]]) -> None:
    with pytest.raises(ValueError):
        module.build(members)


@pytest.mark.parametrize(
    "damage",
    [
        (b"\n", b"\r\n"),
        (b"</ASiCManifest>\n", b"</ASiCManifest>"),
        (b"UTF-8", b"utf-8"),
        (b"<ASiCManifest ", b"<!DOCTYPE a><ASiCManifest "),
        (b'URI="manifest.json"', b'URI="manifest.json" Rootfile="true"'),
        (b'URI="manifest.json"', b'URI="exhibits/E1.wav"'),
        (b'URI="manifest.json"', b'URI="EXHIBITS/E1.wav"'),
        (b'URI="manifest.json"', b'URI="manifest%2Ejson"'),
        (b'URI="manifest.json"', b'URI="&#109;anifest.json"'),
        (b"</ASiCManifest>\n", b"<!-- x -->\n</ASiCManifest>\n"),
        (b"</ASiCManifest>\n", b"\n</ASiCManifest>\n"),
        (b"signature001", b"signature002"),
        (b"<ds:DigestValue>", b"<ds:DigestValue> "),
        (b"=</ds:DigestValue>", b"</ds:DigestValue>"),
        (base64.b64encode(TWO[0][1]), base64.b64encode(bytes(31))),
        (base64.b64encode(TWO[0][1]), base64.b64encode(bytes(33))),
        (b"manifest.json", "дім".encode()),
        (b"#sha256", b"#sha\x01512"),
        (b"#sha256", b"#sha 512"),
        (b"#sha256", b"#sha&amp;512"),
    ],
)
def test_other_ways_to_write_the_manifest(damage: tuple[bytes, bytes]) -> None:
    data = asic.build(TWO).replace(*damage)
    assert data != asic.build(TWO)
    with pytest.raises(ValueError) as caught:
        asic.parse(data)
    assert not isinstance(caught.value, UnsupportedDigest)


def test_a_manifest_without_members() -> None:
    lines = asic.build(TWO).split(b"\n")
    with pytest.raises(ValueError, match="lists nothing"):
        asic.parse(b"\n".join([*lines[:3], *lines[5:]]))


@pytest.mark.parametrize("size", [20, 32, 48, 64])
@pytest.mark.parametrize("line", [0, 1])
def test_an_unsupported_digest(size: int, line: int) -> None:
    """Another algorithm in one line, its value of any size: undecided, not malformed."""
    other = "http://www.w3.org/2001/04/xmlenc#sha512"
    data = asic.build(TWO)
    start = data.index(f'URI="{TWO[line][0]}"'.encode())
    changed = data[:start] + data[start:].replace(SHA256_URI.encode(), other.encode(), 1)
    changed = changed.replace(base64.b64encode(TWO[line][1]), base64.b64encode(bytes(size)))
    with pytest.raises(UnsupportedDigest) as caught:
        asic.parse(changed)
    assert caught.value.algorithm == other
    for damage in ((b"manifest.json", b"manifest json"), (b"UTF-8", b"utf-8"), (b"</ASiC", b"x</ASiC")):
        with pytest.raises(ValueError) as refused:
            asic.parse(changed.replace(*damage))
        assert not isinstance(refused.value, UnsupportedDigest)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"0" * 64 + b"  a",
        b"0" * 64 + b" a\n",
        b"0" * 64 + b" *a\n",
        b"0" * 64 + b"  a\r\n",
        b"0" * 64 + b"  a\n\n",
        b"A" * 64 + b"  a\n",
        b"0" * 63 + b"  a\n",
        b"0" * 64 + b"   a\n",
        b"0" * 64 + b"  a \n",
        b"0" * 64 + b"  ../a\n",
        b"\\" + b"0" * 64 + b"  a\n",
        b"0" * 64 + b"  a\n" + b"0" * 64 + b"  A\n",
        b"0" * 64 + b"  \xd0\xb4\n",
        b"\xef\xbb\xbf" + b"0" * 64 + b"  a\n",
    ],
)
def test_other_ways_to_write_the_sums(data: bytes) -> None:
    with pytest.raises(ValueError):
        sums.parse(data)
