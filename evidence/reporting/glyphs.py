r"""What the fonts of the reports can show, and what stands for the rest.

A character that the fonts lack would come out as an empty box, or as nothing, and PDF/A forbids it. It is
written like the hidden ones of ``evidence.text.visible``: ``\u{4e2d}``. Scripts written from right to left
are among these, as they would turn the order of what stands beside them.
"""

import pkgutil
import re
from functools import cache
from typing import Any

SPACE = "\u200b"
"""A place where a line may break, without width."""

_LONG = re.compile(r"[^\s\u200b]{20,}")
_PIECE = re.compile(r"[^-_./@:=,;\\]{1,10}[-_./@:=,;\\]*|[-_./@:=,;\\]{1,10}")
UNTOUCHED = frozenset({"attachments", "code", "svg", "keywords", "lang"})
"""Names of parts of a document that aren't set as text, or whose characters count one by one."""


@cache
def _missing() -> re.Pattern[str]:
    ranges = (pkgutil.get_data(__package__, "data/glyphs.txt") or b"").decode("ascii").split()
    pairs = [each.partition("-")[::2] for each in ranges]
    covered = "".join(f"\\U{int(a, 16):08x}-\\U{int(b or a, 16):08x}" for a, b in pairs)
    return re.compile(f"[^\\n{SPACE}{covered}]")


def printable(text: str) -> str:
    r"""Text with characters that the fonts lack written as ``\u{…}``, and with places to break long words."""
    shown = _missing().sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)
    return _LONG.sub(lambda found: SPACE.join(_PIECE.findall(found[0])), shown)


def has_codes(value: Any) -> bool:
    """Whether any text of a JSON value comes out with characters written by their numbers."""
    match value:
        case str():
            return "\\u{" in value or _missing().search(value) is not None
        case list():
            return any(has_codes(item) for item in value)
        case dict():
            return any(has_codes(item) for name, item in value.items() if name not in UNTOUCHED)
    return False


def fitted(value: Any) -> Any:
    """The same JSON value with every text in it printable, but for the parts UNTOUCHED."""
    match value:
        case str():
            return printable(value)
        case list():
            return [fitted(item) for item in value]
        case dict():
            return {name: item if name in UNTOUCHED else fitted(item) for name, item in value.items()}
    return value
