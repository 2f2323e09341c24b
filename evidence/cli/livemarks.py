"""`evidence mark live INCIDENT`: markers made of the hot-key events that fall into an incident's calls."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidence.cli import console, stated
from evidence.cli.classnames import all_classes
from evidence.cli.interview import Interview, missing
from evidence.cli.livereading import Problems, begins, name_of, pieces_of
from evidence.cli.markers_shown import show_marker
from evidence.cli.question import Questions
from evidence.errors import ExitCode, UsageError
from evidence.intake.gap import clock
from evidence.intake.markerfiles.classes import CODES
from evidence.messages import t
from evidence.operations import hotkeys, placing
from evidence.operations.hotkeys import Sorted, Told
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.intake.hotkeys.tying import Span, Tied
    from evidence.model.recording import RecordingFacts
    from evidence.operations.body import Probe
    from evidence.operations.incidents import Draft
    from evidence.operations.seams import Seams
    from evidence.vault.vault import Vault

_MOST_MS = 86_400_000
_MOST_BEFORE_MS = 600_000


def mark(
    incident: str, source: str | None, given: dict[str, Any], vault: Path | None, *, as_json: bool
) -> int:
    """Make the markers, and tell what wasn't taken."""
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(opened, path, seams) as draft:
            work = _Work(draft, given, opened, seams, media.probe_file)
            found = work.sorted(source)
            before = len(draft.markers)
            draft.markers += work.markers(found)
            made = draft.markers[before:]
    for number, marker in enumerate(made, before + 1):
        show_marker(number, marker, as_json=as_json)
    work.tell(found, source)
    if as_json:
        console.json_line(work.document(found, len(made)))
    return ExitCode.QUARANTINED if work.unread else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """What a person states about the clocks, in milliseconds; see evidence.operations.hotkeys.marker."""

    offset_ms: int
    uncertainty_ms: int
    before_ms: int


class _Work:
    """Makes the markers of one incident.

    Args:
        draft: the incident.
        given: the command's options, by name.
        vault: the vault.
        seams: for the clock.
        probe: determines facts about a recording.
    """

    def __init__(
        self, draft: "Draft", given: dict[str, Any], vault: "Vault", seams: "Seams", probe: "Probe"
    ) -> None:
        self._draft = draft
        self._given = given
        self._vault = vault
        self._seams = seams
        self._ask = Questions(is_allowed=not given["no_input"])
        self._zone = draft.folder.incident.time_zone or vault.config.time_zone
        self._interview = Interview({**stated.NOTHING, **given}, self._ask, self._zone, seams)
        self._class = self._known_class(given["marker_class"])
        self._facts: dict[str, RecordingFacts] = {}
        self._there = self._spans(probe)
        self._reckoning = self._asked_reckoning()
        self.unread = 0

    def _spans(self, probe: "Probe") -> "tuple[Span, ...]":
        """The recordings that events can belong to."""
        from evidence.intake.hotkeys import tying

        incident, wanted = self._draft.folder.incident, self._given["recording"]
        only = placing.recording_of(self._draft, wanted).name if wanted is not None else None
        for call in incident.calls:
            if call.recording and call.recording not in self._facts and only in {None, call.recording}:
                self._facts[call.recording] = placing.facts_of(self._draft, call.recording, probe)
        lengths = {name: facts.milliseconds for name, facts in self._facts.items()}
        found = tuple(span for span in tying.spans(incident, lengths) if span.call.recording in self._facts)
        if not found:
            hint = t("live.no_calls_hint", number=self._draft.called)
            raise UsageError(t("live.no_calls"), hint)
        channel = self._channel
        for span in found if channel is not None else ():
            name = span.call.recording
            placing.require_channel(self._draft, name, channel, self._facts[name])
        return found

    @property
    def _channel(self) -> int | str | None:
        given = self._given["channel"]
        return None if given is None else stated.channel(given)

    def _asked_reckoning(self) -> _Reckoning:
        given = self._given
        if given["uncertainty"] is None:
            if self._ask.are_asked:
                console.note(t("live.why_uncertainty"))
            uncertainty = self._ask.required(
                t("live.ask_uncertainty"), lambda: missing("live.no_uncertainty"), _uncertainty
            )
        else:
            uncertainty = _uncertainty(given["uncertainty"])
        offset = _within(given["clock_offset"] or "0", -_MOST_MS, _MOST_MS)
        return _Reckoning(offset, uncertainty, _within(given["before"] or "0", 0, _MOST_BEFORE_MS))

    def sorted(self, source: str | None) -> Sorted:
        """The events of a source, or of the vault's log."""
        from evidence.intake.hotkeys.tying import Stated

        incident, reckoning = self._draft.folder.incident, self._reckoning
        said = Stated(reckoning.offset_ms, reckoning.uncertainty_ms, self._given["agent"])
        events = self._logged() if source is None else self._read(source)
        return hotkeys.sort(events, self._there, incident, self._draft.folder.markers, said)

    def _logged(self) -> Iterator[Told]:
        unread: list[str] = []
        yield from hotkeys.of_log(self._vault, self._there, unread)
        self.unread = len(unread)
        if unread:
            listed = ", ".join(unread[: hotkeys.SHOWN])
            console.warning(t("live.log_damaged", n=len(unread), list=listed), t("live.log_damaged_hint"))

    def _read(self, source: str) -> Iterator[Told]:
        from evidence.intake.hotkeys.reading import Reader
        from evidence.operations.hotkeys_collect import source_of

        name = name_of(source)
        reader, problems = Reader(begins(self._given, self._vault.config, self._zone)), Problems(name)
        for piece in pieces_of(source, self._seams, is_followed=False):
            for line in reader.end() if piece is None else reader.feed(piece):
                if line.problem is not None:
                    problems.tell([(line.number, line.problem)])
                elif line.event is not None:
                    yield Told(line.event, line.event.at, source_of(name, line.number))
        problems.end()
        self.unread = problems.count

    def markers(self, found: Sorted) -> list[dict[str, Any]]:
        """The markers of the events that belong to the incident."""
        return [self._marker(told, tied) for told, tied in found.in_time()]

    def _marker(self, told: Told, tied: "Tied") -> dict[str, Any]:
        reckoning = self._reckoning
        made = hotkeys.marker(told, tied, reckoning.before_ms, reckoning.uncertainty_ms, reckoning.offset_ms)
        code = made.get("class") or self._asked_class()
        shared = {"channel": self._channel, "language": self._given["language"]}
        return {
            **made,
            **self._whose(made),
            **{key: value for key, value in shared.items() if value is not None},
            "class": code,
            **hotkeys.class_names(code, self._vault.config.marker_classes),
        }

    def _whose(self, made: dict[str, Any]) -> dict[str, Any]:
        """Whose word the marker is, and who tied it to the call; of whoever isn't named nothing is said."""
        by, at = self._interview.by(), self._interview.now()
        pressed = {**made["pressed"], "stated_by": by, "stated_at": at}
        if made.get("asserted_by"):
            return {"pressed": pressed}
        return {"pressed": pressed, "asserted_by": by, "asserted_at": at}

    def _known_class(self, named: str | None) -> str:
        from evidence.intake.hotkeys.event import class_of

        if not named:
            return ""
        code = stated.known(named, CODES, "show.class_")
        return code or class_of(named, self._vault.config.marker_classes)

    def _asked_class(self) -> str:
        """The class that the options name, else the answer, which holds for all events that say none."""
        if not self._class:
            own = self._vault.config.marker_classes
            if not self._ask.are_asked:
                raise UsageError(
                    t("live.which_class"), t("ask.no_class_hint", list=", ".join((*CODES, *own)))
                )
            self._class = self._ask.choice(t("ask.class"), all_classes(own), default="")
        return self._class

    def tell(self, found: Sorted, source: str | None) -> None:
        """Tell what isn't as plain as the markers themselves."""
        uncertain = [told for told, tied in found.in_time() if self._reaches_out(tied)]
        by_time = sum(tied.by == "time" for _told, tied in found.in_time())
        if not found.tied:
            console.note(t("live.none"))
        if found.there:
            console.note(t("live.there", n=len(found.there)))
        if by_time:
            console.warning(t("live.by_time", n=by_time), t("live.by_time_hint"))
        for told in uncertain[: hotkeys.SHOWN]:
            console.warning(console.words("live.reaches_out", event=told.source), t("live.reaches_out_hint"))
        self._tell_untied(found, source)

    def _reaches_out(self, tied: "Tied") -> bool:
        return hotkeys.reaches_out(tied, self._reckoning.uncertainty_ms)

    def _tell_untied(self, found: Sorted, source: str | None) -> None:
        """Why events weren't taken; that those of other calls stand in the vault's log is as it should be."""
        hinted: set[str] = set()
        for told, reason in found.shown:
            code = reason.code
            if code == "outside" and source is None:
                continue
            values = {"event": told.source, "at": told.at, "place": _signed(reason.place_ms)}
            hint = "" if code in hinted else t(f"live.untied_{code}_hint", number=self._draft.called)
            hinted.add(code)
            console.warning(console.words(f"live.untied_{code}", **values), hint)
        for code, count in found.untied.items():
            if count > hotkeys.SHOWN and not (code == "outside" and source is None):
                console.warning(t("live.untied_more", n=count - hotkeys.SHOWN))

    def document(self, found: Sorted, made: int) -> dict[str, Any]:
        """What became of the events, as a JSON value."""
        return {"taken": made, "there": len(found.there), "untied": dict(found.untied), "unread": self.unread}


def _uncertainty(text: str) -> int:
    return _within(text, 0, _MOST_MS)


def _within(text: str, least: int, most: int) -> int:
    """Seconds as milliseconds within bounds.

    Raises:
        UsageError: another form, or beyond.
    """
    found = stated.milliseconds(text)
    if not least <= found <= most:
        low, high = least // 1000, most // 1000
        hint = t("live.seconds_hint", low=low, high=high)
        raise UsageError(t("live.seconds", text=visible(text)), hint)
    return found


def _signed(milliseconds: int) -> str:
    return f"-{clock(-milliseconds)}" if milliseconds < 0 else clock(milliseconds)
