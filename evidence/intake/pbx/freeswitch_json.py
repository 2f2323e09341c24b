"""FreeSWITCH's mod_json_cdr: one document about one leg of a call.

As of its documentation and the sample ``json_cdr.conf.xml``: ``variables`` (percent-encoded unless
``encode-values`` is off), ``callflow``, and in ``app_log`` each application with the microsecond at which it
was started. Applications of a leg run one after the other, so a sound had ended when the next one began.
"""

import re
from collections.abc import Iterator
from typing import Any

from evidence.intake.pbx import jsontext
from evidence.intake.pbx.draft import Draft, kept
from evidence.model import pbxlog

_MOST_APPLICATIONS = 5000
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAYING = {"playback", "endless_playback", "play_and_get_digits"}
_KINDS = {
    "answer": pbxlog.ANSWER,
    "record_session": pbxlog.RECORDING,
    "record": pbxlog.RECORDING,
    "transfer": pbxlog.TRANSFER,
    "callcenter": pbxlog.QUEUE,
    "fifo": pbxlog.QUEUE,
    "hangup": pbxlog.HANGUP,
}


def is_one(value: Any) -> bool:
    """Whether a value is such a document."""
    return isinstance(value, dict) and isinstance(value.get("variables"), dict)


def logs_playback(value: Any) -> bool | None:
    """Whether it tells which sounds were played: its list of applications is complete where there is one."""
    return True if isinstance(jsontext.at(value, "/app_log/applications"), list) else None


def drafts(value: Any, text: str, line: int, last_line: int) -> Iterator[Draft]:
    """What a document says: a draft of the call, then one of each application.

    Args:
        value: a document.
        text: of the whole file, to find the applications' lines in.
        line: where the document begins.
        last_line: where it ends.
    """
    said = _variables(value)
    common = {"id": said("uuid"), "linked_id": said("call_uuid"), "channel": said("channel_name")}
    flow = value.get("callflow")
    oldest = flow[-1] if isinstance(flow, list) and flow else flow  # the newest profile stands first
    profile = jsontext.at(oldest, "/caller_profile")
    party = {
        "caller": jsontext.words(jsontext.at(profile, "/caller_id_number")) or said("caller_id_number"),
        "caller_name": jsontext.words(jsontext.at(profile, "/caller_id_name")) or said("caller_id_name"),
        "callee": jsontext.words(jsontext.at(profile, "/destination_number")) or said("destination_number"),
    }
    yield Draft(
        line,
        last_line,
        pbxlog.CALL,
        at=_epoch(said("start_uepoch")) or said("start_stamp"),
        until=_epoch(said("end_uepoch")) or said("end_stamp"),
        length="" if _epoch(said("end_uepoch")) else said("duration"),
        values=kept(
            **common,
            **party,
            peer_id=said("bridge_uuid") or said("signal_bond"),
            queue=said("cc_queue"),
            agent=said("cc_agent"),
            agent_channel=said("bridge_channel"),
            answered=said("answer_stamp"),
            duration=said("duration"),
            talked=said("billsec"),
            disposition=said("hangup_cause"),
        ),
    )
    yield from _applications(value, common, text, line)


def _epoch(text: str) -> str:
    return "" if text == "0" else text


def _variables(value: Any) -> Any:
    """Reads a variable; what is percent-encoded is decoded where the document encodes values."""
    variables = value["variables"]
    is_encoded = "%" in jsontext.words(variables.get("start_stamp"))

    def said(name: str) -> str:
        found = jsontext.words(variables.get(name))
        if not is_encoded or "%" not in found:
            return found
        raw = _ENCODED.sub(lambda part: chr(int(part[1], 16)), found.encode("utf-8").decode("latin-1"))
        return raw.encode("latin-1").decode("utf-8", "backslashreplace")

    return said


def _applications(value: Any, common: dict[str, str], text: str, first: int) -> Iterator[Draft]:
    found = jsontext.at(value, "/app_log/applications")
    listed = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    stamps = [jsontext.words(item.get("app_stamp")) for item in listed]
    place, line = 0, 1
    for item, stamp, following in zip(listed[:_MOST_APPLICATIONS], stamps, [*stamps[1:], ""], strict=False):
        here = text.find(stamp, place) if stamp and place >= 0 else -1
        line += text.count("\n", place, here) if here >= 0 else 0
        place = here  # a stamp that isn't found was written in escapes: nobody but an attacker does so
        name, data = jsontext.words(item.get("app_name")), jsontext.words(item.get("app_data"))
        yield _application(name, data, (stamp, following), common, max(line, first))


def _application(name: str, data: str, stamps: tuple[str, str], common: dict[str, str], line: int) -> Draft:
    kind = pbxlog.PLAYBACK if name in _PLAYING else _KINDS.get(name, pbxlog.OTHER)
    at, following = stamps
    file = _played(name, data) if kind == pbxlog.PLAYBACK else data if kind == pbxlog.RECORDING else ""
    queue = data.split(" ", maxsplit=1)[0] if kind == pbxlog.QUEUE else ""
    return Draft(
        line,
        line,
        kind,
        at=at,
        until=following if kind == pbxlog.PLAYBACK else "",
        values=kept(**common, application=name, data=data, file=file, queue=queue),
    )


def _played(name: str, data: str) -> str:
    """The file that an application plays; of play_and_get_digits its sixth argument."""
    if name == "play_and_get_digits":
        arguments = data.split(" ")
        return arguments[5] if len(arguments) > 5 else ""
    return data.strip()
