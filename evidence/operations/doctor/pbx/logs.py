"""What a PBX writes down of calls: channel events (cel.conf), call records (cdr.conf), queues (logger.conf).

Settings and their defaults: cel.conf.sample, cdr.conf.sample and logger.conf.sample of Asterisk. Its cel.conf
sample says that ``apps=all`` follows every application; main/cel.c knows no such word and compares names, so
here it counts as none.
"""

from collections.abc import Collection

from evidence.findings import Finding
from evidence.intake.dialplan.settings import Section, Setting
from evidence.operations.audit.findings import Found
from evidence.operations.doctor.pbx.reading import Pbx
from evidence.operations.doctor.pbx.telling import place, shown

_TRUE = {"yes", "true", "y", "t", "1", "on"}
_NEEDED = ("APP_START", "APP_END")
_BACKENDS = ("cel_odbc.conf", "cel_pgsql.conf", "cel_sqlite3_custom.conf", "cel_tds.conf", "cel_custom.conf")
_TIMES = (
    "cdr.conf", "cdr_odbc.conf", "cdr_adaptive_odbc.conf", "cdr_pgsql.conf", "cel.conf", "cel_odbc.conf",
    "cel_pgsql.conf",
)  # fmt: skip


def check(pbx: Pbx, playing: Collection[str], found: Found) -> None:
    """Look at what is written down; a FreeSWITCH has none of these files.

    Args:
        pbx: what was read.
        playing: applications that play the notice, in lower case; the usual ones where that isn't known.
        found: takes findings.
    """
    if not pbx.is_asterisk:
        return
    _events(pbx, playing, found)
    for name in ("enable", "channeldefaultenabled"):
        setting = pbx.setting("cdr.conf", "general", name)
        if setting is not None and not _is_true(setting):
            found(Finding("PBX_CDR_OFF", place(setting), {"setting": _text(setting)}))
    queues = pbx.setting("logger.conf", "general", "queue_log")
    if queues is not None and not _is_true(queues):
        found(Finding("PBX_QUEUE_LOG_OFF", place(queues), {"setting": _text(queues)}))
    for file in _TIMES:
        for section in pbx.sections(file):
            setting = section.last("usegmtime")
            if setting is not None and _is_true(setting):
                found(Finding("PBX_CDR_UTC", place(setting), {"setting": _text(setting)}))


def _events(pbx: Pbx, playing: Collection[str], found: Found) -> None:
    enabled = pbx.setting("cel.conf", "general", "enable")
    if enabled is None or not _is_true(enabled):
        found(Finding("PBX_CEL_OFF", place(enabled) if enabled else "cel.conf"))
        return
    events = pbx.setting("cel.conf", "general", "events")
    given = _list(events)
    missing = [] if "all" in given else [name for name in _NEEDED if name.lower() not in given]
    if missing:
        values = {"missing": ", ".join(missing), "to": f"events={_joined(events, missing)}"}
        found(Finding("PBX_CEL_EVENTS", place(events or enabled), values))
    apps = pbx.setting("cel.conf", "general", "apps")
    unseen = sorted(name for name in playing if name not in _list(apps))
    if unseen and "stream_begin" not in given:
        values = {"missing": ", ".join(unseen), "to": f"apps={_joined(apps, unseen)}"}
        found(Finding("PBX_CEL_APPS", place(apps or enabled), values))
    if not _has_backend(pbx):
        found(Finding("PBX_CEL_NO_BACKEND", str(pbx.directory.root)))


def _joined(setting: Setting | None, more: Collection[str]) -> str:
    written = [each.strip() for each in setting.value.split(",")] if setting else []
    return shown(",".join([*(each for each in written if each and each.lower() != "all"), *more]))


def _has_backend(pbx: Pbx) -> bool:
    """Whether events are written anywhere: a file, a database, or the manager interface."""
    if any(section.settings for file in _BACKENDS for section in pbx.sections(file)):
        return True
    manager = pbx.setting("cel.conf", "manager", "enabled") or pbx.setting("cel.conf", "manager", "enable")
    radius = pbx.setting("cel.conf", "radius", "radiuscfg")
    beanstalk = pbx.setting("cel_beanstalkd.conf", "general", "enabled")
    return radius is not None or any(each is not None and _is_true(each) for each in (manager, beanstalk))


def _list(setting: Setting | None) -> set[str]:
    return {each.strip().lower() for each in setting.value.split(",")} if setting else set()


def _is_true(setting: Setting) -> bool:
    return setting.value.strip().lower() in _TRUE


def _text(setting: Setting) -> str:
    return shown(f"{setting.name}={setting.value}")


def realtime(sections: list[Section]) -> list[Setting]:
    """Settings of extconfig.conf that take the dialplan or queues out of a database."""
    wanted = {"extensions", "queues", "queues.conf", "extensions.conf"}
    return [each for section in sections for each in section.settings if each.name.lower() in wanted]
