"""Reports as PDF: what ``content`` says, set by typst with the fonts of its wheel.

The same archive gives the same bytes, on any machine and any day: no clock is read, no font or file of the
system is used, and the document's date is a time that the archive itself proves or claims.
"""

import datetime as dt
import json
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from evidence import strict
from evidence.errors import UsageError
from evidence.messages import speaking, t
from evidence.reporting.content import documents, shortform
from evidence.reporting.glyphs import fitted
from evidence.verify.results import Verification

if TYPE_CHECKING:
    import typst

Record = Mapping[str, Any]
STANDARD = "a-3b"
"""PDF/A-3b: for archiving, with files attached."""

_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def report_pdf(found: Verification, language: str, standard: str = STANDARD) -> bytes:
    """The court report about an archive, a PDF.

    It tells what is in the archive only if integrity and signature hold; else only the verdict.
    manifest.json and the register entry are attached.

    Args:
        found: the answer about the archive.
        language: one of ``messages.report_languages()``.
        standard: PDF standard, in typst's words; files are attached only in ``a-3b``.

    Raises:
        UsageError: typst isn't installed.
    """
    with speaking(language):
        document = documents.full(found)
    return _set("report", document, _time(found), standard)


def short_pdf(found: Verification, language: str, standard: str = STANDARD) -> bytes:
    """One page for a statement to the police: facts filled in, blanks for the rest, no qualification.

    Args:
        found: the answer about the archive; its contents must have been verified.
        language: one of ``messages.report_languages()``.
        standard: PDF standard, in typst's words.

    Raises:
        UsageError: typst isn't installed.
        StateError: the contents weren't verified, so nothing of them may be stated.
    """
    with speaking(language):
        document = shortform.short(found)
    return _set("short", document, _time(found), standard)


def draft_pdf(
    records: Iterable[Record], manifest: bytes, language: str, salt: bytes = b"", standard: str = STANDARD
) -> bytes:
    """The report that is sealed inside an archive: made before there is a signature, an entry or a time.

    Args:
        records: every record of the archive.
        manifest: the bytes of manifest.json.
        language: one of ``messages.report_languages()``.
        salt: random bytes that go into the document's properties, so that its digest can't be guessed from
            what it says and the report can be left out of a copy.
        standard: PDF standard, in typst's words.

    Raises:
        UsageError: typst isn't installed.
    """
    known = list(records)
    with speaking(language):
        document = documents.draft(known, manifest)
    if salt:
        document["keywords"] = [*document["keywords"], f"salt:{salt.hex()}"]
    return _set("report", document, _newest(known), standard)


def _set(template: str, document: dict[str, Any], time: dt.datetime, standard: str) -> bytes:
    typst = _typst()
    is_usual = standard == STANDARD
    document = {
        **document,
        "bookmarks": is_usual,
    }  # PDFBox, which checks PDF/A-1b, can't follow those of typst
    if not is_usual:
        document["attachments"] = []
    source = _source("parts") + b"\n" + _source(template)
    made = typst.compile(
        source,
        sys_inputs={"data": json.dumps(fitted(document), ensure_ascii=False)},
        format="pdf",
        pdf_standards=[standard],
        timestamp=time.replace(microsecond=0),
        font_paths=_fonts(),
    )
    return bytes(made)


def _typst() -> Any:
    try:
        import typst  # noqa: PLC0415  heavy, and an extra
    except ImportError as error:
        raise UsageError(t("report.no_typst"), t("report.no_typst_hint")) from error
    return typst


@cache
def _fonts() -> "typst.Fonts":
    return _typst().Fonts(include_system_fonts=False)  # type: ignore[no-any-return]


@cache
def _source(name: str) -> bytes:
    data = pkgutil.get_data(__package__, f"typst/{name}.typ")
    if data is None:
        raise FileNotFoundError(name)
    return data


def _time(found: Verification) -> dt.datetime:
    """The document's date: the proven time of the archive, else what its sealer claimed."""
    proven = found.proven.time if found.proven else None
    return proven or found.claimed.entry or found.claimed.signing or _NO_TIME


def _newest(records: list[Record]) -> dt.datetime:
    """The newest time that the records state about the work on the incident, or that a call began."""
    told = [
        time["utc"]
        for record in records
        for time in (
            record.get("prepared_at"),
            record.get("asserted_at"),
            record.get("taken_at"),
            *(call["started"] for call in record.get("calls", ())),
        )
        if time
    ]
    return strict.timestamp(max(told)) if told else _NO_TIME
