"""Markers as an annotation document of ELAN (https://www.mpi.nl/tools/elan/EAFv3.0.xsd).

A tier for each class, channel and person; where markers of a tier would overlap, which ELAN doesn't allow, a
further one. What each part says is told in evidence.intake.markerfiles.elan. ELAN knows no points: one is an
annotation of a millisecond.
"""

import datetime as dt
import html
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from evidence.intake import percents
from evidence.intake.markerexport.texts import end_of, one_line, speaker
from evidence.intake.positions import MAX_MS

Marker = Mapping[str, Any]
_Placed = tuple[int, int, Marker]

_TYPE = "marker"


def write(markers: Sequence[Marker], recording: str, at: dt.datetime) -> bytes:
    """The document.

    Args:
        markers: those of one recording.
        recording: its name (evidence.model.names); empty when there is none.
        at: when the document is made; aware.
    """
    tiers = _tiers(markers)
    edges = [edge for tier in tiers.values() for start, end, _marker in tier for edge in (start, end)]
    order = sorted(range(len(edges)), key=edges.__getitem__)
    slots = {place: f"ts{number}" for number, place in enumerate(order, 1)}
    free = iter([slots[place] for place in range(len(edges))])
    ids = map("a{}".format, count(1))
    body = [row for name, tier in tiers.items() for row in _tier(name, tier, free, ids)]
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _opened(
            "ANNOTATION_DOCUMENT",
            AUTHOR="",
            DATE=at.isoformat(timespec="seconds"),
            FORMAT="3.0",
            VERSION="3.0",
            **{
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd",
            },
        ),
        *_header(recording),
        "<TIME_ORDER>",
        *(_element("TIME_SLOT", TIME_SLOT_ID=slots[at], TIME_VALUE=str(edges[at])) for at in order),
        "</TIME_ORDER>",
        *body,
        _element(
            "LINGUISTIC_TYPE", GRAPHIC_REFERENCES="false", LINGUISTIC_TYPE_ID=_TYPE, TIME_ALIGNABLE="true"
        ),
        "</ANNOTATION_DOCUMENT>",
    ]
    return ("\n".join(rows) + "\n").encode("utf-8")


def _header(recording: str) -> Iterator[str]:
    yield _opened("HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if recording:
        url = f"./{percents.encode(recording)}"
        mime = "audio/x-wav" if recording.lower().endswith(".wav") else "unknown"
        yield _element("MEDIA_DESCRIPTOR", MEDIA_URL=url, MIME_TYPE=mime, RELATIVE_MEDIA_URL=url)
    yield "</HEADER>"


def _tiers(markers: Sequence[Marker]) -> dict[str, list[_Placed]]:
    """The markers by the tiers' names; within a tier none overlaps another."""
    rows: dict[tuple[str, str, str], list[list[_Placed]]] = {}
    for marker in sorted(markers, key=lambda item: int(item["start_ms"])):
        start, end = marker["start_ms"], end_of(marker)
        placed = start, min(start + 1, MAX_MS) if end is None else end, marker
        lanes = rows.setdefault((marker["class"], speaker(marker), marker["asserted_by"]), [])
        free = next((lane for lane in lanes if lane[-1][1] <= start), None)
        if free is None:
            lanes.append([placed])
        else:
            free.append(placed)
    found: dict[str, list[_Placed]] = {}
    for (kind, voice, _person), lanes in rows.items():
        for lane in lanes:
            found[_free_name(f"{kind}@{voice}" if voice else kind, found)] = lane
    return found


def _free_name(wanted: str, taken: Mapping[str, object]) -> str:
    names = (wanted if number == 1 else f"{wanted}#{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _tier(name: str, tier: Sequence[_Placed], slots: Iterator[str], ids: Iterator[str]) -> Iterator[str]:
    """The rows of a tier; each annotation takes the next two slots."""
    first = tier[0][2]
    yield _opened(
        "TIER",
        ANNOTATOR=one_line(first["asserted_by"]),
        LINGUISTIC_TYPE_REF=_TYPE,
        PARTICIPANT=speaker(first),
        TIER_ID=name,
    )
    for _start, _end, marker in tier:
        refs = {"TIME_SLOT_REF1": next(slots), "TIME_SLOT_REF2": next(slots)}
        note = _opened("ALIGNABLE_ANNOTATION", ANNOTATION_ID=next(ids), **refs)
        value = f"<ANNOTATION_VALUE>{html.escape(one_line(marker.get('words', '')))}</ANNOTATION_VALUE>"
        yield f"<ANNOTATION>{note}{value}</ALIGNABLE_ANNOTATION></ANNOTATION>"
    yield "</TIER>"


def _opened(name: str, **given: str) -> str:
    fields = "".join(f' {key}="{html.escape(value)}"' for key, value in given.items())
    return f"<{name}{fields}>"


def _element(name: str, **given: str) -> str:
    return f"{_opened(name, **given)[:-1]}/>"
