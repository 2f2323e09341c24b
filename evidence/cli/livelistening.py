"""`evidence mark live --listen`: the address that softphones and CRMs call, and what is told meanwhile."""

import shlex
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from evidence.cli import console
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.vault.hotkeys import Noted

_TOLD = 3
"""Refusals of one kind that are told as they come; pages could fill a log with them."""

_POLL = 0.2
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class _Telling:
    """Prints, what the threads that serve report; nothing that names a person.

    Args:
        as_json: whether results are JSON.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._queue: SimpleQueue[Noted | EvidenceError | str] = SimpleQueue()
        self.put = self._queue.put
        self.noted = 0
        self.refused: Counter[str] = Counter()

    def tick(self) -> None:
        """Print what has been reported until now; of a flood the rest waits, so that the program can end."""
        for _ in range(self._queue.qsize()):
            item = self._queue.get()
            if isinstance(item, str):
                self._refusal(item)
            elif isinstance(item, EvidenceError):
                console.error(item.message, item.hint)
            else:
                self._event(item)
        console.flush()

    def _refusal(self, code: str) -> None:
        self.refused[code] += 1
        if self.refused[code] <= _TOLD:
            console.warning(
                t("live.refused", code=code, reason=t(f"live.http_{code}")), t(f"live.http_{code}_hint")
            )

    def _event(self, noted: "Noted") -> None:
        self.noted += noted.is_new
        if self._as_json:
            console.json_line({"event": noted.name, "is_new": noted.is_new})
        elif noted.is_new:
            console.line(t("live.noted", event=noted.name))


def serve(listen: str, given: dict[str, Any], vault: Path | None, *, as_json: bool) -> int:
    """Listen until the program is told to end."""
    from evidence.network.guard import Guard
    from evidence.operations.hotkeys_listen import Desk, address, listening, origins
    from evidence.operations.hotkeys_token import token_of
    from evidence.operations.opening import settings_of
    from evidence.operations.seams import Seams
    from evidence.vault.hotkeys import HotkeyLog

    seams = Seams()
    where, allowed = address(listen), origins(given["origin"])
    layout, config = settings_of(vault, seams)
    named = Path(given["token_file"]) if given["token_file"] else None
    token, token_file = token_of(layout, named, seams)
    telling = _Telling(as_json=as_json)
    desk = Desk(
        HotkeyLog(layout, seams.durable),
        config.marker_classes,
        seams,
        telling.put,
        given["zone"] or config.time_zone or None,
    )
    with (
        _ended_by_signals() as is_over,
        listening(where, lambda hosts: Guard(hosts, allowed, token), desk, telling.put) as server,
    ):
        _introduce(server.url, token_file, sorted(allowed), as_json=as_json)
        while not is_over():
            telling.tick()
            seams.pause(_POLL)
    telling.tick()
    console.note(t("live.ended", n=telling.noted, refused=telling.refused.total()))
    return ExitCode.DONE


@contextmanager
def _ended_by_signals() -> Iterator[Callable[[], bool]]:
    """Let the signals that end programs be noted, not raised: threads could be starting or locks be held.

    Yields:
        tells whether one has come.
    """
    came: list[int] = []
    previous = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):  # only the main thread may set handlers
                previous[number] = signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _introduce(url: str, token_file: Path, allowed: list[str], *, as_json: bool) -> None:
    """Say where it listens, and what softphone and CRM must be told."""
    if as_json:
        console.json_line({"listening": url, "token_file": str(token_file), "origins": allowed})
    else:
        console.line(t("live.listening", url=url))
    console.flush()
    console.note(console.words("live.show_token", file=str(token_file)))
    listed = ", ".join(allowed)
    console.note(console.words("live.origins", list=listed) if allowed else t("live.no_origins"))
    console.note(t("live.try_it"))
    console.page("\n".join(_example(url, token_file)), sys.stderr)


def _example(url: str, token_file: Path) -> list[str]:
    """A command that posts an event; the token stands in no program's arguments."""
    header = r"""printf 'header = "Authorization: Bearer %s"\n' """
    body = '{"class":"insult","agent":"101","call_id":"1793866502.4711","id":"1"}'
    return [
        f"""  {header}"$(cat {shlex.quote(str(token_file))})" |""",
        f"""  curl -K - -H 'Content-Type: application/json' -d '{body}' {url}""",
    ]
