"""Which exhibit each file becomes, and where its bytes will stand (FORMAT.md, "Records")."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evidence.intake import roles
from evidence.model import names
from evidence.model.incident import Incident

MAX_PAPERS = 8 * 1024 * 1024
"""Most bytes of files that stand in records, all together; what is larger becomes a member like a recording.

It bounds the memory that sealing takes, and is the longest that the schema lets one record hold.
"""


@dataclass(frozen=True, slots=True)
class FolderFile:
    """One file of the folder, as an exhibit.

    Attributes:
        id: ``E1``, ``E2`` …
        name: its name in the folder (evidence.model.names); untrusted.
        role: as in ExhibitFacts.
        size: its length in bytes when the folder was listed.
        member: the archive's member that will hold its bytes; None when they will stand in the record.
        title: one line that says what it is; untrusted.
        data: its bytes, if they have been read: those of incident.json and markers.json.
        at: where its bytes are when they aren't in the folder under its name; None for most.
        is_own: whether it comes from the vault's notice register and not from the incident.
    """

    id: str
    name: str
    role: str
    size: int
    member: str | None
    title: str = ""
    data: bytes | None = None
    at: Path | None = None
    is_own: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether it is sound, and so worth probing; its bytes then are a member of their own."""
        return roles.is_sound(self.name, self.role)


def exhibits(
    incident: Incident, by_role: Mapping[str, str], sizes: Mapping[str, int], read: Mapping[str, bytes]
) -> tuple[FolderFile, ...]:
    """The exhibits: recordings in the order of the calls, further recordings, notice audio, then the rest.

    Args:
        incident: what incident.json says.
        by_role: the role of each file, by name.
        sizes: the length of each file in bytes, by name.
        read: bytes of those files that have been read, by name.
    """
    sizes = {**sizes, **{name: len(data) for name, data in read.items()}}
    inside = _inside(by_role, sizes, read)
    titles = {exhibit.file: exhibit.title for exhibit in incident.exhibits}
    planned = []
    for number, name in enumerate(_ordered(incident, by_role), 1):
        member = None if name in inside else f"exhibits/E{number}.{roles.neutral_extension(name)}"
        title = titles.get(name, "")
        file = FolderFile(f"E{number}", name, by_role[name], sizes[name], member, title, read.get(name))
        planned.append(file)
    return tuple(planned)


def _ordered(incident: Incident, by_role: Mapping[str, str]) -> list[str]:
    calls = {call.recording: number for number, call in enumerate(incident.calls)}

    def place(name: str) -> tuple[int, int, bytes]:
        if by_role[name] == roles.RECORDING:
            return 0, calls.get(name, len(calls)), names.to_bytes(name)
        notice = by_role[name] == roles.NOTICE and roles.is_sound(name, roles.NOTICE)
        return 1 if notice else 2, 0, names.to_bytes(name)

    return sorted(by_role, key=place)


def _inside(by_role: Mapping[str, str], sizes: Mapping[str, int], read: Mapping[str, bytes]) -> set[str]:
    """The files whose bytes stand in their records: documents always, then papers, the smallest first.

    Small ones matter most: their digests are the ones that could be guessed.
    """
    inside = set(read)
    room = MAX_PAPERS - sum(sizes[name] for name in inside)
    papers = [n for n, role in by_role.items() if n not in inside and not roles.is_sound(n, role)]
    for name in sorted(papers, key=lambda n: (sizes[n], names.to_bytes(n))):
        if sizes[name] <= room:
            inside.add(name)
            room -= sizes[name]
    return inside
