"""How the program speaks: results on stdout, everything else on stderr, nothing hostile on either.

Values that come from outside go through ``text.visible`` (``words`` does that); whatever is printed goes
through ``harmless`` besides, so a forgotten value can't reach a terminal as control or bidirectional
characters. Prefixes (``evidence: error:`` …) aren't translated: scripts look for them. On a terminal long
lines are broken at spaces; elsewhere a line stays one line.
"""

import io
import json
import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TextIO

import click

from evidence.cli.progress import bars_hidden
from evidence.cli.terminal import WIDEST, Piece, columns, harmless, is_terminal, rows, wants_colour
from evidence.messages import t
from evidence.text import visible

_SPACES = re.compile(" {5,}")
Part = str | tuple[str, str]
"""A piece of a line: text, or (text, colour) with a colour of ``click.style``, e.g. ``"green"``."""


def prepare() -> None:
    """Let characters that an output's encoding lacks (LANG=C, cp1251) become escapes instead of errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def words(name: str, /, **values: str | int) -> str:
    """The message of that name, its values made visible.

    Long rows of spaces are told by their number: they could push words to where a line of ours begins.
    """
    return t(name, **{key: _row(visible(v)) if isinstance(v, str) else v for key, v in values.items()})


def _row(value: str) -> str:
    return _SPACES.sub(lambda found: f" \\u{{20}}×{len(found[0])} ", value)


def line(*parts: Part, hanging: int | None = None) -> None:
    """Print one line of the result; ``hanging`` is the indent of further rows where it must be broken."""
    _write(sys.stdout, parts, wrap=True, hanging=hanging)


def exact(text: str) -> None:
    """Print one line of the result that must not be broken, such as a command to copy."""
    _write(sys.stdout, [text])


def page(text: str, stream: TextIO | None = None) -> None:
    """Print our own text of several lines, on stdout unless a stream is given."""
    for row in text.split("\n"):
        _write(stream or sys.stdout, [row])


def json_line(document: Any) -> None:
    """Print one result as one line of JSON, always in UTF-8."""
    text = json_text(document) + "\n"
    if sys.stdout is None:
        return
    buffer = getattr(sys.stdout, "buffer", None)
    with bars_hidden():
        if buffer is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            buffer.write(text.encode("utf-8"))


def json_text(document: Any) -> str:
    """A document as one line of JSON in which everything unprintable is escaped.

    ``json.loads(json_text(x)) == x``
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def error(message: str, hint: str = "") -> None:
    """Say on stderr what went wrong, and what to do next."""
    _speak("error", "red", message, hint)


def warning(message: str, hint: str = "") -> None:
    """Say on stderr what should not stay as it is."""
    _speak("warning", "yellow", message, hint)


def note(message: str, hint: str = "") -> None:
    """Say on stderr what is good to know."""
    _speak("note", "cyan", message, hint)


def prompt(question: str) -> None:
    """Print a question on stderr; the answer is typed behind it."""
    asked = harmless(question)
    whole = rows([(asked.rstrip(" "), "")], min(columns(sys.stderr), WIDEST), 0)
    sys.stderr.write("\n".join("".join(text for text, _colour in row) for row in whole))
    sys.stderr.write(asked[len(asked.rstrip(" ")) :])
    sys.stderr.flush()


def debug(lines: Iterable[str]) -> None:
    """Print a traceback on stderr (only with EVIDENCE_DEBUG=1)."""
    with suppress(OSError, ValueError):
        page("\n".join(lines), sys.stderr)


def flush() -> None:
    """Hand everything printed to the system; a full disk or a closed pipe shows here at the latest."""
    if sys.stdout is not None:
        sys.stdout.flush()


def settle() -> None:
    """Flush what is left, or give it up; the interpreter must not fail over it after the exit code is set."""
    try:
        flush()
    except OSError:
        _abandon()


def _abandon() -> None:
    """Give stdout up: nobody reads it, or it can't be written."""
    with suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _speak(kind: str, colour: str, message: str, hint: str) -> None:
    with suppress(OSError, ValueError):  # a reader of both streams sees them in the order of events
        flush()
    with suppress(OSError, ValueError):  # nobody to tell it to
        _write(sys.stderr, ["evidence: ", (f"{kind}:", colour), " ", message], wrap=True)
        for row in hint.split("\n") if hint else []:
            _write(sys.stderr, ["evidence: ", ("hint:", "cyan"), " ", row], wrap=True)


def _write(
    stream: TextIO | None, parts: Iterable[Part], *, wrap: bool = False, hanging: int | None = None
) -> None:
    if stream is None:
        return
    coloured = wants_colour(stream)
    pieces = [_piece(part) for part in parts]
    whole: Iterable[list[Piece]] = [pieces]
    if wrap and is_terminal(stream):
        whole = rows(pieces, min(columns(stream), WIDEST), hanging)
    text = "\n".join("".join(_painted(piece, coloured) for piece in row) for row in whole)
    with bars_hidden():
        if coloured:
            click.echo(text, file=stream, color=True)
        else:
            stream.write(f"{text}\n")


def _piece(part: Part) -> Piece:
    return (harmless(part), "") if isinstance(part, str) else (harmless(part[0]), part[1])


def _painted(piece: Piece, coloured: bool) -> str:
    text, colour = piece
    return click.style(text, fg=colour) if coloured and colour else text
