"""How a record's fields are laid out: a label and a value, or the lines of a longer text below the label."""

from evidence.cli.console import line, words
from evidence.messages import t
from evidence.text import visible

_GUTTER = "  | "


def section(name: str) -> None:
    """Print the heading of a part, ``show.section_NAME``."""
    line()
    line((t(f"show.section_{name}"), "cyan"))


def field(label: str, value: str, indent: str = "  ") -> None:
    """Print a value beside its label; a text of several lines below it."""
    if "\n" not in value:
        line(indent, words("show.field", name=label, value=value))
        return
    line(indent, words("show.label", name=label))
    text(value, indent)


def text(value: str, indent: str) -> None:
    """Print the lines of a text, each behind a bar: none of them can pass for a line of ours."""
    for row in value.split("\n"):
        line(indent, _GUTTER, visible(row.removesuffix("\r")), hanging=len(indent + _GUTTER))
