"""Findings and notes in the reader's language; untrusted text in them comes out harmless."""

from evidence.findings import Finding
from evidence.messages import t
from evidence.text import visible
from evidence.verify.durations import duration
from evidence.verify.results import Note


def sentence(item: Finding | Note) -> str:
    """What was found, one sentence."""
    return t(f"verify.{item.code}", **_values(item))


def next_step(item: Finding | Note) -> str:
    """What the reader does next."""
    return t(f"verify.{item.code}_next", **_values(item))


def _values(item: Finding | Note) -> dict[str, str | int]:
    values = {"subject": item.subject, **item.params}
    if item.code == "RECEIVED":
        values["later"] = _later(item.params.get("seconds"))
    if item.code == "REGISTER_VOIDED":
        values["reason"] = t(f"verify.void_{values['reason']}")
    return {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}


def _later(seconds: str | int | None) -> str:
    """How long after a receipt the archive was sealed, by their clocks."""
    if not isinstance(seconds, int):
        return ""
    name = "verify.received_later" if seconds >= 0 else "verify.received_before"
    return t(name, duration=duration(abs(seconds)))
