"""Taking hot-key events from softphones and CRMs on this machine, and putting them into the vault's log."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evidence.entropy import new_uuid
from evidence.errors import EvidenceError, StateError, UsageError
from evidence.intake.hotkeys import event
from evidence.intake.hotkeys.event import Unusable
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.messages import t
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault.hotkeys import Arriving, HotkeyLog, Noted

if TYPE_CHECKING:
    from evidence.network.answering import Answer
    from evidence.network.guard import Guard
    from evidence.network.loopback import Loopback

_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z.-]{1,253})):([0-9]{1,5})", re.ASCII)
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]{1,30}://[a-z0-9._~\[\]:-]{1,255}", re.ASCII)
_LAST_PORT = 65535


def address(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8765``, ``[::1]:8765`` or ``localhost:8765``.

    Raises:
        UsageError: another form, or an address that other machines can reach.
    """
    from evidence.network.loopback import is_loopback  # noqa: PLC0415  slow to import

    found = _ADDRESS.fullmatch(text)
    if found is None or int(found[3]) > _LAST_PORT:
        raise UsageError(t("live.address", text=visible(text[:80])), t("live.address_hint"))
    host = found[1] or found[2]
    host = "127.0.0.1" if host.lower() == "localhost" else host
    if not is_loopback(host):
        raise UsageError(t("live.not_loopback", text=visible(host[:80])), t("live.not_loopback_hint"))
    return host, int(found[3])


def origins(texts: Sequence[str]) -> frozenset[str]:
    """Web pages that may post, as browsers name them.

    Raises:
        UsageError: not scheme and host; ``*`` and ``null``, too, which any page can be.
    """
    found = {text.strip().lower().removesuffix("/") for text in texts}
    for text in found:
        if not _ORIGIN.fullmatch(text):
            raise UsageError(t("live.origin", text=visible(text[:80])), t("live.origin_hint"))
    return frozenset(found)


class Desk:
    """Takes what is posted; threads may share it.

    Args:
        log: the vault's log.
        own: the vault's own classes.
        seams: for clock and randomness.
        told: hears of each event that was noted, of what hindered one, and, by ``event``, that one is no use.
        zone: IANA zone of times without an offset from UTC.
    """

    def __init__(
        self,
        log: HotkeyLog,
        own: OwnClasses,
        seams: Seams,
        told: Callable[[Noted | EvidenceError | str], None],
        zone: str | None = None,
    ) -> None:
        self._log = log
        self._own = own
        self._seams = seams
        self._told = told
        self._zone = zone

    def take(self, body: bytes) -> "Answer":
        """Note an event; it is durable before it is answered."""
        from evidence.network.answering import Answer  # noqa: PLC0415

        try:
            told = event.of_json(body, self._own, self._zone)
            if not told.id:
                told = replace(told, id=new_uuid(self._seams.entropy))
            (noted,) = self._log.append([Arriving(told)], self._seams.clock())
        except Unusable as error:
            self._told("event")
            return Answer(400, _document(error.code, error))
        except EvidenceError as error:
            self._told(error)
            return Answer(507, _document("store", error))
        if not noted.is_same:
            other = event.unusable("other_event", name=noted.name)
            return Answer(409, _document(other.code, other))
        self._told(noted)
        return Answer(
            201 if noted.is_new else 200, {"event": noted.name, "id": told.id, "is_new": noted.is_new}
        )


def _document(code: str, error: EvidenceError) -> dict[str, Any]:
    return {"error": code, "message": error.message, "hint": error.hint}


def listening(
    where: tuple[str, int],
    guard: "Callable[[frozenset[str]], Guard]",
    desk: Desk,
    tell: Callable[[str], None],
) -> "Loopback":
    """The server; a context manager, which serves as long as its context lasts.

    Args:
        where: host and port.
        guard: as of Loopback.
        desk: takes what is posted.
        tell: hears the codes of refusals.

    Raises:
        StateError: the port is taken, or isn't for this account.
    """
    from evidence.network.loopback import Loopback  # noqa: PLC0415

    try:
        return Loopback(*where, guard, desk.take, tell)
    except OSError as error:
        reason = visible(error.strerror or str(error))
        raise StateError(t("live.port", port=where[1], reason=reason), t("live.port_hint")) from error
