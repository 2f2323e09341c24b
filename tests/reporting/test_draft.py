"""The report that is sealed inside an archive says what it is, and nothing about what came later."""

import io

import pypdf
import pytest

from evidence import canonical
from evidence.digests import groups, sha256_hex
from evidence.reporting import pdf
from tests.reporting import archives, reading


def draft(language: str = "uk", salt: bytes = b"") -> bytes:
    contents = archives.fullest().contents
    assert contents is not None
    manifest = canonical.encode(contents.manifest.to_document())
    return pdf.draft_pdf(contents.records.values(), manifest, language, salt)


def manifest_digest() -> str:
    contents = archives.fullest().contents
    assert contents is not None
    return contents.digests["manifest.json"].hex()


def test_it_prints_the_digest_of_the_manifest_on_every_page() -> None:
    pages = reading.pages(draft())
    assert all(manifest_digest() in reading.loose(page) for page in pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "It says nothing about signature, time and register"),
        ("uk", "Про підпис, час і реєстр тут не сказано"),
    ],
)
def test_it_says_that_it_was_made_before_sealing(language: str, words: str) -> None:
    first = reading.loose(reading.pages(draft(language))[0])
    assert reading.loose(words) in first


def test_it_says_nothing_of_signature_time_and_register() -> None:
    found = archives.fullest()
    assert found.signer is not None
    told = reading.loose(reading.text(draft()))
    assert found.identity not in told
    assert found.signer.sha256 not in told
    assert "PASSED" not in told
    assert reading.loose("ПІДТВЕРДЖЕНО") not in told


def test_it_tells_the_records() -> None:
    told = reading.body(draft())
    for fact in ("Приходько Остап Зразкович", "Безголові ви всі", "Наказ директора № 14 від 02.03.2026"):
        assert reading.loose(fact) in told


def test_the_manifest_is_attached_and_the_salt_is_inside() -> None:
    salted = draft(salt=b"\x07" * 32)
    read = pypdf.PdfReader(io.BytesIO(salted))
    assert sha256_hex(b"".join(read.attachments["manifest.json"])) == manifest_digest()
    assert list(read.attachments) == ["manifest.json"]
    assert read.metadata is not None
    assert ("07" * 32) in str(read.metadata["/Keywords"])
    assert salted == draft(salt=b"\x07" * 32)
    assert salted != draft(salt=b"\x08" * 32)
    assert salted != draft()


def test_its_date_is_the_newest_that_the_records_state() -> None:
    told = pypdf.PdfReader(io.BytesIO(draft())).metadata
    assert told is not None
    assert told.creation_date is not None
    assert told.creation_date.isoformat() == "2026-11-05T10:30:00+00:00" or told.creation_date.year == 2026


def test_no_records_at_all() -> None:
    assert pdf.draft_pdf([], b"{}", "en").startswith(b"%PDF")
    assert groups(sha256_hex(b"{}"))[:9] in reading.text(pdf.draft_pdf([], b"{}", "en"))
