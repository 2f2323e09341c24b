"""One hot-key event, and what each of its fields may hold."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from evidence import canonical, strict
from evidence.digests import sha256_hex
from evidence.errors import FormatError, UsageError
from evidence.intake import calltimes, times
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import shown
from evidence.messages import t

MAX_BYTES = 16 * 1024
"""Longest event, in bytes as it is written."""

LIMITS = {"id": 128, "agent": 300, "class": 64, "call_id": 128, "phone": 64, "words": 4000, "note": 4000}
"""Most characters of each field but the time."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_LONGEST_TIME = 48
_LONGEST_NUMBER = 15


class Unusable(FormatError):
    """An event, or a line of events, that can't be used.

    Attributes:
        code: what is wrong, for programs.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


@dataclass(frozen=True, slots=True)
class Event:
    """What is told of a press; empty where nothing is. All texts are untrusted.

    Attributes:
        id: what its source calls it; the same event may be told twice.
        at: when the key was pressed, RFC 3339 text by the clock of its source.
        agent: who pressed it: name, personnel number, login or extension.
        marker_class: code of the class (``class`` in documents).
        call_id: the PBX's id of the call.
        phone: the subscriber's number.
        words: the words, verbatim.
        note: anything else.
    """

    id: str = ""
    at: str = ""
    agent: str = ""
    marker_class: str = ""
    call_id: str = ""
    phone: str = ""
    words: str = ""
    note: str = ""

    def to_document(self) -> dict[str, str]:
        """It as JSON values, without what isn't told."""
        told = {key.replace("marker_class", "class"): value for key, value in asdict(self).items()}
        return {key: value for key, value in told.items() if value}

    def digest(self) -> str:
        """SHA-256 of what it tells besides its id, as hexadecimal digits."""
        told = {key: value for key, value in self.to_document().items() if key != "id"}
        return sha256_hex(canonical.encode(told))

    @classmethod
    def from_log(cls, document: Any) -> Self:
        """The event of a document that ``to_document`` made; other keys are passed over.

        Raises:
            ValueError: it can't have been made so.
        """
        if not isinstance(document, dict):
            raise ValueError("not an object")  # noqa: TRY004  one error for all that is wrong
        found = {name: document.get(key, "") for name, key in _KEYS.items()}
        if not all(isinstance(value, str) for value in found.values()):
            raise ValueError("not text")
        if any(len(document.get(key, "")) > limit for key, limit in LIMITS.items()):
            raise ValueError("too long")
        if len(found["at"]) > _LONGEST_TIME or (found["marker_class"] and not is_code(found["marker_class"])):
            raise ValueError("no time or no class")
        if found["at"]:
            times.parse(found["at"])
        return cls(**found)


_KEYS = {field.name: field.name.replace("marker_class", "class") for field in fields(Event)}
"""The fields' names in documents."""

NAMES = tuple(_KEYS.values())
"""What an event may tell, by its names in documents."""


def is_code(text: str) -> bool:
    """Whether text can be the code of a class, the vault's own ones included."""
    return _CODE.fullmatch(text) is not None


def unusable(code: str, **values: str | int) -> Unusable:
    """What to raise for something that can't be used; ``live.CODE`` and ``live.CODE_hint`` say why."""
    return Unusable(code, t(f"live.{code}", **values), t(f"live.{code}_hint", **values))


def made(told: Mapping[str, Any], own: OwnClasses, zone: str | None = None, fold: str | None = None) -> Event:
    """The event of values as they were told.

    Args:
        told: texts by their names in documents (NAMES); whole numbers count as their digits.
        own: the vault's own classes.
        zone: IANA zone of a time without offset.
        fold: which of two times is meant in an hour that the clocks repeat (evidence.intake.calltimes).

    Raises:
        Unusable: an unknown name, a value of another kind, too long or without meaning.
    """
    unknown = next((key for key in told if key not in NAMES), None)
    if unknown is not None:
        raise unusable("unknown_field", field=shown(unknown), list=", ".join(NAMES))
    texts = {key: _text(key, value) for key, value in told.items()}
    at = texts.pop("at", "")
    marker_class = texts.pop("class", "")
    return Event(
        at=_time(at, zone, fold) if at else "",
        marker_class=class_of(marker_class, own) if marker_class else "",
        **texts,
    )


def class_of(text: str, own: OwnClasses) -> str:
    """The code of a class that was named.

    Raises:
        Unusable: there is none of that name.
    """
    found = classes.classes(text, own)
    if found is None:
        raise unusable("no_class", text=shown(text), list=", ".join((*classes.CODES, *own)))
    return found


def _text(key: str, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and len(str(value)) <= _LONGEST_NUMBER:
        value = str(value)
    if not isinstance(value, str) or "\0" in value:
        raise unusable("not_text", field=key)
    found = value.strip()
    limit = LIMITS.get(key, 64)
    if len(found) > limit:
        raise unusable("too_long", field=key, limit=limit)
    return found


def _time(text: str, zone: str | None, fold: str | None) -> str:
    try:
        found = calltimes.parse(text, zone, fold)
    except UsageError as error:
        raise Unusable("no_time", error.message, error.hint) from error
    if len(found) > _LONGEST_TIME:
        raise unusable("long_time", text=shown(text))
    return found


def of_json(data: bytes, own: OwnClasses, zone: str | None = None, fold: str | None = None) -> Event:
    """The event of a JSON object.

    Raises:
        Unusable: not strict JSON (evidence.strict), not an object, or as ``made``.
    """
    try:
        document = strict.json_document(data, MAX_BYTES)
    except strict.Refused as error:
        raise unusable(f"json_{_REASONS.get(error.code, 'syntax')}") from error
    if not isinstance(document, dict):
        raise unusable("json_syntax")
    return made(document, own, zone, fold)


_REASONS = {"too_long": "long", "encoding": "encoding", "twice": "twice", "number": "number"}
