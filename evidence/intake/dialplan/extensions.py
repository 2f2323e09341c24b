"""Patterns of extensions, and contexts that include others (docs.asterisk.org, "Pattern Matching").

``_`` begins a pattern; ``X`` is a digit, ``Z`` one of 1 to 9, ``N`` one of 2 to 9, ``[1-5a]`` one of these,
``.`` one character or more and ``!`` any number of them, both at the end; ``-`` doesn't count.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from evidence.intake.dialplan.settings import Section

_LONGEST = 80
_SIGNS = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]", ".": ".+", "!": ".*", "-": ""}
_END = re.compile(r"[.!]")
_PART = re.compile(r"\[([0-9A-Za-z*#-]{1,40})\]|(.)", re.DOTALL)
_MOST = 50


def is_match(extension: str, number: str) -> bool:
    """Whether a number is meant by an extension of a dialplan, a pattern or another number."""
    if extension == number:
        return True
    if not extension.startswith("_") or max(len(extension), len(number)) > _LONGEST:
        return False
    return _expression(extension).fullmatch(number) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    end = _END.search(pattern)
    whole = pattern[1 : end.end()] if end else pattern[1:]
    return re.compile("".join(_part(found) for found in _PART.finditer(whole)), re.DOTALL)


def _part(found: re.Match[str]) -> str:
    if found[1]:
        return f"[{_ranges(found[1])}]"
    sign = found[2]
    return _SIGNS.get(sign.upper() if sign.isalpha() else sign, re.escape(sign))


def _ranges(text: str) -> str:
    """Characters of a set; a range that runs backwards is taken as its ends."""
    return re.sub(
        r"(.)-(.)", lambda found: found[0] if found[1] <= found[2] else found[1] + found[2], text.strip("-")
    ).replace("#", r"\#")


def includes(sections: Iterable[Section]) -> dict[str, list[str]]:
    """Which contexts each context includes, without the times at which it does."""
    found: dict[str, list[str]] = {}
    for section in sections:
        for setting in section.settings:
            if setting.name.lower() == "include":
                name = re.split(r"[,|]", setting.value, maxsplit=1)[0].strip()
                found.setdefault(section.name, []).append(name)
    return found


def reached(context: str, edges: Mapping[str, list[str]]) -> list[str]:
    """The context and those to which edges lead from it, nearest first; not more than a few dozen."""
    found = [context]
    for each in found:
        if len(found) >= _MOST:
            break
        found += [name for name in dict.fromkeys(edges.get(each, ())[:_MOST]) if name not in found]
    return found[:_MOST]
