"""Entries of another program's log, by a mapping (``[pbx.NAME]`` of evidence.toml)."""

from collections.abc import Callable

from evidence.intake.pbx.draft import Draft, kept
from evidence.intake.pbx.rules import PbxMapping
from evidence.model.pbxlog import CALL, OTHER, PLAYBACK

Said = Callable[[str], str]
"""Gives the text of one of our fields; empty when the entry has none."""

_WORDS = {
    **dict.fromkeys(("inbound", "in", "incoming"), "inbound"),
    **dict.fromkeys(("outbound", "out", "outgoing"), "outbound"),
    "internal": "internal",
}


def draft(mapping: PbxMapping, said: Said, line: int, last_line: int) -> Draft:
    """What an entry says."""
    played, event = said("played"), said("event").strip()
    is_played = bool(played) and (not mapping.played_when or event in mapping.played_when)
    direction = _direction(mapping, said("direction").strip())
    is_ours_calling = direction == "outbound"
    outside, inside = said("outside"), said("inside")
    kind = PLAYBACK if is_played else OTHER if event and not said("duration") else CALL
    return Draft(
        line,
        last_line,
        kind,
        at=said("started"),
        until=said("ended"),
        length=said("duration"),
        form=mapping.time_format,
        zone=mapping.time_zone,
        values=kept(
            id=said("id"),
            linked_id=said("linked_id"),
            caller=said("caller") or (inside if is_ours_calling else outside),
            callee=said("callee") or (outside if is_ours_calling else inside),
            agent=said("agent"),
            queue=said("queue"),
            direction=direction,
            channel=said("channel"),
            application=event,
            file=played if is_played else said("recording"),
            duration=said("duration"),
        ),
    )


def _direction(mapping: PbxMapping, text: str) -> str:
    return dict(mapping.directions).get(text) or _WORDS.get(text.lower(), "")
