"""What a kept dialplan shows: that the PBX was configured to play an announcement."""

from evidence.intake.dialplan.announcements import Mention, in_queues, in_steps
from evidence.intake.dialplan.freeswitch import looks_like, xml_steps
from evidence.intake.dialplan.settings import items, sections
from evidence.intake.dialplan.sounds import Names
from evidence.intake.dialplan.steps import steps
from evidence.intake.dialplan.variables import Variables

MAX_SNAPSHOT = 16 * 1024 * 1024
"""Bytes of the longest file in which mentions are looked for."""


def is_dialplan(name: str) -> bool:
    """Whether a file may be a PBX's configuration by its name."""
    return name.lower().endswith((".conf", ".xml"))


def snapshots(name: str, data: bytes, played_as: tuple[str, ...]) -> tuple[Mention, ...]:
    """Where a file has an announcement played; nothing is raised, whatever the bytes are.

    Includes aren't followed: the file alone is what was kept. What only the agent hears has the side CALLED,
    and shows nothing of what the caller was told.

    Args:
        name: the file's name; untrusted, comes back in the places.
        data: its bytes; none are looked at where there are more than MAX_SNAPSHOT.
        played_as: names by which the announcement is played.
    """
    if not played_as or len(data) > MAX_SNAPSHOT:
        return ()
    names = Names(played_as)
    if name.lower().endswith(".xml"):
        return tuple(in_steps(xml_steps(name, data), names)) if looks_like(data) else ()
    found = list(sections(items(name, data)))
    all_steps = list(steps(found))
    known = Variables(found, all_steps)
    return (*in_steps(all_steps, names, known.resolved), *in_queues(found, names))
