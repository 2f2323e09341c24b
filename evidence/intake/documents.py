"""incident.json and markers.json: read strictly, refused with the place and the reason."""

from pathlib import Path
from typing import Any

from evidence import resources, strict
from evidence.errors import FormatError
from evidence.intake.files import read_file
from evidence.messages import t
from evidence.text import visible

INCIDENT = "incident.json"
MARKERS = "markers.json"
MAX_DOCUMENT = 4 * 1024 * 1024
"""Longest document that is read, in bytes."""

_BOM = b"\xef\xbb\xbf"


def read(folder: Path, name: str, schema: str) -> tuple[bytes, Any]:
    """The bytes of a document and the value they hold, which the schema accepts.

    A byte order mark at the beginning, as Windows tools write it, is passed over.

    Raises:
        FormatError: too long, not strict JSON (evidence.strict), or against the schema.
        StoreError: the file system refuses.
    """
    data = read_file(folder, name, MAX_DOCUMENT)
    try:
        document = strict.json_document(data.removeprefix(_BOM), MAX_DOCUMENT)
    except ValueError as error:
        raise FormatError(
            t("intake.not_json", file=name, reason=str(error)), t("intake.not_json_hint")
        ) from error
    problem = resources.problem(schema, document)
    if problem:
        raise FormatError(
            t("intake.against_schema", file=name, problem=problem),
            t("intake.against_schema_hint", schema=schema),
        )
    return data, document


def wrong(document: str, where: str, reason: str, **values: str | int) -> FormatError:
    """What to raise when a document contradicts itself or the folder.

    Args:
        document: its file name.
        where: JSON pointer into it.
        reason: name of the message; its hint is named ``…_hint``.
        values: untrusted values for both; they are made visible here.
    """
    shown = {key: visible(value) if isinstance(value, str) else value for key, value in values.items()}
    return FormatError(
        t("intake.wrong", document=document, where=where, reason=t(reason, **shown)),
        t(f"{reason}_hint", **shown),
    )
