"""Who took a call, as far as a log's line tells."""

import re

from evidence.intake.pbx.draft import agent_id
from evidence.model import pbxlog
from evidence.model.pbxlog import PbxEvent

_LOGIN = re.compile(r"[0-9A-Za-z_.+-]*[0-9][0-9A-Za-z_.+-]*(?:@[0-9A-Za-z_.-]+)?")


def agent_of(event: PbxEvent, direction: str) -> tuple[str, str]:
    """The agent that a line names: ``id`` or ``name``, and the text; both empty when it names none.

    Of a queue's log only the line counts that says who was connected; of a call's row the answering channel,
    or the calling one where the company called.

    Args:
        event: the line.
        direction: of the call, as far as it is known.
    """
    text = event.value("agent")
    if text and event.kind in {pbxlog.CONNECT, pbxlog.CALL}:
        return _named(text)
    if event.kind != pbxlog.CALL or not event.value("agent_channel"):
        return "", ""
    is_outbound = "outbound" in {direction, event.value("direction")}
    found = agent_id(event.value("channel" if is_outbound else "agent_channel"))
    return ("id", found) if found else ("", "")


def _named(text: str) -> tuple[str, str]:
    """A member of a queue is named by his channel, his login, or his name."""
    if "/" in text:
        found = agent_id(text)
        return ("id", found) if found else ("", "")
    return ("id" if _LOGIN.fullmatch(text) else "name"), text
