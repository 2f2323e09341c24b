"""Arguments and options of dialplan applications, taken apart as Asterisk does it (main/app.c).

Commas within quotes, parentheses and brackets don't separate; so it is here within braces, since variables
aren't put in before.
"""

import re
from collections.abc import Mapping

_MARK = re.compile(r'[()\[\]{}"\\,?:&|]')
_NESTING = re.compile(r'[()\[\]{}"\\]')
_OPEN, _CLOSE = "([{", ")]}"


def split(text: str, delimiter: str = ",", most: int = 64, *, keeps_quotes: bool = False) -> list[str]:
    """The arguments in a text; the last of ``most`` is all the rest.

    Args:
        text: what stands between the application's parentheses.
        delimiter: one character of ``,?:&|``.
        most: how many arguments there can be.
        keeps_quotes: whether quotes and backslashes stay, since it is taken apart once more.
    """
    nested = _NESTING.search(text)
    if nested is None:
        plain = text.split(delimiter, most - 1)
        return plain if keeps_quotes else [each.strip() for each in plain]
    if most == 2 and 0 <= (end := text.find(delimiter)) < nested.start():
        pair = [text[:end], text[end + 1 :]]
        return pair if keeps_quotes else [_plain(each) for each in pair]
    found: list[str] = []
    begin, is_quoted, depth, place = 0, False, {"(": 0, "[": 0, "{": 0}, 0
    while len(found) < most - 1 and (mark := _MARK.search(text, place)):
        place, character = mark.end(), mark[0]
        if character == "\\":
            place += 1
        elif character == '"':
            is_quoted = not is_quoted
        elif character in _OPEN:
            depth[character] += 1
        elif character in _CLOSE:
            opening = _OPEN[_CLOSE.index(character)]
            depth[opening] = max(0, depth[opening] - 1)
        elif character == delimiter and not is_quoted and not any(depth.values()):
            found.append(text[begin : place - 1])
            begin = place
    found.append(text[begin:])
    return found if keeps_quotes else [_plain(each) for each in found]


_QUOTING = re.compile(r'"|\\(.?)', re.DOTALL)


def _plain(text: str) -> str:
    return _QUOTING.sub(lambda found: found[1] or "", text).strip()


_LONGEST = 1024
_OPTION = re.compile(r"([A-Za-z0-9])(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?")


def options(text: str) -> Mapping[str, str]:
    """The letters in an application's options, each with its argument or an empty text.

    ``abi(ID)`` has a, b and i. What isn't known yet (``${…}``) is passed over.
    """
    return {found[1]: found[2] or "" for found in _OPTION.finditer(without_variables(text[:_LONGEST]))}


_WRITTEN = re.compile(r"\$\{[^{}]*\}|([A-Za-z0-9])(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?")


def without_options(text: str, letters: str) -> str:
    """Options without some of them; variables stay as they are written."""
    return _WRITTEN.sub(lambda found: "" if found[1] and found[1] in letters else found[0], text[:_LONGEST])


def without_variables(text: str) -> str:
    """The text without its ``${…}`` and ``$[…]``."""
    kept, depth, place = [], 0, 0
    for mark in re.finditer(r"\$[{\[]|[{\[]|[}\]]", text):
        if not depth:
            kept.append(text[place : mark.start()])
            if not mark[0].startswith("$"):
                kept.append(mark[0])
                place = mark.end()
                continue
        depth = max(0, depth - 1) if mark[0] in "}]" else depth + 1
        place = mark.end()
    if not depth:
        kept.append(text[place:])
    return "".join(kept)
