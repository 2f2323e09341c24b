"""By which rules an inbox is read: ``[batch]``, ``[intake]`` and ``[inbox.NAME]`` of evidence.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

TELL = "tell"
IGNORE = "ignore"
DATES = ("year", "month", "day")
"""Names in a recording's pattern that stand for the date of the call's beginning, as the PBX writes it."""

PLACEHOLDER = re.compile(r"\{([^{}]{1,200})\}")
_MAIN = ("id", "started", "ended", "duration", "direction", "caller", "callee", "queue")
FIELDS = (*_MAIN, "agent", "agent_id", "subscriber", "phone", "account", "number", "title", "recording")

_ASTERISK = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata"),
    *("start", "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield"),
)
_PRESETS: dict[str, dict[str, Any]] = {
    "asterisk": {
        "header": False,
        "columns": _ASTERISK,
        "optional": 1,  # userfield
        "fields": {
            "id": "uniqueid",
            "started": "start",
            "ended": "end",
            "duration": "duration",
            "caller": "src",
            "callee": "dst",
        },
        "recording": "{uniqueid}.wav",
        "missing": IGNORE,  # it lists calls that nobody recorded, too
    },
    "freepbx": {
        "fields": {
            "id": "uniqueid",
            "started": "calldate",
            "duration": "duration",
            "caller": "src",
            "callee": "dst",
        },
        "recording": "{year}/{month}/{day}/{recordingfile}",
    },
}


@dataclass(frozen=True, slots=True)
class InboxMapping:
    """How documents or tables of another program are read (``[inbox.NAME]``, schema config.v1).

    Attributes:
        name: its name in the configuration.
        kind: ``json``: sidecars beside recordings; ``csv``: tables that name recordings.
        files: names of the sidecars, or paths of the tables, as patterns.
        directory: where the recordings of tables are, in the inbox unless absolute.
        fields: for each of our fields the table's column, or the JSON pointer into the sidecar.
        recording: pattern of a recording's path below the directory.
        header: whether a table's first record names its columns.
        columns: their names where it doesn't.
        optional: how many of the last columns may be missing.
        delimiter: what stands between cells.
        encoding: of a table.
        time_format: ``iso``, ``epoch``, ``epoch_ms``, or a pattern of strptime.
        time_zone: IANA zone of local times; empty: the vault's.
        directions: the program's words for ``inbound``, ``outbound`` and ``internal``.
        where: values that a row or sidecar must have to count, by column or pointer.
        since: first day that counts, ``2026-11-01``; empty: all.
        missing: ``tell`` or ``ignore`` recordings that a table names and that aren't there.
        missing_hours: how long a recording may come later than its call's beginning.
    """

    name: str
    kind: str
    files: tuple[str, ...] = ()
    directory: str = "."
    fields: tuple[tuple[str, str], ...] = ()
    recording: str = ""
    header: bool = True
    columns: tuple[str, ...] = ()
    optional: int = 0
    delimiter: str = ","
    encoding: str = "utf-8"
    time_format: str = "iso"
    time_zone: str = ""
    directions: tuple[tuple[str, str], ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: str = ""
    missing: str = TELL
    missing_hours: int = 24

    @classmethod
    def of(cls, name: str, section: Mapping[str, Any]) -> Self:
        """The mapping of a section that the schema accepts; what it states counts before its preset."""
        given = dict(section)
        preset = _PRESETS.get(given.pop("preset", ""), {})
        said = {**preset, **given}
        if "columns" in given:
            said["optional"] = 0
        for key in ("fields", "directions"):
            said[key] = tuple({**preset.get(key, {}), **given.get(key, {})}.items())
        said["where"] = tuple((key, tuple(values)) for key, values in said.get("where", {}).items())
        for key in ("files", "columns"):
            said[key] = tuple(said.get(key, ()))
        if said["kind"] == "json" and not said["files"]:
            said["files"] = ("*.json",)
        return cls(name=name, **said)

    def source(self, field: str) -> str:
        """The column or pointer of one of our fields; empty when nothing is mapped to it."""
        return next((source for ours, source in self.fields if ours == field), "")

    def needed(self) -> tuple[str, ...]:
        """The columns without which a table can't be read."""
        placed = PLACEHOLDER.findall(self.recording)
        columns = (*(source for _, source in self.fields), *(column for column, _ in self.where))
        return tuple(dict.fromkeys((*columns, *(name for name in placed if name not in DATES))))


@dataclass(frozen=True, slots=True)
class Rules:
    """By which rules inboxes are read.

    Attributes:
        zone: IANA zone of the PBX's clock; empty when nobody said.
        quiet_seconds: how long a file must not have changed.
        unfinished_hours: how long a recording is left that its recorder doesn't seem to have finished.
        sidecar_hours: how long a recording without sidecar waits for one, and a sidecar for its recording.
        mappings: in the configuration's order; the first that fits counts.
    """

    zone: str = ""
    quiet_seconds: int = 120
    unfinished_hours: int = 6
    sidecar_hours: int = 0
    mappings: tuple[InboxMapping, ...] = ()

    def zone_of(self, mapping: InboxMapping | None) -> str:
        """The zone of local times."""
        return (mapping.time_zone if mapping else "") or self.zone
