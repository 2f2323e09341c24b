"""Changes to the documents of an incident that isn't sealed yet, as JSON values; nothing here is written.

An empty text takes a field out, so that a mistake can be corrected. Names of files are in the form of
evidence.model.names. What comes out is checked by evidence.intake.folder before it is saved.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.intake import times
from evidence.model import names

Document = dict[str, Any]
_ORDER = (
    *("$schema", "format", "number", "uid", "corrects", "title", "summary", "subscriber", "agent", "calls"),
    *("notice", "measures", "legal_basis", "acquisitions", "exhibits"),
    *("time_zone", "prepared_by", "prepared_at", "changes"),
)

CHANGEABLE = (
    *("title", "summary", "subscriber", "agent", "calls", "notice", "legal_basis", "acquisitions"),
    *("exhibits", "time_zone"),
)
"""Parts of incident.json of which it is noted who changed them."""


def new_incident(number: str) -> Document:
    """An incident of which only the number is known."""
    return {"format": 1, "number": number}


def render(document: Document) -> bytes:
    """A document as its file holds it: indented, its keys in the order in which people read them."""
    known = {key: document[key] for key in _ORDER if key in document}
    text = json.dumps({**known, **document}, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def put(target: Document, fields: Mapping[str, Any]) -> None:
    """Set fields; None leaves one as it is, empty text, list or object takes it out."""
    for key, value in fields.items():
        if value in ("", [], {}):
            target.pop(key, None)
        elif value is not None:
            target[key] = value


def put_in(document: Document, part: str, fields: Mapping[str, Any]) -> None:
    """Set fields of an object in the document, e.g. ``subscriber``; an empty object isn't kept."""
    found = dict(document.get(part, {}))
    put(found, fields)
    put(document, {part: found})


def call_of(document: Document, recording: str) -> Document | None:
    """The call that a file is the recording of."""
    wanted = names.to_document(recording)
    return next((call for call in document.get("calls", ()) if call.get("recording") == wanted), None)


def put_call(document: Document, recording: str, fields: Mapping[str, Any]) -> None:
    """Set fields of the call of a recording, which is added when it isn't there; calls stay in time order.

    A field that a person states is no claim of the file's name or of a log any more.

    Raises:
        ValueError: a call has no time, or one that doesn't exist.
    """
    call = call_of(document, recording)
    if call is None:
        call = {"recording": names.to_document(recording)}
        document.setdefault("calls", []).append(call)
    stated = {key for key, value in fields.items() if value is not None}
    claims = [name for name in call.get("from_name", ()) if name not in stated]
    logged = {name: place for name, place in call.get("from_log", {}).items() if name not in stated}
    put(call, {**fields, "from_name": fields.get("from_name", claims), "from_log": logged})
    document["calls"].sort(key=lambda item: times.parse(item["started"]))


def put_agent(document: Document, fields: Mapping[str, Any]) -> None:
    """Set fields of the agent; one that a person states is no claim of a log any more."""
    stated = {key for key, value in fields.items() if value is not None}
    logged = document.get("agent", {}).get("from_log", {})
    kept = {name: place for name, place in logged.items() if name not in stated}
    put_in(document, "agent", {**fields, "from_log": kept})


def fill(target: Document, fields: Mapping[str, Any], places: Mapping[str, str]) -> list[str]:
    """Set those fields that nobody stated, with the file and the line of the log that says so.

    Args:
        target: a call, or the agent.
        fields: what logs say.
        places: for each of these fields where.

    Returns:
        the names of the fields that were set.
    """
    new = {name: value for name, value in fields.items() if value and name not in target}
    target |= new
    if new:
        target["from_log"] = {**target.get("from_log", {}), **{name: places[name] for name in new}}
    return list(new)


def move_measures(document: Document, recording: str, earlier: str, started: str) -> None:
    """Let measures whose time was reckoned from a call's beginning follow when that is corrected."""
    wanted = names.to_document(recording)
    for measure in document.get("measures", ()):
        place = measure.get("at_milliseconds")
        is_heard = measure.get("recording") == wanted and place is not None
        if is_heard and measure["at"] == times.at_place(earlier, place):
            measure["at"] = times.at_place(started, place)


def put_role(document: Document, file: str, role: str | None, title: str | None) -> None:
    """State what a file is; without a role only its title changes."""
    wanted = names.to_document(file)
    exhibits = document.setdefault("exhibits", [])
    stated = next((item for item in exhibits if item["file"] == wanted), None)
    if stated is None and role:
        stated = {"file": wanted, "role": role}
        exhibits.append(stated)
    if stated is not None:
        put(stated, {"role": role, "title": title})
    put(document, {"exhibits": exhibits})


def put_basis(document: Document, basis: Mapping[str, Any]) -> None:
    """Add a legal basis unless it is there already; an empty one takes all away."""
    there = document.get("legal_basis", []) if basis else []
    added = [dict(basis)] if basis and dict(basis) not in there else []
    put(document, {"legal_basis": [*there, *added]})


def sign(document: Document, before: Document, prepared: Mapping[str, Any], *, goes_on: bool = False) -> None:
    """Note who prepared a document, or who changed which parts of it since.

    Args:
        document: as it is now.
        before: as it was before the changes.
        prepared: who and when; empty when it isn't to be noted.
        goes_on: whether this belongs to the edit that was noted last, if that is by the same person and of
            the same time.
    """
    if "prepared_by" not in before:
        put(document, prepared)
        return
    about = [part for part in CHANGEABLE if before.get(part) != document.get(part)]
    if about and prepared:
        by, at, edits = prepared["prepared_by"], prepared["prepared_at"], list(document.get("changes", []))
        if goes_on and edits and (edits[-1]["by"], edits[-1]["at"]) == (by, at):
            earlier = edits.pop()["about"]
            about = [part for part in CHANGEABLE if part in {*about, *earlier}]
        document["changes"] = [*edits, {"by": by, "at": at, "about": about}]


def put_acquisition(document: Document, files: Iterable[str], fields: Mapping[str, Any]) -> None:
    """State how files came here, instead of what was stated of them before.

    Files whose statements are equal share one.
    """
    given = {key: value for key, value in fields.items() if value not in (None, "", {})}
    listed = [names.to_document(file) for file in files]
    kept = []
    for acquisition in document.get("acquisitions", ()):
        rest = [file for file in acquisition["files"] if file not in listed]
        if rest:
            kept.append({**acquisition, "files": rest})
    same = next((item for item in kept if {**item, "files": None} == {**given, "files": None}), None)
    if same is not None:
        same["files"] = [*same["files"], *listed]
    elif listed:
        kept.append({"files": listed, **given})
    put(document, {"acquisitions": kept})


def acquisition_of(document: Document, file: str) -> Document:
    """What is stated of how a file came here, without the files; empty when nothing is."""
    wanted = names.to_document(file)
    for acquisition in document.get("acquisitions", ()):
        if wanted in acquisition["files"]:
            return {key: value for key, value in acquisition.items() if key != "files"}
    return {}


def forget(document: Document, file: str) -> None:
    """Take a file out of the document: its call, its role, its acquisition, the notice's references."""
    wanted = names.to_document(file)
    for part, key in (("calls", "recording"), ("exhibits", "file")):
        put(document, {part: [item for item in document.get(part, ()) if item.get(key) != wanted]})
    put_acquisition(document, [file], {})
    kept = [item for item in document.get("acquisitions", ()) if item["files"] != [wanted]]
    put(document, {"acquisitions": kept})
    if document.get("notice", {}).get("file") == wanted:
        put_in(document, "notice", {"file": ""})


def mentions(document: Document, markers: Iterable[Document], file: str) -> list[str]:
    """What else rests on a recording: ``markers``, ``measures``, ``notice``."""
    wanted = names.to_document(file)
    found = ["markers"] if any(marker["recording"] == wanted for marker in markers) else []
    found += ["measures"] if any(m.get("recording") == wanted for m in document.get("measures", ())) else []
    return found + (["notice"] if document.get("notice", {}).get("recording") == wanted else [])
