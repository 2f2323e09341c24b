"""Markers as markers.json (schemas/markers.v1.schema.json): everything is kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.intake import drafting


def write(markers: Sequence[Mapping[str, Any]]) -> bytes:
    """The document; what isn't printable is escaped, so that it can be shown on a terminal."""
    text = drafting.render({"format": 1, "markers": list(markers)}).decode("utf-8")
    rows = (row if row.isprintable() else _escaped(row) for row in text.split("\n"))
    return "\n".join(rows).encode("utf-8")


def _escaped(row: str) -> str:
    """A row whose unprintable characters, which stand in strings alone, are escaped."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in row)
