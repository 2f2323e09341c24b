"""How a PBX records: options, formats, file names and commands that cost proof."""

import re

from evidence.findings import Finding
from evidence.intake.dialplan.arguments import options
from evidence.intake.dialplan.settings import Setting
from evidence.intake.dialplan.steps import Step
from evidence.operations.audit.findings import Found
from evidence.operations.doctor.pbx.reading import Pbx
from evidence.operations.doctor.pbx.recordings import (
    Recording,
    queue_formats,
    recordings,
    records_conferences,
    without,
)
from evidence.operations.doctor.pbx.telling import change, place, shown

LOSSY = frozenset(
    (
        "gsm",
        "wav49",
        "WAV",
        "mp3",
        "g722",
        "g723",
        "g726",
        "g729",
        "ilbc",
        "ogg",
        "opus",
        "spx",
        "vox",
        "siren7",
    )
)
"""Formats that leave out a part of what was heard on the line."""

_REPEATED = re.compile(
    r"\$\{(?:EXTEN|CONTEXT|PRIORITY|FROM_DID|CALLERID\([a-z]{1,10}\)|ARG\d|CDR\((?:src|dst)\))(?::[-\d:]{1,10})?\}",
    re.IGNORECASE,
)
"""Variables that are the same in another call."""

_RECEIVES = re.compile(
    r"(?:/[\w./-]{1,200}/)?evidence receive [^;&|`$()<>\n]*(?:\$\{[A-Z_]+\}[^;&|`$()<>\n]*)*"
)
"""`evidence receive`, which only reads the recording."""
_DESTROYS = re.compile(
    r"(?:^|[\s/;&|`(])(rm|mv|unlink|shred|lame|sox|ffmpeg|avconv|opusenc|oggenc|flac|twolame|mpg123|truncate)"
    r"(?=$|[\s;&|`)])"
)
_DECISIVE = re.compile(r"record_(?:bridge_req|stereo|stereo_swap)\s{0,9}=\s{0,9}(\w+)", re.IGNORECASE)


def check(pbx: Pbx, found: Found) -> None:
    """Look at everything that records."""
    seen = list(recordings(pbx))
    queues = list(queue_formats(pbx))
    if not seen and not queues and not records_conferences(pbx):
        found(Finding("PBX_NOT_RECORDED", str(pbx.directory.root)))
    for recording in seen:
        if recording.step.is_xml:
            continue
        _options(pbx, recording, found)
        _format(recording.format, recording.step, recording.step.text, found)
        _name(recording, found)
        _command(pbx, recording, found)
    for _section, setting in queues:
        _format(setting.value, setting, f"{setting.name}={setting.value}", found)
    _freeswitch(pbx, [each for each in seen if each.step.is_xml], found)


def _options(pbx: Pbx, recording: Recording, found: Found) -> None:
    given, step = recording.options, recording.step
    values = {"step": shown(step.text)}
    if "b" in given:
        found(_bridged(pbx, recording))
    if recording.application == "monitor":
        return
    if "s" in given:
        to = without(recording, "s")
        found(Finding("PBX_RECORDING_DELAYED", place(step), {**values, "do": change(step, to)}))
    if "d" in given:
        to = without(recording, "d")
        found(Finding("PBX_RECORDING_DELETED", place(step), {**values, "do": change(step, to)}))
    changed = "".join(letter for letter in "vVW" if letter in given)
    if changed:
        to = without(recording, changed)
        found(Finding("PBX_VOLUME_CHANGED", place(step), {**values, "do": change(step, to)}))
    if "D" in given and recording.format not in {"raw", "sln", "slin"}:
        found(Finding("PBX_STEREO_NOT_RAW", place(step), values))
    if "D" not in given and not ("r" in given and "t" in given):
        found(Finding("PBX_MIXED_CHANNELS", place(step), values))


def _bridged(pbx: Pbx, recording: Recording) -> Finding:
    """Option b; where it comes from a variable of FreePBX, that one is to be changed."""
    step = recording.step
    variable = pbx.variables.stated("MONITOR_REC_OPTION")
    from_variable = "b" not in options(recording.written) and "MONITOR_REC_OPTION" in recording.written
    at: Step | Setting = variable if from_variable and variable is not None else step
    to = "MONITOR_REC_OPTION = " if at is variable else without(recording, "b")
    values = {"step": shown(step.text), "do": change(at, to)}
    return Finding("PBX_MIXMONITOR_BRIDGED", place(step), values)


def _format(name: str, at: Step | Setting, text: str, found: Found) -> None:
    if name in LOSSY or name.lower().partition("-")[0] in LOSSY:
        found(Finding("PBX_LOSSY_FORMAT", place(at), {"format": name, "step": shown(text)}))


def _name(recording: Recording, found: Found) -> None:
    """A name that each call gives anew, and a file that isn't continued."""
    if recording.application == "monitor" and not recording.file.rpartition(".")[0]:
        return  # without a name it is the channel's, which is unique
    if "a" not in recording.options and "${" not in _REPEATED.sub("", recording.file):
        values = {"file": shown(recording.file), "step": shown(recording.step.text)}
        found(Finding("PBX_OVERWRITTEN", place(recording.step), values))


def _command(pbx: Pbx, recording: Recording, found: Found) -> None:
    if not recording.command.strip() or recording.command.strip() == "${MIXMON_POST}":
        return
    if _RECEIVES.fullmatch(recording.command.strip()):
        return
    variable = pbx.variables.stated("MIXMON_POST")
    is_global = variable is not None and "MIXMON_POST" in recording.step.data
    at = place(variable) if is_global and variable is not None else place(recording.step)
    harm = _DESTROYS.search(recording.command)
    values = {"command": shown(recording.command), "program": harm[1] if harm else ""}
    found(Finding("PBX_POST_COMMAND" if harm else "PBX_POST_UNKNOWN", at, values))


def _freeswitch(pbx: Pbx, seen: list[Recording], found: Found) -> None:
    """FreeSWITCH's variables, which some action sets before record_session."""
    said = {}
    for step in pbx.steps:
        if step.is_xml and step.name in {"set", "export"} and (match := _DECISIVE.search(step.data)):
            said[step.data.partition("=")[0].strip().lower()] = (match[1].lower() == "true", step)
    bridged = said.get("record_bridge_req")
    if bridged and bridged[0]:
        step = bridged[1]
        to = f'<action application="{step.application}" data="RECORD_BRIDGE_REQ=false"/>'
        values = {"step": shown(step.text), "do": change(step, to)}
        found(Finding("PBX_MIXMONITOR_BRIDGED", place(step), values))
    for recording in seen:
        _format(recording.format, recording.step, recording.step.text, found)
        if "${" not in recording.file:
            values = {"file": shown(recording.file), "step": shown(recording.step.text)}
            found(Finding("PBX_OVERWRITTEN", place(recording.step), values))
        if not said.get("record_stereo", (False, None))[0]:
            found(Finding("PBX_MIXED_CHANNELS", place(recording.step), {"step": shown(recording.step.text)}))
