"""The PBX's logs of an incident that isn't sealed yet, told to the person who prepares it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from evidence.cli import console
from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.intake.pbx.filling import Filled
    from evidence.model.pbxlog import PbxEvent, PbxLog
    from evidence.operations.seams import Seams
    from evidence.vault.vault import Vault

_SOUNDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with the logs of an incident.

    Attributes:
        is_read: whether they are read.
        is_filling: whether what nobody stated is filled in from them.
    """

    is_read: bool
    is_filling: bool


class Logs:
    """What was read of the logs, and filled in from them.

    Attributes:
        logs: as read; empty when there is none, or none was looked at.
        filled: the fields.
    """

    def __init__(self, logs: "Sequence[PbxLog]" = (), filled: "Sequence[Filled]" = ()) -> None:
        self.logs = logs
        self.filled = filled

    def document(self) -> dict[str, Any]:
        """It as a JSON value; empty when nothing was read."""
        if not self.logs:
            return {}
        return {
            "pbx": [
                {
                    "file": visible(log.name),
                    "format": log.format,
                    "lines": log.lines,
                    "events": len(log.events),
                    "problems": [problem.to_document() for problem in log.problems],
                }
                for log in self.logs
            ],
            "filled": [
                {"part": item.part, "field": item.field, "value": visible(item.value), "from": item.place}
                for item in self.filled
            ],
        }

    def tell(self, called: str, wanted: Wanted) -> None:
        """Say what was read, what was filled in, and what is wrong.

        Args:
            called: what names the incident on a command line.
            wanted: what was to be done.
        """
        for log in self.logs:
            console.note(_told(log))
            _tell_problems(log, called)
        if self.filled:
            fields = ", ".join(map(_field, self.filled))
            console.note(console.words("pbx.filled", fields=fields))
        elif self.logs and not wanted.is_filling:
            console.note(t("pbx.not_filled"))


def look(vault: "Vault", path: Path, prepared: Mapping[str, Any], seams: "Seams", wanted: Wanted) -> Logs:
    """Read the logs of an incident, and fill in what nobody stated.

    Args:
        vault: the vault.
        path: the incident's folder.
        prepared: who lets this be filled in and when; empty: it isn't noted, as of a new incident.
        seams: randomness and file system.
        wanted: what is to be done.
    """
    from evidence.operations import pbxlogs

    if not wanted.is_read:
        return Logs()
    if not wanted.is_filling:
        return Logs(pbxlogs.read(vault, path))
    return Logs(*pbxlogs.read_and_fill(vault, path, prepared, seams))


def _field(item: "Filled") -> str:
    name = t(f"show.{item.part}_{item.field}")
    return console.words("pbx.filled_field", name=name, value=item.value, place=item.place)


def _told(log: "PbxLog") -> str:
    parts = [
        console.words("pbx.read", file=log.name, n=log.lines),
        console.words("pbx.about", n=len(log.events)),
    ]
    played = [event for event in log.events if event.kind == "playback" and event.value("file")]
    parts += [_played(event, log.zone) for event in played[:_SOUNDS_SHOWN]]
    return "; ".join(parts)


def _played(event: "PbxEvent", zone: str) -> str:
    if event.at is None:
        return console.words("pbx.played_untimed", file=event.value("file"))
    time = event.at.time.astimezone(ZoneInfo(zone or "UTC"))
    return console.words("pbx.played", file=event.value("file"), time=f"{time:%H:%M:%S}")


def _tell_problems(log: "PbxLog", called: str) -> None:
    """Warn of each problem; how to mend it is said once for each kind."""
    told: set[str] = set()
    for problem in log.problems:
        what = t(f"pbx.problem_{problem.code}", text=problem.text)
        where: dict[str, str | int] = {"file": log.name, "problem": what}
        if problem.line:
            shown = console.words("pbx.at_line", line=problem.line, **where)
        else:
            shown = console.words("pbx.at_log", **where)
        hint = t(f"pbx.problem_{problem.code}_hint", number=called)
        console.warning(shown, "" if problem.code in told else hint)
        told.add(problem.code)
