"""`evidence doctor --pbx`: its checks, one after another."""

from collections.abc import Sequence
from pathlib import Path

from evidence.findings import Finding
from evidence.intake.dialplan.announcements import CALLER, Mention, in_queues, in_steps
from evidence.intake.dialplan.directory import Trouble
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.sounds import Names
from evidence.messages import t
from evidence.operations.audit.findings import Found
from evidence.operations.doctor.pbx import logs, order, settings, sounds
from evidence.operations.doctor.pbx.reading import Pbx, read
from evidence.operations.doctor.pbx.recordings import queue_formats, recordings
from evidence.operations.doctor.pbx.telling import Telling, place
from evidence.operations.notices import SHORT, NoticeVersion

_USUAL = ("playback", "background")
_OUTSIDE = {"agi", "eagi", "fastagi", "stasis", "externalivr", "lua", "perl", "python", "javascript"}


def examine(
    folder: Path, sounds_folder: Path | None, versions: Sequence[NoticeVersion] | None, found: Found
) -> None:
    """Look for what costs proof of a call, or of the notice.

    Args:
        folder: the PBX's configuration directory, or a copy of it.
        sounds_folder: its folder of sounds; None where they aren't to be compared.
        versions: the versions of the notice in force; None where no vault was named.
        found: takes findings.

    Raises:
        UsageError: a folder isn't there, or holds no configuration.
        StoreError: it can't be listed.
    """
    pbx = read(folder)
    telling = Telling(found)
    named = [each for each in versions or () if each.notice is not None and each.notice.played_as]
    mentions = {each.id: _mentions(pbx, each) for each in named}
    everything = [mention for each in mentions.values() for mention in each]
    if not pbx.steps:
        telling(Finding("PBX_NO_DIALPLAN", str(folder)))
    else:
        settings.check(pbx, telling)
        _order(pbx, everything, is_named=bool(named), found=telling)
    if versions is not None:
        _played(folder, named, mentions, telling, has_dialplan=bool(pbx.steps))
    if sounds_folder is not None:
        sounds.check(sounds_folder, named, telling)
    logs.check(pbx, _playing(everything), telling)
    _elsewhere(pbx, telling)
    for trouble in pbx.directory.troubles:
        _trouble(trouble, telling)
    telling.close()


def _mentions(pbx: Pbx, version: NoticeVersion) -> list[Mention]:
    names = Names(version.notice.played_as if version.notice else ())
    return [*in_steps(pbx.steps, names, pbx.resolved), *in_queues(pbx.queues, names)]


def _order(pbx: Pbx, mentions: list[Mention], *, is_named: bool, found: Found) -> None:
    is_recorded = any(True for _ in recordings(pbx)) or any(True for _ in queue_formats(pbx))
    if is_named:
        order.check(pbx, mentions, is_recorded=is_recorded, found=found)
    elif is_recorded:
        order.check_any(pbx, found=found)


def _played(
    folder: Path,
    named: list[NoticeVersion],
    mentions: dict[str, list[Mention]],
    found: Found,
    *,
    has_dialplan: bool,
) -> None:
    """Whether the versions in force are played at all, and to the caller."""
    if not named:
        found(Finding("PBX_NOTICE_UNKNOWN", str(folder)))
    for version in named if has_dialplan else ():
        seen = mentions[version.id]
        names = ", ".join(version.notice.played_as) if version.notice else ""
        values = {"notice": version.id[:SHORT], "names": names}
        if not seen:
            found(Finding("PBX_NOTICE_NOT_PLAYED", str(folder), values))
        elif all(each.side != CALLER for each in seen):
            found(Finding("PBX_NOTICE_TO_AGENT", f"{seen[0].file}:{seen[0].line}", values))


def _playing(mentions: list[Mention]) -> list[str]:
    """Applications whose events show that the notice was played."""
    found = {each.application.lower() for each in mentions if each.step is not None and each.side == CALLER}
    return sorted(found) or list(_USUAL)


def _elsewhere(pbx: Pbx, found: Found) -> None:
    """What the text alone doesn't decide: programs, databases, other languages of dialplans."""
    for name in ("extensions.ael", "extensions.lua"):
        if pbx.directory.has(name):
            found(Finding("PBX_CONFIG_ELSEWHERE", name, {"what": name}))
    for setting in logs.realtime(pbx.sections("extconfig.conf")):
        what = f"{setting.name} => {setting.value}"
        found(Finding("PBX_CONFIG_ELSEWHERE", place(setting), {"what": what}))
    for step in pbx.steps:
        if any(inner.name in _OUTSIDE for inner in executed(step)):
            found(Finding("PBX_CONFIG_ELSEWHERE", place(step), {"what": step.text[:300]}))


def _trouble(trouble: Trouble, found: Found) -> None:
    where = f"{trouble.file}:{trouble.line}" if trouble.line else trouble.file
    if trouble.kind == "missing":
        found(Finding("PBX_INCLUDE_MISSING", where, {"file": trouble.detail}))
    elif trouble.kind == "executes":
        found(Finding("PBX_CONFIG_ELSEWHERE", where, {"what": f"#exec {trouble.detail}"}))
    else:
        reason = t(f"pbx.reason_{trouble.kind}", detail=trouble.detail)
        found(Finding("PBX_CONFIG_UNREADABLE", where, {"reason": reason}))
