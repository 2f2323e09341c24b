"""Findings and notes in the reader's language; untrusted text in them comes out harmless."""

from evidence.findings import Finding
from evidence.messages import t
from evidence.text import visible
from evidence.verify.results import Note


def sentence(item: Finding | Note) -> str:
    """What was found, one sentence."""
    return t(f"verify.{item.code}", **_values(item))


def next_step(item: Finding | Note) -> str:
    """What the reader does next."""
    return t(f"verify.{item.code}_next", **_values(item))


def _values(item: Finding | Note) -> dict[str, str | int]:
    values = {"subject": item.subject, **item.params}
    if item.code == "REGISTER_VOIDED":
        values["reason"] = t(f"verify.void_{values['reason']}")
    return {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
