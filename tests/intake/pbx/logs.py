"""Logs of PBXs for the tests, written after the documented formats, and folders that hold them."""

import io
from pathlib import Path
from typing import Any, BinaryIO

from evidence.intake.folder import IncidentFolder, open_exhibit, read_folder
from evidence.intake.pbx.reading import read_logs
from evidence.intake.pbx.rules import PbxMapping, PbxRules
from evidence.model.pbxlog import PbxLog
from tests.intake.folders import call, make

ZONE = "Europe/Kyiv"
ID = "1793866502.123"
"""Of a channel created at 2026-11-05 08:15:02 UTC, 10:15:02 in Kyiv."""

MASTER = (
    f'"","380501112233","700","ext-queues","""Ivan"" <380501112233>","PJSIP/trunk-0000001a",'
    f'"PJSIP/101-0000001c","Queue","700,t,,","2026-11-05 10:15:02","2026-11-05 10:15:03","2026-11-05 10:21:30",'
    f'388,387,"ANSWERED","DOCUMENTATION","{ID}",""\n'
)
"""A row of Asterisk's cdr_csv: Master.csv, no header."""


def freepbx(*rows: dict[str, str]) -> str:
    """An export of FreePBX's table cdr."""
    columns = (
        *("calldate", "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata"),
        *("duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "did"),
        *("recordingfile", "cnum", "cnam", "outbound_cnum", "outbound_cnam", "dst_cnam", "linkedid"),
    )
    standard = {
        "calldate": "2026-11-05 10:15:02",
        "src": "380501112233",
        "dst": "700",
        "dcontext": "ext-queues",
        "channel": "PJSIP/trunk-0000001a",
        "dstchannel": "Local/101@from-queue-0000000b;1",
        "duration": "388",
        "billsec": "387",
        "disposition": "ANSWERED",
        "uniqueid": ID,
        "linkedid": ID,
        "did": "0445550000",
    }
    lines = [",".join(columns)]
    lines += [",".join(f'"{({**standard, **row}).get(name, "")}"' for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def cel(event: str, second: int, application: str = "", data: str = "", **given: str) -> str:
    """A line of cel_custom's legacy mapping without literal; seconds after the channel's creation."""
    row = {
        "id": ID,
        "linked": ID,
        "number": "380501112233",
        "channel": "PJSIP/trunk-0000001a",
        "exten": "s",
        "peer": "",
        "time": f"{1793866502 + second}.250000",
        **given,
    }
    cells = (
        *(event, row["time"], "Ivan", row["number"], row["number"], "", "0445550000", row["exten"], "ivr-1"),
        *(row["channel"], application, data, "3", "", row["id"], row["linked"], row["peer"], "", "", ""),
    )
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


CEL = (
    cel("CHAN_START", 0, exten="0445550000")
    + cel("ANSWER", 1)
    + cel("APP_START", 2, "Playback", "custom/record-notice")
    + cel("APP_END", 8, "Playback", "custom/record-notice")
    + cel("APP_START", 8, "MixMonitor", "2026/11/05/q-700-380501112233-20261105-101502-" + ID + ".wav,b,")
    + cel("APP_START", 9, "Queue", "700,t,,")
    + cel("CHAN_START", 10, id="1793866512.124", channel="PJSIP/101-0000001c", number="101")
    + cel("BRIDGE_ENTER", 15, "Queue", "700,t,,", peer="PJSIP/101-0000001c")
    + cel("HANGUP", 388)
    + cel("CHAN_END", 388)
    + cel("LINKEDID_END", 388)
)

QUEUE_LOG = (
    f"1793866511|{ID}|700|NONE|ENTERQUEUE||380501112233|1\n"
    f"1793866516|{ID}|700|PJSIP/102|RINGNOANSWER|1000\n"
    f"1793866517|{ID}|700|PJSIP/101|CONNECT|6|1793866512.124|5\n"
    f"1793866890|{ID}|700|PJSIP/101|COMPLETECALLER|6|373|1\n"
)


def read(
    tmp_path: Path, files: dict[str, str | bytes], rules: PbxRules | None = None, **incident: Any
) -> Any:
    """The logs of an incident whose one call has the id above."""
    folder = with_logs(tmp_path, files, **incident)
    return {log.name: log for log in read_logs(folder, rules or PbxRules(ZONE), open_exhibit)}


def with_logs(tmp_path: Path, files: dict[str, str | bytes], **incident: Any) -> IncidentFolder:
    given = {"calls": [call(id=ID)], "exhibits": [{"file": name, "role": "pbx"} for name in files]}
    path = make(tmp_path / "incident", **{**given, **incident})
    for name, text in files.items():
        (path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_folder(path)


def one(tmp_path: Path, data: str | bytes, name: str = "a.csv", **given: Any) -> PbxLog:
    """The one log of an incident."""
    found = read(tmp_path, {name: data}, **given)[name]
    assert isinstance(found, PbxLog)
    return found


def codes(log: PbxLog) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in log.problems]


def mapping(**section: Any) -> PbxRules:
    return PbxRules(ZONE, (PbxMapping.of("test", section),))


def stream(data: bytes) -> BinaryIO:
    return io.BytesIO(data)
