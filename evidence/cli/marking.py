"""Markers made from options, questions and marker files."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evidence.cli import stated
from evidence.cli.classnames import all_classes
from evidence.cli.heard import place
from evidence.cli.interview import Interview
from evidence.cli.question import Questions
from evidence.errors import UsageError
from evidence.intake import positions
from evidence.intake.markerfiles.classes import CODES, OwnClasses
from evidence.messages import t
from evidence.operations import placing
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.intake.markerfiles.drafts import Draft as FileMarker
    from evidence.model.recording import RecordingFacts
    from evidence.operations.body import Probe
    from evidence.operations.incidents import Draft

Marker = dict[str, Any]

_NUMBERED = re.compile(r"channel ([0-9]|[12][0-9]|3[01])")


class Marking:
    """Makes the markers of one incident; each is checked against its recording's true duration.

    Args:
        draft: the incident.
        given: the options of `mark add` or `mark import`, by name.
        interview: for persons and times.
        questions: asks, where it may.
        probe: determines facts about a recording.
        own: the vault's own classes.
    """

    def __init__(
        self,
        draft: "Draft",
        given: dict[str, Any],
        interview: Interview,
        questions: Questions,
        probe: "Probe",
        *,
        own: OwnClasses,
    ) -> None:
        self._draft = draft
        self._given = given
        self._interview = interview
        self._ask = questions
        self._probe = probe
        self._own = own
        self._facts: dict[str, RecordingFacts] = {}

    def one(self, position: str | None) -> Marker:
        """The marker that options and answers make.

        Raises:
            UsageError: something is missing or wrong, or the place lies after the recording's end.
        """
        given = self._given
        recording = placing.recording_of(self._draft, given["recording"])
        start, end = self._range(position, given["end"])
        self._check(recording.name, max(start, end or 0), self._shared()["channel"])
        marker_class = self._class()
        words = given["words"]
        if words is None:
            words = self._ask.optional(t("ask.words"), stated.text)
        return _kept(
            {
                "recording": recording.document,
                "start_ms": start,
                "end_ms": end,
                **marker_class,
                "words": words,
                **self._shared(),
                "asserted_by": self._interview.by(),
                "asserted_at": self._asserted_at(),
            }
        )

    def imported(self, file: str, found: "Sequence[FileMarker]") -> list[Marker]:
        """The markers of a file; what it says goes before what the options say.

        Raises:
            UsageError: something is missing, or a place lies after its recording's end; the line is named.
        """
        return [self._merged(item, f"{visible(file)}:{item.line}") for item in found]

    def _merged(self, item: "FileMarker", where: str) -> Marker:
        named = item.recording or self._given["recording"] or item.media or None
        recording = placing.recording_of(self._draft, named)
        channel = self._channel(item, recording.name)
        self._check(recording.name, max(item.start_ms, item.end_ms or 0), channel, where)
        own = {"channel": channel, "language": item.language, "how": item.how, "note": item.note}
        said = _kept(
            {
                "recording": recording.document,
                "start_ms": item.start_ms,
                "end_ms": item.end_ms,
                **(self._known_class(item.marker_class) if item.marker_class else self._class()),
                "words": item.words,
                **self._shared("other"),  # nobody said that somebody listened
                **_kept(own),
                "asserted_by": item.asserted_by or self._interview.by(),
                "asserted_at": item.asserted_at or self._asserted_at(),
                "source": "" if item.is_whole else where,
            }
        )
        return {**said, **item.more, "recording": recording.document}

    def _channel(self, item: "FileMarker", recording: str) -> int | str | None:
        """The channel that the file tells; of a speaker only if a channel of the call has that name."""
        if item.channel is not None:
            return item.channel
        named = self._draft.folder.incident.channels_of(recording)
        if item.speaker in named:
            return item.speaker
        numbered = _NUMBERED.fullmatch(item.speaker)
        shared: int | str | None = self._shared()["channel"]
        return int(numbered[1]) if numbered else shared

    def _check(self, recording: str, last: int, channel: int | str | None, where: str = "") -> None:
        if recording not in self._facts:
            self._facts[recording] = placing.facts_of(self._draft, recording, self._probe)
        facts = self._facts[recording]
        placing.require_channel(self._draft, recording, channel, facts)
        if not self._given["beyond_end"]:
            placing.require_inside(recording, facts.milliseconds, last, where)

    def _class(self) -> Marker:
        """The class that the options name, else the answer, which holds for all markers that say none."""
        if not self._given["marker_class"]:
            if not self._ask.are_asked:
                hint = t("ask.no_class_hint", list=", ".join((*CODES, *self._own)))
                raise UsageError(t("ask.no_class"), hint)
            options = all_classes(self._own)
            self._given["marker_class"] = self._ask.choice(t("ask.class"), options, default="")
        return stated.marker_class(self._given["marker_class"], self._own)

    def _known_class(self, code: str) -> Marker:
        return {"class": code, "class_names": dict(self._own.get(code, {}))}

    def _shared(self, how: str = "listened") -> Marker:
        """The fields that the options say of every marker alike; how it came about unless they do."""
        given = self._given
        return {
            "channel": None if given["channel"] is None else stated.channel(given["channel"]),
            "language": given["language"],
            "how": given["how"] or how,
            "confidence": given["confidence"],
            "note": given["note"],
        }

    def _asserted_at(self) -> str:
        at = self._given["asserted_at"]
        return self._interview.time(at) if at else self._interview.now()

    def _range(self, position: str | None, end: str | None) -> tuple[int, int | None]:
        """Start and end in milliseconds; without an end it is a point."""
        if position is None:
            return self._ask.required(
                t("ask.position"), lambda: UsageError(t("ask.no_position"), t("ask.no_position_hint")), place
            )
        start, own_end = place(position)
        if end is None:
            return start, own_end
        last = positions.parse(end)
        if last < start:
            shown = visible(f"{position}-{end}")
            raise UsageError(
                t("markerfiles.range_backwards", text=shown), t("markerfiles.range_backwards_hint")
            )
        return start, last


def _kept(marker: Marker) -> Marker:
    return {key: value for key, value in marker.items() if value not in (None, "", {})}
