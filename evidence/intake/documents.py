"""incident.json and markers.json: read strictly, refused with the place and the reason."""

from pathlib import Path
from typing import Any

from evidence import resources, strict
from evidence.errors import FormatError
from evidence.intake import place, wording
from evidence.intake.files import read_file
from evidence.messages import t
from evidence.text import visible

INCIDENT = "incident.json"
MARKERS = "markers.json"
SUGGESTIONS = "suggestions.json"
"""What programs suggest; never archived, so no exhibit (schemas/suggestions.v1.schema.json)."""
MAX_DOCUMENT = 4 * 1024 * 1024
"""Longest document that is read, in bytes."""
MAX_SUGGESTIONS = 4 * MAX_DOCUMENT
"""The same of suggestions.json."""

_BOM = b"\xef\xbb\xbf"


def read(
    folder: Path, name: str, schema: str, instead: bytes | None = None, *, limit: int = MAX_DOCUMENT
) -> tuple[bytes, Any]:
    """The bytes of a document and the value they hold, which the schema accepts.

    ``instead`` are the bytes to take when the file isn't written yet, ``limit`` the most bytes it may have.

    A byte order mark at the beginning, as Windows tools write it, is passed over.

    Raises:
        FormatError: too long, not strict JSON (evidence.strict), or against the schema.
        StoreError: the file system refuses.
    """
    data = read_file(folder, name, limit) if instead is None else instead
    if len(data) > limit:
        raise FormatError(t("intake.too_long", file=name, limit=limit), t("intake.too_long_hint"))
    try:
        document = strict.json_document(data.removeprefix(_BOM), limit)
    except strict.Refused as error:
        reason, hint = wording.not_strict(error, data.removeprefix(_BOM))
        raise FormatError(t("intake.not_json", file=name, reason=reason), hint) from error
    problem = resources.find(schema, document)
    if problem is not None:
        reason, hint = wording.against_schema(problem, document, schema)
        raise FormatError(_placed(name, place.words(problem.path), reason), hint)
    return data, document


def read_bytes(folder: Path, name: str) -> bytes:
    """The bytes of a document, whatever they are.

    Raises:
        FormatError: not a regular file, or too long.
        StoreError: the file system refuses.
    """
    return read_file(folder, name, MAX_DOCUMENT)


def _placed(document: str, where: str, reason: str) -> str:
    if not where:
        return t("intake.not_json", file=document, reason=reason)
    return t("intake.wrong", document=document, where=where, reason=reason)


def wrong(document: str, where: str, reason: str, **values: str | int) -> FormatError:
    """What to raise when a document contradicts itself or the folder.

    Args:
        document: its file name.
        where: JSON pointer into it; it is shown in words.
        reason: name of the message; its hint is named ``…_hint``.
        values: untrusted values for both; they are made visible here.
    """
    shown = {key: visible(value) if isinstance(value, str) else value for key, value in values.items()}
    return FormatError(
        _placed(document, place.of_pointer(where), t(reason, **shown)),
        t(f"{reason}_hint", **shown),
    )
