"""What a row, a sidecar or a name says of a call, as an incident.json made in memory."""

from collections.abc import Callable, Mapping
from typing import Any

from evidence.intake import callnames, times
from evidence.intake.inbox import moments, numbers
from evidence.intake.inbox.moments import Moment
from evidence.intake.inbox.rules import InboxMapping
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

Document = dict[str, Any]
Said = Callable[[str], str]
"""Gives the text that was said for one of our fields; empty when nothing was."""

PREPARED_BY = "evidence batch"
_WORDS = {
    **dict.fromkeys(("inbound", "in", "incoming"), "inbound"),
    **dict.fromkeys(("outbound", "out", "outgoing"), "outbound"),
    "internal": "internal",
}
_LIMITS = {"agent": 300, "subscriber": 300, "title": 300, "agent_id": 128, "phone": 128, "account": 128}
_CALL_LIMIT = 128
_LONGEST_NOTES = 4000


def begun(mapping: InboxMapping, said: Said, zone: str) -> Moment:
    """When the call began.

    Raises:
        ValueError: what stands there is no time of the mapping's form.
    """
    return moments.moment(said("started"), mapping.time_format, zone, said("id").strip())


def of_mapping(mapping: InboxMapping, said: Said, stem: str, recordings: list[str], zone: str) -> Document:
    """The incident that a row or sidecar tells of, through a mapping.

    What can't stand in an incident (too long, not text) is left out, and its summary says so: a caller who
    chooses an odd name doesn't keep his call out of the archive. The row or sidecar is an exhibit anyhow.

    Args:
        mapping: how it is read.
        said: what it says.
        stem: what the incident is called when it has no number.
        recordings: names of its recordings; the first is the call's.
        zone: IANA zone of local times.

    Raises:
        ValueError: the beginning is no time of the mapping's form.
    """
    notes: list[str] = []
    moment = begun(mapping, said, zone)
    notes += [moment.note] if moment.note else []
    parties = {field: _fit(said, field, _CALL_LIMIT, notes) for field in ("id", "caller", "callee", "queue")}
    own = {field: _fit(said, field, limit, notes) for field, limit in _LIMITS.items()}
    call: Document = {}
    if moment.text:
        ended = _ended(mapping, said, moment.text, zone, notes)
        direction = _direction(mapping, said("direction"))
        call = given(started=moment.text, ended=ended, direction=direction, **parties)
        call["recording"] = names.to_document(recordings[0])
    document = given(
        title=own["title"],
        subscriber=given(name=own["subscriber"], phone=own["phone"], account=own["account"]),
        agent=given(name=own["agent"], id=own["agent_id"]),
        calls=[call] if call else [],
    )
    number = said("number").strip() or stem
    return whole(number, document, notes, zone)


def of_name(recording: str, stem: str, zone: str) -> Document:
    """The incident of a recording of which nothing but its name is known; what that says are claims."""
    said = callnames.claims(recording)
    notes: list[str] = []
    calls = []
    if said is not None and said.local_time:
        moment = moments.moment(said.local_time, "iso", zone, said.unique_id)
        notes += [moment.note] if moment.note else []
        if moment.text:
            claimed = given(
                id=said.unique_id,
                started=moment.text,
                direction=said.direction,
                caller=said.caller,
                callee=said.callee,
                queue=said.queue,
            )
            calls = [
                {**claimed, "recording": names.to_document(recording), "from_name": list(claimed)},
            ]
    return whole(stem, given(calls=calls), notes, zone)


def whole(number: str, document: Document, notes: list[str], zone: str) -> Document:
    """An incident with its number, with what must be said about it, and with who put it together."""
    head = {"format": 1, "number": numbers.derive(number), **document}
    summary = " ".join(notes)[:_LONGEST_NOTES]
    return head | given(summary=summary, time_zone=zone, prepared_by=PREPARED_BY)


def given(**fields: Any) -> Document:
    """The fields without those that are empty."""
    return {key: value for key, value in fields.items() if value not in ("", [], {})}


def _fit(said: Said, field: str, limit: int, notes: list[str]) -> str:
    text = said(field).strip()
    is_text = not any("\ud800" <= character <= "\udfff" for character in text)
    if is_text and len(text) <= limit and "\0" not in text:
        return text
    notes.append(t("inbox.note_left_out" if is_text else "inbox.note_encoding", field=field))
    return ""


def _ended(mapping: InboxMapping, said: Said, started: str, zone: str, notes: list[str]) -> str:
    """When the call ended; by its length, which no clock change makes ambiguous, where that is told."""
    length, text = said("duration").strip(), said("ended").strip()
    try:
        if length:
            return moments.after(started, length)
        found = moments.moment(text, mapping.time_format, zone) if text else Moment()
    except (ValueError, OverflowError):
        notes.append(t("inbox.note_ended", text=visible((length or text)[:80])))
        return ""
    if found.text and times.parse(found.text) < times.parse(started):
        notes.append(t("inbox.note_ended", text=visible(text[:80])))
        return ""
    notes += [found.note] if found.note else []
    return found.text


def _direction(mapping: InboxMapping, text: str) -> str:
    own: Mapping[str, str] = dict(mapping.directions)
    return own.get(text.strip()) or _WORDS.get(text.strip().lower(), "")
