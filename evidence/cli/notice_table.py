"""Versions of the recording notice, for people and for scripts. Nothing of a damaged document is shown."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from evidence.cli import console
from evidence.cli.fields import field
from evidence.cli.fingerprints import print_fingerprint
from evidence.messages import fits, t
from evidence.model import names
from evidence.model.notice import KeyClause, Notice, Sound, StatedTime
from evidence.operations.notices import SHORT, NoticeVersion
from evidence.text import visible
from evidence.verify.durations import clock

_TITLE = 32


def print_added(version: NoticeVersion, *, as_json: bool) -> None:
    """Print what was added, then warn of what is odd about the sound."""
    notice = version.notice
    if as_json:
        console.json_line(_added_document(version))
    else:
        console.line(t("notice.added", id=version.id))
        console.line(t("notice.entry", sequence=version.sequence))
        print_fingerprint(t("notice.fingerprint"), version.sha256.hex())
    if notice and notice.sound:
        _warn_of_sound(notice.sound)


def _added_document(version: NoticeVersion) -> dict[str, Any]:
    sound = version.notice.sound if version.notice else None
    return {
        "notice_id": version.id,
        "sequence": version.sequence,
        "custody_sha256": version.sha256.hex(),
        "replaces": (version.notice and version.notice.replaces) or None,
        "sound_sha256": sound.sha256.hex() if sound else None,
        "milliseconds": sound.recording.milliseconds if sound else None,
        "recording_problems": list(sound.recording.problems) if sound else [],
    }


def _warn_of_sound(sound: Sound) -> None:
    for problem in sound.recording.problems:
        reason = _known(f"media.problem_{problem}", problem)
        console.warning(console.words("notice.sound_problem", file=sound.name, reason=reason))
    if sound.recording.milliseconds is None:
        console.warning(console.words("notice.duration_unknown", file=sound.name), t("notice.duration_hint"))


def print_table(found: Sequence[NoticeVersion], now: dt.datetime) -> None:
    """Print a line for each version, under a heading; or say that there is none."""
    if not found:
        console.note(t("notice.none"), t("notice.none_hint"))
        return
    rows = [_cells(version, now) for version in found]
    heading = [
        t(f"notice.column_{name}") for name in ("id", "language", "title", "validity", "now", "approved")
    ]
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    for row_ in (heading, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row_, widths, strict=True))
        console.line("  ".join(cells).rstrip())


def _cells(version: NoticeVersion, now: dt.datetime) -> list[str]:
    notice = version.notice
    if notice is None:
        return [version.id[:SHORT], "?", t("notice.damaged_cell"), "?", "?", "?"]
    in_force = t("notice.yes" if version.is_in_force(now) else "notice.no")
    validity = f"{visible(notice.valid_from.text)} – {_end(version.ends)}"
    title = visible(notice.known_as)
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return [version.id[:SHORT], notice.language, title, validity, in_force, visible(notice.approved_by)]


def _end(ends: StatedTime | None) -> str:
    return visible(ends.text) if ends else "…"


def row(version: NoticeVersion, now: dt.datetime) -> dict[str, Any]:
    """A version as a JSON value; times are UTC."""
    notice = version.notice
    return {
        "notice_id": version.id,
        "sequence": version.sequence,
        "language": notice.language if notice else None,
        "title": notice.known_as if notice else None,
        "valid_from": notice.valid_from.utc if notice else None,
        "ends": version.ends.utc if version.ends else None,
        "in_force": version.is_in_force(now) if notice else None,
        "approved_by": notice.approved_by if notice else None,
        "replaced_by": version.replaced_by or None,
        "problem": version.problem or None,
    }


def version_document(version: NoticeVersion, now: dt.datetime) -> dict[str, Any]:
    """All that is known of a version as a JSON value."""
    notice = version.notice
    document = notice.to_document("") if notice else None
    if document is not None:
        del document["salt"]
    shown = {"custody_sha256": version.sha256.hex() or None, "sound": str(version.sound or "") or None}
    return {**row(version, now), **shown, "notice": document}


def print_version(version: NoticeVersion, now: dt.datetime) -> None:
    """Print all facts about a version, and what follows from those added later."""
    console.line(t("notice.heading", id=version.id))
    console.line("  ", t("notice.entry", sequence=version.sequence))
    if version.sha256:
        print_fingerprint(t("notice.fingerprint"), version.sha256.hex(), "  ")
    if version.notice is None:
        return
    print_statements(version.notice)
    if version.replaced_by:
        field(t("notice.field_replaced_by"), version.replaced_by)
    if version.ends and version.ends != version.notice.valid_to:
        field(t("notice.field_ends"), _time(version.ends))
    field(t("notice.field_in_force"), t("notice.yes" if version.is_in_force(now) else "notice.no"))
    if version.notice.sound:
        _print_sound(version.notice.sound, str(version.sound))


def print_statements(notice: Notice, indent: str = "  ") -> None:
    """Print what is stated of a version."""
    added = notice.added
    for name, value in (
        ("title", notice.title),
        ("language", notice.language),
        ("text", notice.text),
        ("key_clause", clause_words(notice.key_clause)),
        ("valid_from", _time(notice.valid_from)),
        ("valid_to", _time(notice.valid_to) if notice.valid_to else ""),
        ("approved_by", notice.approved_by),
        ("replaces", notice.replaces),
        ("played_as", ", ".join(notice.played_as)),
        ("added", f"{added.claimed_time}, {added.operator}@{added.host}, evidence {added.software}"),
    ):
        if value:
            field(t(f"notice.field_{name}"), value, indent)


def _print_sound(sound: Sound, path: str) -> None:
    facts = sound.recording
    length = t("notice.length_unknown") if facts.milliseconds is None else clock(facts.milliseconds)
    name = names.to_document(sound.name)
    field(t("notice.field_sound"), path)
    field(t("notice.field_file"), name if isinstance(name, str) else sound.name)
    field(t("notice.field_size"), t("show.bytes", n=sound.size))
    field(t("notice.field_codec"), _known(f"media.codec_{facts.codec}", facts.codec))
    field(t("notice.field_length"), length)
    for problem in facts.problems:
        field(t("notice.field_problem"), _known(f"media.problem_{problem}", problem))
    print_fingerprint(t("notice.sound_fingerprint"), sound.sha256.hex(), "  ")


def _known(message: str, code: str) -> str:
    """The words for a code; the code itself where a later version noted one that this one doesn't know."""
    return t(message) if fits(message) else code


def clause_words(clause: KeyClause) -> str:
    """Where the key clause is, and its words where they are known."""
    place = "" if clause.start is None else f"{clock(clause.start)} – {clock(clause.end or 0)}"
    quoted = t("notice.quoted", words=clause.text) if clause.text else ""
    return "  ".join(filter(None, (place, quoted)))


def _time(time: StatedTime) -> str:
    return t("notice.time_shown", text=time.text, source=time.source, utc=time.utc)


def tell_problem(version: NoticeVersion) -> None:
    """Say loudly what is wrong with a version."""
    reason = t(f"notice.problem_{version.problem}")
    console.error(t("notice.failed", id=version.id[:SHORT], reason=reason), t("notice.failed_hint"))
