"""By which rules logs are read: the zone of ``[intake]``, and ``[pbx.NAME]`` of evidence.toml."""

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

FIELDS = (
    *(
        "id",
        "linked_id",
        "started",
        "ended",
        "duration",
        "direction",
        "caller",
        "callee",
        "outside",
        "inside",
    ),
    *("agent", "queue", "channel", "recording", "event", "played"),
)


@dataclass(frozen=True, slots=True)
class PbxMapping:
    """How a log of another program is read (``[pbx.NAME]``, schema config.v1).

    Attributes:
        name: its name in the configuration.
        kind: ``csv`` or ``json``.
        files: patterns of the names of such logs.
        fields: for each of our fields the table's column, or the JSON pointer into an entry.
        rows: of json: pointer to the array or object whose members are the entries; empty: the document.
        header: whether a table's first record names its columns.
        columns: their names where it doesn't.
        delimiter: what stands between cells.
        encoding: of a table.
        time_format: ``iso``, ``epoch``, ``epoch_ms``, or a pattern of strptime.
        time_zone: IANA zone of local times; empty: the vault's.
        directions: the program's words for ``inbound``, ``outbound`` and ``internal``.
        played_when: values of ``event`` by which an entry tells that ``played`` was played; empty: any
            entry with ``played`` does.
    """

    name: str
    kind: str
    files: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    rows: str = ""
    header: bool = True
    columns: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    time_format: str = "iso"
    time_zone: str = ""
    directions: tuple[tuple[str, str], ...] = ()
    played_when: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, section: Mapping[str, Any]) -> Self:
        """The mapping of a section that the schema accepts."""
        said = dict(section)
        for key in ("fields", "directions"):
            said[key] = tuple(said.get(key, {}).items())
        for key in ("files", "columns", "played_when"):
            said[key] = tuple(said.get(key, ()))
        return cls(name=name, **said)

    def source(self, field: str) -> str:
        """The column or pointer of one of our fields; empty when nothing is mapped to it."""
        return next((source for ours, source in self.fields if ours == field), "")

    def fits(self, name: str) -> bool:
        """Whether a file of that name is such a log; letter case counts."""
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.files)


@dataclass(frozen=True, slots=True)
class PbxRules:
    """By which rules logs are read.

    Attributes:
        zone: IANA zone of the PBX's clock where nothing else says; empty when nobody said.
        mappings: in the configuration's order; the first that fits a file's name counts.
    """

    zone: str = ""
    mappings: tuple[PbxMapping, ...] = ()

    def mapping(self, name: str) -> PbxMapping | None:
        """The mapping for a file of that name."""
        return next((mapping for mapping in self.mappings if mapping.fits(name)), None)
