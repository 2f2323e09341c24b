"""Asterisk's channel event log (CEL) as CSV: files of cel_custom, and exports of the table ``cel``.

Columns as of ``cel_custom.conf.sample`` (the legacy mapping with and without its literal, and the advanced
one) and of ``cel_odbc``; events as of the documentation "Channel Event Logging". Which applications are
logged is set in ``cel.conf``: unless Playback and Background are named there, the log can't tell whether
anything was played.
"""

import re
from collections.abc import Mapping

from evidence.intake.pbx.draft import Draft, kept
from evidence.model import pbxlog

_CALLER = ("cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context")
_REST = ("channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid", "peer")
CLASSIC = ("eventtype", "eventtime", *_CALLER, *_REST, "userfield", "userdeftype", "extra")
LITERAL = ("eventtype", "literal", "eventtime", *_CALLER, *_REST, "userfield", "userdeftype", "extra")
ADVANCED = (
    *("eventtype", "eventenum", "literal", "eventtime", "userdeftype", "cid_name", "cid_num"),
    *("exten", "context", "channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid"),
    *(
        "userfield",
        "cid_ani",
        "cid_rdnis",
        "cid_dnid",
        "peer",
        "linkedid",
        "peeraccount",
        "extra",
        "tenantid",
    ),
)
NAMES = {
    **{f"cid{name}": f"cid_{name}" for name in ("name", "num", "ani", "rdnis", "dnid")},
    "usereventname": "userdeftype",
    "acctcode": "accountcode",
    "peeracct": "peeraccount",
    "eventextra": "extra",
    "bridgepeer": "peer",
}
"""Other names under which a column may stand in a header."""

EVENTS = frozenset(
    """CHAN_START CHAN_END ANSWER HANGUP APP_START APP_END BRIDGE_ENTER BRIDGE_EXIT BRIDGE_START BRIDGE_END
    BRIDGE_UPDATE BRIDGE_TO_CONF CONF_START CONF_END CONF_ENTER CONF_EXIT PARK_START PARK_END BLINDTRANSFER
    ATTENDEDTRANSFER TRANSFER PICKUP FORWARD HOOKFLASH 3WAY_START 3WAY_END LINKEDID_END LOCAL_OPTIMIZE
    LOCAL_OPTIMIZE_BEGIN USER_DEFINED STREAM_BEGIN STREAM_END DTMF""".split()  # noqa: SIM905
)
_KINDS = {
    "CHAN_START": pbxlog.START,
    "ANSWER": pbxlog.ANSWER,
    "HANGUP": pbxlog.HANGUP,
    "BRIDGE_ENTER": pbxlog.CONNECT,
    "BRIDGE_START": pbxlog.CONNECT,
    "BLINDTRANSFER": pbxlog.TRANSFER,
    "ATTENDEDTRANSFER": pbxlog.TRANSFER,
    "TRANSFER": pbxlog.TRANSFER,
}
_PLAYING = {"playback", "background", "controlplayback", "backgrounddetect"}
_STARTED = {"mixmonitor": pbxlog.RECORDING, "monitor": pbxlog.RECORDING, "queue": pbxlog.QUEUE}
PLAYED = re.compile(rb"playback|background", re.IGNORECASE)
"""What stands in a record that shows that played sounds are logged."""


def draft(cells: Mapping[str, str], line: int, last_line: int) -> Draft:
    """What a row says."""
    event = cells.get("eventtype", "").strip()
    application, data = cells.get("appname", "").strip(), cells.get("appdata", "")
    kind = _kind(event, application.lower())
    arguments = re.split(r"[,|]", data)
    outgoing = event == "CHAN_START" and cells.get("uniqueid") != cells.get("linkedid")
    number = cells.get("cid_num", "").strip()
    return Draft(
        line,
        last_line,
        kind,
        at=cells.get("eventtime", ""),
        is_creation=event == "CHAN_START",
        values=kept(
            id=cells.get("uniqueid", ""),
            linked_id=cells.get("linkedid", ""),
            caller="" if outgoing else number,
            caller_name="" if outgoing else cells.get("cid_name", ""),
            callee=cells.get("exten", "") if event == "CHAN_START" and not outgoing else "",
            queue=arguments[0] if kind == pbxlog.QUEUE else "",
            channel=cells.get("channame", ""),
            agent_channel=cells.get("peer", "") if kind == pbxlog.CONNECT else "",
            application=application or event,
            data=data,
            file=arguments[0] if kind in {pbxlog.PLAYBACK, pbxlog.PLAYBACK_END, pbxlog.RECORDING} else "",
            options=_options(application, data),
        ),
    )


def _kind(event: str, application: str) -> str:
    if event == "APP_START":
        playing = pbxlog.PLAYBACK if application in _PLAYING else pbxlog.OTHER
        return _STARTED.get(application, playing)
    if event == "APP_END":
        return pbxlog.PLAYBACK_END if application in _PLAYING else pbxlog.OTHER
    return _KINDS.get(event, pbxlog.OTHER)


def _options(application: str, data: str) -> str:
    """The options of MixMonitor(file,options,command); they may hold commas within brackets."""
    if application.lower() != "mixmonitor":
        return ""
    _, _, rest = data.partition(",")
    depth = 0
    for place, character in enumerate(rest):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth <= 0:
            return rest[:place]
    return rest
