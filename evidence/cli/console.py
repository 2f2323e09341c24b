"""How the program speaks: results on stdout, everything else on stderr, nothing hostile on either.

Values that come from outside go through ``text.visible`` (``words`` does that); whatever is printed goes
through ``harmless`` besides, so a forgotten value can't reach a terminal as control or bidirectional
characters. Prefixes (``evidence: error:`` …) aren't translated: scripts look for them.
"""

import io
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.cli.bar import Bar

Part = str | tuple[str, str]
"""A piece of a line: text, or (text, colour) with a colour of ``click.style``, e.g. ``"green"``."""

PATIENCE = 0.5
"""Seconds of work before a progress bar appears (and rich is imported)."""

_bars: "list[Bar]" = []


def prepare() -> None:
    """Let characters that an output's encoding lacks (LANG=C, cp1251) become escapes instead of errors."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def harmless(text: str) -> str:
    r"""One line of text with everything unprintable as ``\u{…}``; what ``visible`` made stays as it is."""
    if text.isprintable():
        return text
    return "\\".join(visible(piece) for piece in text.split("\\"))


def words(name: str, /, **values: str | int) -> str:
    """The message of that name, its values made visible."""
    return t(name, **{key: visible(v) if isinstance(v, str) else v for key, v in values.items()})


def line(*parts: Part) -> None:
    """Print one line of the result."""
    _write(sys.stdout, parts)


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
    with _bar_hidden():
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


def debug(rows: Iterable[str]) -> None:
    """Print a traceback on stderr (only with EVIDENCE_DEBUG=1)."""
    with suppress(OSError, ValueError):
        page("\n".join(rows), sys.stderr)


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


def wants_colour(stream: TextIO | None) -> bool:
    """Whether to colour what goes there: a terminal that can, and nobody objects (NO_COLOR)."""
    return _is_terminal(stream) and not os.environ.get("NO_COLOR")


@contextmanager
def progress(total: int, description: str) -> "Iterator[Progress]":
    """Show on a terminal how far long work has got; elsewhere nothing.

    Args:
        total: the amount of work, mostly bytes; 0 when it isn't known yet.
        description: what is being done; may hold untrusted text.

    Yields:
        the callback for the work: ``step(done)`` or ``step(done, total)``, both absolute.
    """
    step = Progress(total, description)
    try:
        yield step
    finally:
        step.close()


class Progress:
    """The callback of ``progress``; its bar appears after some patience only."""

    def __init__(self, total: int, description: str) -> None:
        self._total = total
        self._description = harmless(description)
        self._watched = _is_terminal(sys.stderr)
        self._begin = time.monotonic()
        self._bar: Bar | None = None

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell how much is done, and how much there is."""
        self._total = self._total if total is None else total
        if self._bar is None and self._watched and time.monotonic() - self._begin >= PATIENCE:
            from evidence.cli.bar import Bar

            self._bar = Bar(self._description)
            _bars.append(self._bar)
        if self._bar is not None:
            self._bar.update(done, self._total)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.hide()
            _bars.remove(self._bar)
            self._bar = None


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def _speak(kind: str, colour: str, message: str, hint: str) -> None:
    with suppress(OSError, ValueError):  # nobody to tell it to
        _write(sys.stderr, ["evidence: ", (f"{kind}:", colour), " ", message])
        for row in hint.split("\n") if hint else []:
            _write(sys.stderr, ["evidence: ", ("hint:", "cyan"), " ", row])


def _write(stream: TextIO | None, parts: Iterable[Part]) -> None:
    if stream is None:
        return
    coloured = wants_colour(stream)
    text = "".join(_painted(part, coloured) for part in parts)
    with _bar_hidden():
        if coloured:
            click.echo(text, file=stream, color=True)
        else:
            stream.write(f"{text}\n")


def _painted(part: Part, coloured: bool) -> str:
    if isinstance(part, str):
        return harmless(part)
    text, colour = part
    return click.style(harmless(text), fg=colour) if coloured else harmless(text)


@contextmanager
def _bar_hidden() -> Iterator[None]:
    """What is printed while a bar is shown comes above it."""
    for bar in _bars:
        bar.hide()
    yield
    for bar in _bars:
        bar.show()
