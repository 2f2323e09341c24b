"""Whether the recording already runs when the notice is played.

What is decided by conditions, databases and programs can't be told from the text: then that is said. Of
FreePBX's sub-record-check the request is known: force, yes and always begin a recording, no and never don't,
and of dontcare the called extension's setting decides, which stands in a database.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum

from evidence.findings import Finding
from evidence.intake.dialplan.announcements import CALLER, Mention, played
from evidence.intake.dialplan.arguments import split
from evidence.intake.dialplan.inner import executed, is_conditional
from evidence.intake.dialplan.steps import Step
from evidence.operations.audit.findings import Found
from evidence.operations.doctor.pbx.flow import UNKNOWN, Flow, Key, Way
from evidence.operations.doctor.pbx.reading import Pbx
from evidence.operations.doctor.pbx.recordings import queue_formats
from evidence.operations.doctor.pbx.telling import place, shown

_STARTS = {"mixmonitor", "monitor", "record_session"}
_FREEPBX = "sub-record-check"
_ASKED = {"force": 2, "always": 2, "yes": 2, "delayed": 2, "no": 0, "never": 0}
_MOST = 50
_DEEPEST = 8
_BUDGET = 100_000


class Begun(IntEnum):
    """Whether a recording has begun."""

    NO = 0
    PERHAPS = 1
    YES = 2


class Order:
    """Answers what is recorded before and after a step.

    Args:
        pbx: what was read.
        flow: its ways.
    """

    def __init__(self, pbx: Pbx, flow: Flow) -> None:
        self._flow = flow
        self._pbx = pbx
        self._queues = {section.name for section, _setting in queue_formats(pbx)}
        self._within: dict[Key, Begun] = {}
        self._budget = _BUDGET

    def before(self, step: Step, depth: int = 0, seen: frozenset[Key] = frozenset()) -> Begun:
        """What has begun when a step is reached; of several ways to it, the one on which least has."""
        key = (step.context, step.extension)
        here = self._most(self._flow.before(step), goes_away=False)
        if here is Begun.YES or depth >= _DEEPEST or not self._can_go_on():
            return here
        ways = [way for way in self._flow.into(key) if (way.step.context, way.step.extension) not in seen]
        known = [self.before(way.step, depth + 1, seen | {key}) for way in ways[:_MOST]]
        return max(here, min(known)) if known else here

    def after(self, step: Step, depth: int = 0) -> Begun:
        """What may begin after a step, in its extension, where that leads, and behind the calls to it."""
        key = (step.context, step.extension)
        here = self._most(self._flow.after(step), goes_away=True)
        if here is Begun.YES or depth >= _DEEPEST or not self._can_go_on():
            return here
        back = [way.step for way in self._flow.into(key)[:_MOST] if way.returns]
        return max([here, *(self.after(each, depth + 1) for each in back)])

    def _most(self, steps: Iterable[Step], *, goes_away: bool) -> Begun:
        """What the steps begin; a jump away from them counts or doesn't."""
        found = Begun.NO
        for step in steps:
            found = max(found, self._begins(step, 0, goes_away=goes_away))
            if found is Begun.YES or not self._can_go_on():
                break
        return found

    def _can_go_on(self) -> bool:
        self._budget -= 1
        return self._budget > 0

    def _begins(self, step: Step, depth: int, *, goes_away: bool = True) -> Begun:
        """Whether a step begins a recording, by itself or in what it leads to."""
        found = Begun.NO
        for inner in executed(step):
            if inner.name in _STARTS:
                found = max(found, Begun.PERHAPS if is_conditional(step) else Begun.YES)
            elif inner.name == "queue" and not inner.is_xml:
                found = max(found, self._queue(self._pbx.resolved(inner.data, step)))
        for way in self._flow.ways(step):
            if (way.returns or goes_away) and way.to != (step.context, step.extension):
                found = max(found, self._leads(way, depth))
        return found

    def _queue(self, data: str) -> Begun:
        name = split(data)[0]
        if "${" in name:
            return Begun.PERHAPS if self._queues else Begun.NO
        return Begun.YES if name in self._queues else Begun.NO

    def _leads(self, way: Way, depth: int) -> Begun:
        if way.to[0] == _FREEPBX and way.arguments:
            return _asked(way)
        found = max((self._inside(key, depth + 1) for key in self._flow.led(way.to)), default=Begun.NO)
        is_sure = way.to[1] != UNKNOWN and not is_conditional(way.step)
        return found if is_sure else min(found, Begun.PERHAPS)

    def _inside(self, key: Key, depth: int) -> Begun:
        """Whether an extension begins a recording somewhere."""
        if key not in self._within and depth <= _DEEPEST:
            self._within[key] = Begun.NO  # against circles
            self._within[key] = max(
                (self._begins(step, depth) for step in self._flow.steps(key) if self._can_go_on()),
                default=Begun.NO,
            )
        return self._within.get(key, Begun.NO)


def _asked(way: Way) -> Begun:
    """What a call of FreePBX's sub-record-check asks for: (kind, whom, request)."""
    kind, _whom, request, *_ = [*way.arguments, "", "", ""]
    if kind in {"out", "exten", "parked"} or "${" in request:
        return Begun.PERHAPS
    return Begun(_ASKED.get(request.lower(), 0))


def check(pbx: Pbx, mentions: Collection[Mention], *, is_recorded: bool, found: Found) -> None:
    """Compare the places where the notice is played with those where recordings begin.

    Args:
        pbx: what was read.
        mentions: where the notice is played.
        is_recorded: whether anything is recorded at all.
        found: takes findings.
    """
    if not is_recorded:
        return
    order = Order(pbx, Flow(pbx))
    heard = [(each, each.step) for each in mentions if each.side == CALLER and each.step is not None]
    for mention, step in heard[:_MOST]:
        before = order.before(step)
        if before is Begun.YES:
            continue
        is_late = before is Begun.NO and order.after(step) is not Begun.NO
        code = "PBX_RECORDING_AFTER_NOTICE" if is_late else "PBX_RECORDING_UNDECIDED"
        found(Finding(code, place(step), {"name": mention.name, "context": _where(step)}))


def check_any(pbx: Pbx, *, found: Found) -> None:
    """The same of all that is played, where nobody says which of it is the notice: one place an extension."""
    order = Order(pbx, Flow(pbx))
    told: set[Key] = set()
    for step, name in _sounds(pbx):
        key = (step.context, step.extension)
        if key in told or len(told) >= _MOST:
            continue
        told.add(key)
        if order.before(step) is Begun.NO and order.after(step) is not Begun.NO:
            found(Finding("PBX_RECORDING_AFTER_SOUND", place(step), {"name": name, "context": _where(step)}))


def _sounds(pbx: Pbx) -> Iterator[tuple[Step, str]]:
    for step in pbx.steps:
        for inner in executed(step):
            for text, side in played(inner):
                if side == CALLER and text:
                    yield step, shown(pbx.resolved(text, step))


def _where(step: Step) -> str:
    return shown(f"[{step.context}] {step.extension}")
