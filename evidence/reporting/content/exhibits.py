"""The exhibits: recordings and papers, each with its digest, and what its bytes are found to be."""

from collections.abc import Mapping
from typing import Any

from evidence.messages import fits
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, Line
from evidence.reporting.content.case import Case, file_name, milliseconds, role
from evidence.reporting.content.words import known, label, say, size
from evidence.text import visible
from evidence.verify.durations import clock

Record = Mapping[str, Any]


def section(case: Case) -> Block:
    """A table of all exhibits."""
    heads = [say(f"report.exhibit_{name}") for name in ("id", "file", "facts")]
    both = [*case.recordings, *case.others]
    rows = [[blocks.line(e["exhibit"], "strong"), _file(e), _facts(e)] for e in both]
    made = [
        blocks.paragraph(say("report.exhibits_intro")),
        blocks.table(heads, [0, 5, 4], rows),
    ]
    return blocks.section(say("report.section_exhibits"), made)


def _file(exhibit: Record) -> Cell:
    lines: list[Line] = [blocks.line(file_name(exhibit), "strong")]
    if "title" in exhibit:
        lines.append(visible(exhibit["title"]))
    return [
        *lines,
        blocks.line(say("report.sha256"), "small"),
        blocks.digest(exhibit["sha256"]),
    ]


def _facts(exhibit: Record) -> Cell:
    kept = exhibit.get("member") or say("report.kept_inside")
    lines: list[Line] = [role(exhibit), size(exhibit["size"])]
    if "recording" in exhibit:
        lines += recording(exhibit["recording"])
    return [*lines, blocks.line(say("report.kept_as", member=kept), "small")]


def recording(facts: Record) -> list[Line]:
    """What the bytes of a recording are, and what they only claim."""
    lines: list[Line] = [_sound(facts, facts["method"])]
    for place, track in enumerate(facts.get("tracks", ()), 2):
        lines.append(f"{label_of_track(place)}: {_sound(track, facts['method'])}")
    lines += [
        blocks.line(say("report.problem", text=known(f"media.problem_{code}", code)), "small")
        for code in facts["problems"]
    ]
    lines += [
        blocks.line(say("report.claim", name=_claim(name), value=visible(str(value))), "small")
        for name, value in sorted(facts["claims"].items())
    ]
    return lines


def label_of_track(place: int) -> str:
    """Which audio track it is, from 1."""
    return say("show.track", n=str(place))


def _sound(facts: Record, method: str) -> str:
    length = milliseconds(facts)
    if length is None or facts["channels"] is None:
        return f"{label('show.duration')}: {say('show.duration_unknown')}"
    codec = known(f"media.codec_{facts['codec']}", facts["codec"])
    channels = say("show.channels", n=facts["channels"])
    counted = known(f"show.method_{method}", method)
    return say(
        "report.sound",
        length=clock(length),
        method=counted,
        codec=codec,
        rate=str(facts["sample_rate"]),
        channels=channels,
    )


def _claim(name: str) -> str:
    """What a header or a tag claims, in words; a name that is unknown here stays as it is."""
    if name.startswith("tag_"):
        return say("show.claim_tag", name=visible(name.removeprefix("tag_")))
    key = f"show.claim_{name}"
    return say(key) if fits(key) else visible(name)
