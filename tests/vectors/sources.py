"""Makes the vectors' sources anew: ``python -m tests.vectors.sources``. Keys here are for tests only.

Keys and tokens come out different each time (``openssl ts`` draws serial numbers, and stamps its own clock), so
what it made once is committed, and ``tests.vectors.build`` makes the vectors from that, byte for byte the same.
Run it only when the sealed or registered bytes of the builder's archives change on purpose, and build after it.
"""

import datetime as dt
import tempfile
from pathlib import Path

from evidence.crypto import certificates, keys
from tests import builder, tsa
from tests.crypto import pki
from tests.vectors import archives

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ORGANISATION = "Тестова організація"


def make() -> None:
    """Write every source."""
    folder = builder.SOURCES
    folder.mkdir(exist_ok=True)
    _keys(folder)
    builder.sealer.cache_clear()
    builder.register_key.cache_clear()
    with tempfile.TemporaryDirectory() as scratch:
        _tokens(folder, Path(scratch))


def _keys(folder: Path) -> None:
    key = keys.generate_sealing_key()
    for name, years in (("sealer", 10), ("twin", 11)):
        certificate = certificates.self_issued(key, None, ORGANISATION, SINCE, years=years, serial=4711)
        (folder / f"{name}.pem").write_bytes(certificate)
    (folder / "sealer-key.pem").write_bytes(key)
    agreeing = pki.issue(
        "Test, key agreement only",
        key=keys.load_private_key(key, None),
        key_usage=pki.usage("key_agreement"),
        ca=False,
        start=SINCE,
        end=SINCE + 10 * pki.YEAR,
    )
    (folder / "unusable.pem").write_bytes(agreeing.pem)
    for name in ("register", "successor"):
        (folder / f"{name}-key.pem").write_bytes(keys.generate_register_key())


def _tokens(folder: Path, scratch: Path) -> None:
    authority = tsa.Authority(scratch)
    (folder / "tsa.pem").write_bytes(authority.root.pem)
    committed = archives.with_token_note()
    (folder / "token.tsr").write_bytes(authority.stamp(committed))
    (folder / "token-sha512.tsr").write_bytes(authority.stamp(committed, "sha512"))
    (folder / "token-late.tsr").write_bytes(authority.stamp(archives.claimed_late_note()))


if __name__ == "__main__":
    make()
