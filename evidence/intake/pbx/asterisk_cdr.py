"""Asterisk's call detail records: Master.csv, custom columns with a header, and exports of FreePBX's table.

Columns as of Asterisk's documentation of cdr_csv (doc "CDR CSV Backend": accountcode, src, dst …, with
uniqueid and userfield by the settings loguniqueid and loguserfield, and peeraccount, linkedid and sequence by
newcdrcolumns), of ``cdr_custom.conf.sample`` (the template that begins with clid), and of FreePBX's table
``asteriskcdrdb.cdr``.
"""

from collections.abc import Mapping

from evidence.intake.pbx.draft import Draft, kept
from evidence.model.pbxlog import CALL

_PARTIES = ("src", "dst", "dcontext")
_BODY = ("channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end", "duration", "billsec")
MASTER = (
    *("accountcode", *_PARTIES, "clid", *_BODY),
    *("disposition", "amaflags", "uniqueid", "userfield", "peeraccount", "linkedid", "sequence"),
)
"""Columns of cdr_csv; those behind amaflags may be missing."""

CUSTOM = (
    *("clid", *_PARTIES, *_BODY),
    *("disposition", "amaflags", "accountcode", "uniqueid", "userfield", "sequence"),
)
"""Columns of the template in ``cdr_custom.conf.sample``."""

NAMES = {"calldate": "start", "date": "start", "recording": "recordingfile"}
"""Other names under which a column of ours may stand in a header."""

_QUEUES = {"ext-queues"}
_OUTSIDE = ("from-trunk", "from-pstn", "from-did", "ext-did")


def draft(cells: Mapping[str, str], line: int, last_line: int) -> Draft:
    """What a row says."""

    def cell(name: str) -> str:
        return cells.get(name, "")

    return Draft(
        line,
        last_line,
        CALL,
        at=cell("start"),
        until=cell("end"),
        length=cell("duration"),
        is_creation=True,
        values=kept(
            id=cell("uniqueid"),
            linked_id=cell("linkedid"),
            caller=cell("src") or cell("cnum"),
            caller_name=cell("clid") or cell("cnam"),
            callee=cell("dst"),
            queue=cell("dst") if cell("dcontext") in _QUEUES else "",
            direction=_direction(cells),
            channel=cell("channel"),
            agent_channel=cell("dstchannel"),
            application=cell("lastapp"),
            data=cell("lastdata"),
            file=cell("recordingfile"),
            answered=cell("answer"),
            duration=cell("duration"),
            talked=cell("billsec"),
            disposition=cell("disposition"),
        ),
    )


def _direction(cells: Mapping[str, str]) -> str:
    """Where the row tells it: a number dialled from outside, or one shown to the outside.

    A context alone tells only that a call came in: calls of agents and transfers share theirs.
    """
    if cells.get("did") or cells.get("dcontext", "").startswith(_OUTSIDE):
        return "inbound"
    return "outbound" if cells.get("outbound_cnum") else ""
