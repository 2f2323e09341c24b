"""Asterisk's queue_log: its pipe-separated file, and exports of its table with a header.

As of Asterisk's documentation "Queue Logs": time, id of the caller's channel, queue, member, event, and up to
five parameters whose meaning depends on the event.
"""

from collections.abc import Mapping

from evidence.intake.pbx.draft import Draft, kept
from evidence.model import pbxlog

COLUMNS = ("time", "callid", "queuename", "agent", "event", "data1", "data2", "data3", "data4", "data5")
NAMES = {"queue": "queuename", "data": "data1"}
"""Other names under which a column may stand in a header."""

_KINDS = {
    "ENTERQUEUE": pbxlog.QUEUE,
    "CONNECT": pbxlog.CONNECT,
    "COMPLETECALLER": pbxlog.HANGUP,
    "COMPLETEAGENT": pbxlog.HANGUP,
    "ABANDON": pbxlog.HANGUP,
    "TRANSFER": pbxlog.TRANSFER,
    "BLINDTRANSFER": pbxlog.TRANSFER,
    "ATTENDEDTRANSFER": pbxlog.TRANSFER,
}


def draft(cells: Mapping[str, str], line: int, last_line: int) -> Draft:
    """What a line says."""
    event = cells.get("event", "").strip()
    parameters = [cells.get(f"data{number}", "") for number in range(1, 6)]
    while parameters and not parameters[-1]:
        parameters.pop()
    queue, agent = cells.get("queuename", ""), cells.get("agent", "")
    return Draft(
        line,
        last_line,
        _KINDS.get(event, pbxlog.OTHER),
        at=cells.get("time", ""),
        values=kept(
            id=cells.get("callid", ""),
            peer_id=cells.get("data2", "") if event == "CONNECT" else "",
            caller=cells.get("data2", "") if event == "ENTERQUEUE" else "",
            agent="" if agent == "NONE" else agent,
            queue="" if queue == "NONE" else queue,
            application=event,
            data="|".join(parameters),
        ),
    )
