"""The blocks that a report is made of; what each looks like is the template's business.

A cell is a text, or a list of lines, each a text or an object with ``t`` (the text) and ``k`` (its kind:
``strong``, ``small``, ``mono``, ``quote`` or ``struck``).
"""

from collections.abc import Sequence
from typing import Any

from evidence.digests import groups
from evidence.text import visible

Block = dict[str, Any]
Line = str | dict[str, str]
Cell = Line | list[Line]
Row = Sequence[Cell] | dict[str, Cell]
"""The cells of a row; or one that belongs to the row above and is as wide as all columns but the first."""


def section(title: str, blocks: Sequence[Block | None], *, is_own_page: bool = False) -> Block:
    """A part with a heading; blocks that are None are left out."""
    kept = [block for block in blocks if block is not None]
    return {"title": title, "blocks": kept, "own_page": is_own_page}


def paragraph(text: str, kind: str = "") -> Block:
    """A paragraph; kind ``small`` or ``strong``."""
    return {"b": "p", "t": text, "k": kind}


def heading(text: str) -> Block:
    """A heading within a section."""
    return {"b": "h", "t": text}


def box(tone: str, title: str, texts: Sequence[str]) -> Block:
    """Something that must not be overlooked; tone ``passed``, ``open``, ``failed`` or ``note``."""
    return {"b": "box", "tone": tone, "title": title, "t": list(texts)}


def facts(rows: Sequence[tuple[str, Cell, str]], heads: tuple[str, str, str] | None = None) -> Block | None:
    """Labels with values and where each was read; None without rows."""
    return {"b": "facts", "rows": [list(row) for row in rows], "head": heads} if rows else None


def table(head: Sequence[str], widths: Sequence[int], rows: Sequence[Row]) -> Block | None:
    """A table whose head is repeated on every page; None without rows.

    Args:
        head: of each column.
        widths: relative ones; 0 for as wide as its contents.
        rows: cells in the columns' order.
    """
    if not rows:
        return None
    made = [row if isinstance(row, dict) else list(row) for row in rows]
    return {"b": "table", "head": list(head), "widths": list(widths), "rows": made}


def wide(cell: Cell) -> Row:
    """A row that belongs to the one above it."""
    return {"wide": cell}


def bullets(items: Sequence[str], mark: str = "–") -> Block | None:
    """A list; None without items."""
    return {"b": "list", "items": list(items), "mark": mark} if items else None


def code(lines: Sequence[str]) -> Block:
    """Commands to be typed, one a line."""
    return {"b": "code", "code": list(lines)}


def blanks(rows: Sequence[Sequence[str]]) -> Block:
    """Lines to write on, each with what is to be written below it."""
    return {"b": "blanks", "rows": [list(row) for row in rows]}


def ruled() -> Block:
    """Empty lines to write on, as many as there is room for."""
    return {"b": "ruled"}


def fields(rows: Sequence[tuple[str, str]]) -> Block:
    """Labels with values; an empty value is a line to write on."""
    return {"b": "fields", "rows": [list(row) for row in rows]}


def line(text: str, kind: str) -> Line:
    """A line of a cell of that kind."""
    return {"t": text, "k": kind}


def digest(hexadecimal: str) -> Line:
    """A digest in groups of four."""
    return line(groups(hexadecimal), "mono")


def shown(text: str) -> str:
    """Untrusted text of one or more lines, harmless."""
    return (
        "\n".join(visible(row.removesuffix("\r")) for row in text.split("\n"))
        if "\n" in text
        else visible(text)
    )
