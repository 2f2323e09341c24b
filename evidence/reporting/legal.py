"""The dated table of legal texts: what citations in the records refer to, and whether they were in force.

It is data that somebody keeps, not legal advice; each row says who checked it and when. Nothing here
qualifies anybody's conduct.
"""

import datetime as dt
import pkgutil
import re
from dataclasses import dataclass
from functools import cache

_SPACES = re.compile(r"\s+")
_LOOKALIKES = str.maketrans("ІХіхVv", "IXixVv")


@dataclass(frozen=True, slots=True)
class Text:
    """One legal text.

    Attributes:
        id: by which other rows name it.
        words: by which a citation is known; all of one alternative must occur in it.
        citation: as it is cited officially.
        english: the same in English.
        source: where it is published.
        valid_from: first day in force; None where the table doesn't know.
        valid_to: last day in force; None while it is, or where the table doesn't know.
        replaced_by: id of the text that took its place, or empty.
        checked: who checked this row and when; empty while nobody has.
    """

    id: str
    words: tuple[tuple[str, ...], ...]
    citation: str
    english: str
    source: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    replaced_by: str
    checked: str

    def is_in_force(self, day: dt.date) -> bool | None:
        """Whether it was in force on that day; None where the table can't tell."""
        if self.valid_to is not None and day > self.valid_to:
            return False
        if self.valid_from is not None and day < self.valid_from:
            return False
        return None if self.valid_from is None else True


@cache
def texts() -> dict[str, Text]:
    """The table, by id."""
    data = (pkgutil.get_data(__package__, "data/legal.tsv") or b"").decode("utf-8")
    rows = [line.split("\t") for line in data.splitlines() if line and not line.startswith("#")]
    return {text.id: text for text in map(_text, rows[1:])}


def _text(row: list[str]) -> Text:
    name, words, citation, english, source, start, end, replaced, checked = row
    alternatives = tuple(tuple(map(_plain, words.split("+"))) for words in words.split("|"))
    return Text(name, alternatives, citation, english, source, _date(start), _date(end), replaced, checked)


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def cited(basis: str) -> list[Text]:
    """The texts of the table that a basis names, in the table's order."""
    plain = f" {_plain(basis)} "
    return [
        text
        for text in texts().values()
        if any(all(_occurs(word, plain) for word in alternative) for alternative in text.words)
    ]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.translate(_LOOKALIKES)).casefold()


def _occurs(word: str, text: str) -> bool:
    """Whether it stands there by itself, not as a part of a longer number or word."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None
