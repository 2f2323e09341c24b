"""Tokens in archives: real ones, by ``openssl ts``."""

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from evidence.operations.audit.run import Request
from tests import builder
from tests.operations.audit import many
from tests.operations.audit.ground import archives, at, audited, copied
from tests.requirements import need
from tests.tsa import END, Authority

YEARS = dt.timedelta(days=365 * 30)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A time-stamping authority whose certificate ends in 2045."""
    need("openssl")
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def expecting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of three archives under two checkpoints, all of which expect a token."""
    return many.make(tmp_path_factory.mktemp("e") / "vault", 3, batch=2, time_policy="expected")


@pytest.fixture
def stamped(expecting: Path, authority: Authority, tmp_path: Path) -> Path:
    """The same, with tokens in the two archives of the first checkpoint."""
    vault = copied(expecting, tmp_path / "vault")
    for archive in archives(vault)[:2]:
        with zipfile.ZipFile(archive) as container:
            parts = [(info.filename, container.read(info)) for info in container.infolist()]
        proof = dict(parts)["META-INF/register-001.tlog-proof"].decode()
        note = proof[proof.index(f"{builder.ORIGIN}\n") :].encode()
        token = authority.stamp(note)
        archive.write_bytes(builder.pack([*parts, ("META-INF/register-001-token-1.tsr", token)]))
    configured = '\n[time_stamp]\nservers = ["http://tsa.invalid/"]\nroots = "keys/tsa-roots.pem"\n'
    with (vault / "evidence.toml").open("a") as file:
        file.write(configured)
    (vault / "keys" / "tsa-roots.pem").write_bytes(authority.root.pem)
    return vault


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_an_archive_without_a_token_is_pending_and_not_undecided(expecting: Path, tmp_path: Path) -> None:
    vault = copied(expecting, tmp_path / "vault")
    heard, _answer = audited(vault, clock=at(now()))
    assert heard.codes == ["SEAL_OVERDUE", "STAMPS_OVERDUE"]
    assert heard.findings[1].params["n"] == 3
    assert heard.findings[1].params["oldest"] == builder.CLAIMED


def test_tokens_that_verify(stamped: Path) -> None:
    heard, answer = audited(stamped, clock=at(now() + dt.timedelta(minutes=5)))
    assert heard.codes == ["SEAL_OVERDUE", "STAMPS_OVERDUE"], heard.findings
    assert heard.findings[1].params["n"] == 1
    assert answer.read == 3


def test_a_certificate_of_an_authority_that_ends(stamped: Path) -> None:
    heard, _answer = audited(stamped, Request(warn=YEARS), clock=at(now()))
    ending = [finding for finding in heard.findings if finding.code == "TSA_CERTIFICATE_EXPIRING"]
    assert [(f.subject, f.params) for f in ending] == [
        ("O=Test time stamps,C=UA", {"n": 2, "date": END.date().isoformat()})
    ]
    assert "TSA_ROOT_EXPIRING" in heard.codes
    heard, _answer = audited(stamped, clock=at(END + dt.timedelta(days=1)))
    assert "TSA_CERTIFICATE_EXPIRED" in heard.codes
    assert "TSA_ROOT_EXPIRED" in heard.codes


def test_roots_that_cannot_be_read(stamped: Path) -> None:
    (stamped / "keys" / "tsa-roots.pem").write_bytes(b"none")
    heard, _answer = audited(stamped, clock=at(now()))
    assert heard.codes[-1] == "TSA_ROOTS_UNREADABLE"
    assert heard.codes.count("ARCHIVE_UNDECIDED") == 2  # nobody can tell who made their tokens
    (stamped / "keys" / "tsa-roots.pem").unlink()
    assert audited(stamped, clock=at(now()))[0].codes[-1] == "TSA_ROOTS_UNREADABLE"
