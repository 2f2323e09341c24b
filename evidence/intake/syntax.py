"""Why a text isn't JSON, as the mistake a person probably made rather than what the parser stumbled over."""

from dataclasses import dataclass

_QUOTES = "'’‘`“”„«»"
_VALUE_STARTS = '"{['


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and where to look for it.

    Attributes:
        message: name of the message; its hint is named ``…_hint``.
        line: from 1.
        column: from 1, in characters.
    """

    message: str
    line: int
    column: int


def mistake(text: str, position: int, said: str) -> Mistake:
    """The probable mistake in a text that isn't JSON.

    Args:
        text: the whole text.
        position: where the parser stopped, in characters from 0.
        said: what ``json.JSONDecodeError.msg`` says.
    """
    if not text.strip():
        return Mistake("intake.json_empty", 1, 1)
    before = text[:position].rstrip()
    found = _at_a_mark(text, position, before) or _by_words(said) or _in_between(text, position, before)
    at_comma = text.startswith(",", position) and said.startswith("Illegal trailing comma")  # Python 3.13
    if found in {"intake.json_no_comma", "intake.json_extra_comma", "intake.json_ends"} and not at_comma:
        position = max(len(before) - 1, 0)
    start = text.rfind("\n", 0, position) + 1
    return Mistake(found, text.count("\n", 0, start) + 1, position - start + 1)


def _by_words(said: str) -> str:
    """The parser's own words, where they are plain enough."""
    known = {
        "Unterminated string": "intake.json_unclosed",
        "Invalid control character": "intake.json_unclosed",
        "Invalid \\": "intake.json_backslash",
        "Extra data": "intake.json_more",
        "Illegal trailing comma": "intake.json_extra_comma",
        "Expecting ':'": "intake.json_no_colon",
    }
    return next((name for start, name in known.items() if said.startswith(start)), "")


def _at_a_mark(text: str, position: int, before: str) -> str:
    """The mistake that a mark gives away which JSON doesn't know, or one that stands too often."""
    at = text[position : position + 1]
    if text.startswith(("//", "/*", "#"), position):
        return "intake.json_comment"
    if before.endswith(",") and at in {"]", "}", ","}:
        return "intake.json_extra_comma"
    if at and at in _QUOTES:
        return "intake.json_quotes"
    return ""


def _in_between(text: str, position: int, before: str) -> str:
    """The mistake where a key, a value or a comma was expected."""
    at = text[position : position + 1]
    if not at:
        return "intake.json_ends"
    if before.endswith((",", "{", ":", "[")) or not before:
        return "intake.json_key" if before.endswith((",", "{")) and at not in "]}" else "intake.json_value"
    if at in "]}":
        return "intake.json_bracket"
    if "\n" in text[len(before) : position] or at in _VALUE_STARTS:
        return "intake.json_no_comma"
    return "intake.json_inner_quote" if before.endswith('"') else "intake.json_value"
