"""markers.json (schemas/markers.v1.schema.json) from elsewhere, as drafts."""

from typing import Any

from evidence import resources, strict
from evidence.errors import FormatError
from evidence.intake import documents, place, times, wording
from evidence.intake.checks import marker_times
from evidence.intake.markerfiles.classes import CODES, OwnClasses
from evidence.intake.markerfiles.drafts import MAX_BYTES, Draft, shown
from evidence.messages import t
from evidence.model.markers import Marker

_SCHEMA = "markers.v1"


def read(file: str, data: bytes, own: OwnClasses) -> tuple[Draft, ...]:
    """The markers of the document.

    Args:
        file: name of the file.
        data: UTF-8 without a byte order mark.
        own: the vault's own classes, whose names needn't stand in the document.

    Raises:
        FormatError: not strict JSON, against the schema, no such time or class, or an end before its start.
    """
    try:
        document = strict.json_document(data, MAX_BYTES)
    except strict.Refused as error:
        reason, hint = wording.not_strict(error, data)
        raise FormatError(t("intake.not_json", file=shown(file), reason=reason), hint) from error
    problem = resources.find(_SCHEMA, document)
    if problem is not None:
        reason, hint = wording.against_schema(problem, document, _SCHEMA)
        where = place.words(problem.path)
        told = t("intake.not_json", file=shown(file), reason=reason)
        if where:
            told = t("intake.wrong", document=shown(file), where=where, reason=reason)
        raise FormatError(told, hint)
    return tuple(_draft(file, number, marker, own) for number, marker in enumerate(document["markers"]))


def _draft(file: str, number: int, document: dict[str, Any], own: OwnClasses) -> Draft:
    where = f"/markers/{number}"
    try:
        marker = Marker.from_document(document)
    except ValueError as error:
        raise documents.wrong(shown(file), f"{where}/recording", "intake.name_base64") from error
    if marker.marker_class not in {*CODES, *own} and not marker.class_names:
        listed = ", ".join((*CODES, *own))
        at, said = f"{where}/class", shown(marker.marker_class)
        raise documents.wrong(shown(file), at, "intake.no_such_class", text=said, list=listed)
    for path, text in marker_times(marker):
        _require_time(file, f"{where}/{path}", text)
    if marker.end_ms is not None and marker.end_ms < marker.start_ms:
        raise documents.wrong(shown(file), f"{where}/end_ms", "intake.ends_before_it_starts")
    return Draft(
        line=number + 1,
        start_ms=marker.start_ms,
        end_ms=marker.end_ms,
        words=marker.words,
        recording=marker.recording,
        channel=marker.channel,
        marker_class=marker.marker_class,
        asserted_by=marker.asserted_by,
        asserted_at=marker.asserted_at,
        how=marker.how,
        language=marker.language,
        note=marker.note,
        more=document,
        is_whole=True,
    )


def _require_time(file: str, where: str, text: str) -> None:
    if not text:
        return
    try:
        times.parse(text)
    except ValueError as error:
        raise documents.wrong(shown(file), where, "intake.no_such_time", text=text) from error
