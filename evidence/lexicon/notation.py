"""How forms are written in the lexicon: groups, letters to choose from, endings, named sets.

``(за|на|)`` is one of several, perhaps nothing; ``[ао]`` one of several letters; ``?`` after a letter or a
group makes it optional; ``{ти}`` is any form of the set of that name; ``*`` at the end any ending; ``:n`` at
the end any ending of the paradigm of that name. Everything else stands for itself.
"""

import re
from collections.abc import Callable, Iterator

MOST = 20_000
"""Most forms of one element; more is taken for a mistake."""

_DEEPEST = 8
_SPECIAL = "()[]{}|?"
_ANY_SPECIAL = re.compile(r"[()\[\]{}|?]")
_ONE_GROUP = re.compile(r"([^()\[\]{}|?]*)\(([^()\[\]{}?]*)\)([^()\[\]{}|?]*)")
"""The usual case: one group without others inside it."""
_SIMPLE = re.compile(r"(?:[^\s()]|\([^\s()]*\))+")


class Unreadable(ValueError):
    """A form that isn't written as the notation says.

    Attributes:
        code: ``bracket``, ``set`` (no such set), ``many`` (too many forms) or ``deep``.
        part: the part of the text; untrusted.
    """

    def __init__(self, code: str, part: str) -> None:
        super().__init__(code)
        self.code = code
        self.part = part


def expand(text: str, sets: Callable[[str], list[str]]) -> list[str]:
    """All forms of an element.

    Args:
        text: the element.
        sets: the forms of the set of a name, already expanded.

    Raises:
        Unreadable: a bracket without its other half, an unknown set, or too many forms.
    """
    if not _ANY_SPECIAL.search(text):
        return [text]
    if found := _ONE_GROUP.fullmatch(text):
        before, inner, behind = found.groups()
        return [f"{before}{part}{behind}" for part in dict.fromkeys(inner.split("|"))]
    forms, end = _choice(text, 0, sets, 0)
    if end != len(text):
        raise Unreadable("bracket", text)
    return list(dict.fromkeys(forms))


Sets = Callable[[str], list[str]]


def _choice(text: str, at: int, sets: Sets, depth: int) -> tuple[list[str], int]:
    """The forms of ``a|b|c`` from a place on, and the place behind them: the end or a closing bracket."""
    if depth > _DEEPEST:
        raise Unreadable("deep", text)
    found: list[str] = []
    forms = [""]
    while at < len(text) and text[at] != ")":
        if text[at] == "|":
            found += forms
            forms, at = [""], at + 1
            continue
        piece, at = _piece(text, at, sets, depth)
        if at < len(text) and text[at] == "?":
            piece, at = [*piece, ""], at + 1
        if len(forms) * len(piece) + len(found) > MOST:
            raise Unreadable("many", text)
        forms = (
            [form + part for form in forms for part in piece] if len(piece) > 1 or forms != [""] else piece
        )
    return found + forms, at


def _piece(text: str, at: int, sets: Sets, depth: int) -> tuple[list[str], int]:
    """What stands at a place: a group, letters to choose from, a set or a run of letters."""
    match text[at]:
        case "(":
            forms, end = _choice(text, at + 1, sets, depth + 1)
            if end == len(text):
                raise Unreadable("bracket", text)
            return forms, end + 1
        case "[":
            inner, end = _until(text, at, "]")
            return list(inner), end
        case "{":
            inner, end = _until(text, at, "}")
            return sets(inner), end
        case "]" | "}" | "?":
            raise Unreadable("bracket", text)
    end = at + 1
    while end < len(text) and text[end] not in _SPECIAL:
        end += 1
    if end < len(text) and text[end] == "?" and end - at > 1:
        end -= 1  # only the last letter is optional
    return [text[at:end]], end


def _until(text: str, at: int, closing: str) -> tuple[str, int]:
    end = text.find(closing, at)
    if end < 0:
        raise Unreadable("bracket", text)
    return text[at + 1 : end], end + 1


def words(text: str) -> Iterator[str]:
    """The elements of a pattern: apart by white space that doesn't stand in a group."""
    simple = _SIMPLE.findall(text)
    if " ".join(simple) == text:
        yield from simple
        return
    depth, begin = 0, 0
    for at, sign in enumerate(f"{text} "):
        depth += (sign == "(") - (sign == ")")
        if sign == " " and depth <= 0:
            if at > begin:
                yield text[begin:at]
            begin = at + 1
    if depth > 0:
        raise Unreadable("bracket", text)


def alternatives(text: str) -> list[str]:
    """What stands between the bars of a group, without those of groups inside it."""
    found, depth, begin = [], 0, 0
    for at, sign in enumerate(f"{text}|"):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            found.append(text[begin:at])
            begin = at + 1
    return found
