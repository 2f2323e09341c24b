"""Steps that record, and what they record how.

MixMonitor's options are those of docs.asterisk.org, "MixMonitor" (and app_mixmonitor.c): a appends, b
records only while bridged, D writes both directions as raw stereo, r and t write each into a file of its
own, v, V and W change the volume, s begins later, d deletes in the end. Monitor's are those of Asterisk 18
and before. FreeSWITCH's are variables (developer.signalwire.com, "mod_dptools: record_session").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence.intake.dialplan.arguments import options, split, without_options
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.settings import Section, Setting
from evidence.intake.dialplan.steps import Step
from evidence.operations.doctor.pbx.reading import Pbx


@dataclass(frozen=True, slots=True)
class Recording:
    """A step that begins a recording.

    Attributes:
        step: as it stands in the dialplan.
        inner: what records; the step itself, but where that runs another one.
        file: name of the file with the values of variables put in, as far as they are known.
        written: options as they are written.
        options: options with the values of variables put in, by their letters.
        command: what is run in the end, with the values of variables put in.
    """

    step: Step
    inner: Step
    file: str
    written: str
    options: Mapping[str, str]
    command: str = ""

    @property
    def application(self) -> str:
        """``mixmonitor``, ``monitor``, ``record_session`` or ``record``."""
        return self.inner.name

    @property
    def format(self) -> str:
        """The ending of the file in lower case, but ``WAV`` as it is: that is another format than ``wav``."""
        ending = self.file.rpartition(".")[2].strip()
        return ending if ending == "WAV" else ending.lower()


def recordings(pbx: Pbx) -> Iterator[Recording]:
    """All steps that begin a recording, in order."""
    for step in pbx.steps:
        for inner in executed(step):
            found = _recording(pbx, step, inner)
            if found is not None:
                yield found


def _recording(pbx: Pbx, step: Step, inner: Step) -> Recording | None:
    if inner.is_xml:
        is_record = inner.name in {"record_session", "record"}
        return Recording(step, inner, inner.data, "", {}) if is_record else None
    if inner.name == "mixmonitor":
        file, written, command = _three(inner.data)
        resolved = pbx.resolved(file, step), pbx.resolved(written, step), pbx.resolved(command, step)
        return Recording(step, inner, _format(pbx, resolved[0]), written, options(resolved[1]), resolved[2])
    if inner.name == "monitor":
        ending, file, written = _three(inner.data)
        ending = pbx.resolved(ending, step).partition(":")[0] or "wav"
        return Recording(step, inner, f"{pbx.resolved(file, step)}.{ending}", written, options(written))
    return None


def without(recording: Recording, letters: str) -> str:
    """The step as it would be written without some of its options."""
    arguments = split(recording.inner.data, ",", 3, keeps_quotes=True)
    place = 2 if recording.application == "monitor" else 1
    if place < len(arguments):
        arguments[place] = without_options(arguments[place], letters)
    changed = f"{recording.inner.application}({','.join(arguments)})"
    return recording.step.text.replace(recording.inner.text, changed, 1)


def _three(data: str) -> tuple[str, str, str]:
    first, second, third, *_ = [*split(data, ",", 3), "", "", ""]
    return first, second, third


def _format(pbx: Pbx, file: str) -> str:
    """The name with its ending; FreePBX makes that out of its global MIXMON_FORMAT under a condition."""
    stem, dot, ending = file.rpartition(".")
    stated = pbx.variables.stated("MIXMON_FORMAT")
    return f"{stem}.{stated.value}" if dot and stated is not None and "${" in ending else file


def queue_formats(pbx: Pbx) -> Iterator[tuple[Section, Setting]]:
    """Queues that record by themselves once an agent is connected, and the setting with the format."""
    for section in pbx.queues:
        setting = section.last("monitor-format")
        if section.name.lower() != "general" and not section.is_template and setting and setting.value:
            yield section, setting


def records_conferences(pbx: Pbx) -> bool:
    """Whether a conference is recorded by ConfBridge."""
    return any(
        inner.name == "set" and "record_conference)=yes" in inner.data.replace(" ", "")
        for step in pbx.steps
        for inner in executed(step)
    )
