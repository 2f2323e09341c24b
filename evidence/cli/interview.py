"""What options say about an incident, completed by questions, as a change to its documents."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from evidence import strict
from evidence.cli import console, stated
from evidence.cli.question import Questions
from evidence.errors import UsageError
from evidence.intake import callnames, calltimes, positions, roles
from evidence.intake.callnames import NameClaims
from evidence.messages import t
from evidence.model import names
from evidence.operations import incidents
from evidence.operations.prepare import Change, NewFile
from evidence.operations.seams import Seams
from evidence.text import visible

Given = Mapping[str, Any]


class Interview:
    """Turns options into statements, and asks for what is missing.

    Args:
        given: values of the options of evidence.cli.stated, by name.
        questions: asks, where it may.
        zone: the time zone of the incident or the vault; empty when neither has one.
        seams: for the clock.
        has_logs: whether a PBX's logs come along, which may tell when a call began if nobody says it.
    """

    def __init__(
        self, given: Given, questions: Questions, zone: str, seams: Seams, *, has_logs: bool = False
    ) -> None:
        self._has_logs = has_logs
        self._given = given
        self._ask = questions
        self._zone = calltimes.known_zone(given["zone"] or "") or zone
        self._seams = seams
        self._by: str = given["by"] or ""

    # who

    def by(self) -> str:
        """Who states all this: asked for once."""
        if not self._by:
            self._by = self._ask.required(
                t("ask.by"), lambda: missing("ask.no_by"), stated.text, incidents.account()
            )
        return self._by

    # when

    def time(self, value: str) -> str:
        """A time as it was typed, as RFC 3339 text; a zone and which of two hours are asked for if need be.

        Raises:
            UsageError: it is none, or something about it is open and nobody can be asked.
        """
        try:
            return calltimes.parse(value, self._zone or None, self._given["fold"])
        except calltimes.Ambiguous as error:
            if not self._ask.are_asked:
                raise
            console.note(error.message)
            first, second = error.candidates
            return self._ask.choice(t("ask.fold"), [(first, first), (second, second)], default="")
        except UsageError:
            if self._zone or not self._ask.are_asked:
                raise
            self.zone()
            return self.time(value)

    def zone(self) -> str:
        """The zone of local times, asked for on a terminal."""
        if not self._zone:
            machine = calltimes.zone_of_machine() or ""
            self._zone = self._ask.required(
                t("ask.zone"), lambda: missing("ask.no_zone"), calltimes.known_zone, machine
            )
        return self._zone

    @property
    def zone_known(self) -> str:
        """The zone as far as it is known now; empty when none was needed."""
        return self._zone

    def now(self) -> str:
        """The time by this machine's clock, in the zone that is known, else in UTC."""
        now = self._seams.clock()
        if not self._zone:
            return strict.format_timestamp(now)
        return now.astimezone(ZoneInfo(self._zone)).isoformat(timespec="seconds")

    # what

    def change(self, files: Sequence[NewFile], recordings: Sequence[str], acquired: Sequence[str]) -> Change:
        """All that is stated, as a change.

        Args:
            files: files that are to be brought in.
            recordings: names of recordings, new or there, that the options about a call can be about.
            acquired: names of files that are there and that the options about an acquisition are about.
        """
        given = self._given
        new = [file.name for file in files if (file.role or roles.by_name(file.name)) == roles.RECORDING]
        brought = [file for file in files if not file.is_own]
        calls = self._calls(new, recordings)
        acquisition = self._acquisition()
        taken = {"taken_by": self.by(), "taken_at": self.now()} if files or acquisition else {}
        return Change(
            about={
                "title": given["title"],
                "summary": given["summary"],
                "time_zone": self._zone or None,
            },
            prepared={"prepared_by": self._by or _account(), "prepared_at": self.now()},
            subscriber={"name": given["subscriber"], "phone": given["phone"], "account": given["account"]},
            agent={"name": given["agent"], "id": given["agent_id"]},
            calls=calls,
            notice=self._notice(new or list(recordings)),
            acquisition=acquisition,
            taken=taken,
            acquired=() if brought else acquired,
            legal_basis=[stated.basis(value) for value in given["legal_basis"]],
            files=files,
        )

    def _calls(self, new: Sequence[str], recordings: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Fields of calls: of the recording that options are about, and what the names of new ones claim."""
        given = self._given
        own = self._call_fields()
        about = self._about(new, recordings) if own or given["started"] is not None else ""
        calls: dict[str, dict[str, Any]] = {}
        for name in dict.fromkeys([*new, *([about] if about else [])]):
            fields = own if name == about else {}
            if name in new:
                fields = self._begun(name, fields, given["started"] if name == about else None)
            elif given["started"] is not None:
                begun = given["started"] not in {"", *stated.UNKNOWNS}
                fields = {**fields, "started": self.time(given["started"]) if begun else ""}
            if fields.get("started") not in stated.UNKNOWNS:
                calls[name] = fields
        return calls

    def _about(self, new: Sequence[str], recordings: Sequence[str]) -> str:
        """The recording whose call the options describe."""
        named = self._given["recording"]
        candidates = list(new) or list(recordings)
        if named and named in {*new, *recordings}:
            return str(named)
        if named:
            known = ", ".join(map(visible, candidates[:20]))
            shown = visible(named)
            raise UsageError(
                t("incidents.no_such_recording", file=shown), t("incidents.which_hint", list=known)
            )
        if len(candidates) != 1:
            raise missing("ask.which_recording")
        return candidates[0]

    def _call_fields(self) -> dict[str, Any]:
        given = self._given
        fields = {
            "id": given["call_id"],
            "direction": given["direction"],
            "caller": given["caller"],
            "callee": given["callee"],
            "queue": given["queue"],
            "channels": None if given["channels"] is None else stated.channels(given["channels"]),
            "ended": given["ended"] and self.time(given["ended"]),
        }
        return {key: value for key, value in fields.items() if value is not None}

    def _begun(self, name: str, fields: dict[str, Any], started: str | None) -> dict[str, Any]:
        """The fields of a new recording's call: stated ones before those that its name claims."""
        said = callnames.claims(name)
        claimed = _claimed(said) if said else {}
        if started in stated.UNKNOWNS:
            return _without_start(name, fields)
        if started is None and said is not None and said.local_time:
            console.note(console.words("ask.read_from_name", file=name))
            claimed["started"] = self._claimed_time(said)
        elif started is None and self._has_logs and not fields:
            return _without_start(name, fields)
        elif started is None:
            started = self._ask.required(
                console.words("ask.started", file=name),
                lambda: missing("ask.no_started", file=name),
                self.begin,
            )
            if started in stated.UNKNOWNS:
                return _without_start(name, fields)
        if started is not None:
            fields = {**fields, "started": self.time(started)}
        from_name = [key for key in claimed if key not in fields]
        return {**claimed, **fields, "from_name": from_name}

    def begin(self, answer: str) -> str:
        """The beginning of a call as it was answered: a time, or that it isn't known."""
        return answer if answer in stated.UNKNOWNS else self.time(answer)

    def _claimed_time(self, said: NameClaims) -> str:
        """The time in a name, in the stated zone; the channel's id may tell which of two hours is meant."""
        self.zone()
        try:
            return calltimes.parse(said.local_time, self._zone, self._given["fold"])
        except calltimes.Ambiguous as error:
            fold = callnames.fold_suggested(said, error.candidates)
            if not self._ask.are_asked:
                hint = t("ask.fold_suggested", fold=fold) if fold else ""
                raise UsageError(error.message, f"{error.hint}\n{hint}".strip()) from error
            first, second = error.candidates
            likely = second if fold == "second" else first
            console.note(error.message, t("ask.fold_likely", time=likely) if fold else "")
            default = ("1" if likely == first else "2") if fold else ""
            return self._ask.choice(t("ask.fold"), [(first, first), (second, second)], default=default)

    def _notice(self, recordings: Sequence[str]) -> dict[str, Any]:
        given = self._given
        grade = given["notice_grade"]
        fields = {
            "grade": grade,
            "source": given["notice_source"],
            "text": given["notice_text"],
            "language": given["notice_language"],
            "version": given["notice_version"],
            "at_milliseconds": given["notice_at"] and positions.parse(given["notice_at"]),
            "channel": None if given["notice_channel"] is None else stated.channel(given["notice_channel"]),
        }
        if grade == "in_recording":
            fields["recording"] = names.to_document(self._about(recordings, ()))
        elif grade not in {None, "none"} and given["notice_source"] is None:
            fields["source"] = self._ask.required(
                t("ask.notice_source"), lambda: missing("ask.no_notice_source"), stated.text
            )
        return {key: value for key, value in fields.items() if value is not None}

    def _acquisition(self) -> dict[str, Any]:
        given = self._given
        fields: dict[str, Any] = {
            "taken_by": given["taken_by"],
            "taken_at": given["taken_at"] and self.time(given["taken_at"]),
            "system": given["system"],
            "authority": given["authority"],
            "original": given["original"],
            "note": given["acquisition_note"],
            "clock": self._clock(),
        }
        return {key: value for key, value in fields.items() if value is not None}

    def _clock(self) -> dict[str, Any] | None:
        given = self._given
        offset = given["clock_offset"]
        if offset is None:
            if given["clock_known_by"] is not None or given["clock_uncertainty"] is not None:
                raise missing("ask.no_clock_offset")
            return None
        if offset in {"", *stated.UNKNOWNS}:
            return {}
        offset_ms = stated.milliseconds(offset)
        known_by = given["clock_known_by"] or self._ask.required(
            t("ask.clock_known_by"), lambda: missing("ask.no_clock_known_by"), stated.text
        )
        uncertainty = given["clock_uncertainty"]
        clock: dict[str, Any] = {"offset_ms": offset_ms, "known_by": known_by}
        if given["clock_checked_at"]:
            clock["checked_at"] = self.time(given["clock_checked_at"])
        return clock | ({"uncertainty_ms": abs(stated.milliseconds(uncertainty))} if uncertainty else {})


def _account() -> str:
    """Who is at work as far as the system knows, where nobody named a person."""
    return t("incidents.account", name=incidents.account() or "?")


def _without_start(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A call without its start isn't written down, so nothing else may be stated of it."""
    if any(fields.values()):
        raise UsageError(console.words("incidents.no_start", file=name), t("incidents.no_start_hint"))
    return {"started": stated.UNKNOWN}


def _claimed(said: NameClaims) -> dict[str, Any]:
    fields = {
        "id": said.unique_id,
        "direction": said.direction,
        "caller": said.caller,
        "callee": said.callee,
        "queue": said.queue,
    }
    return {key: value for key, value in fields.items() if value}


def missing(name: str, **values: str) -> UsageError:
    """The error that says what is missing and which option states it."""
    return UsageError(console.words(name, **values), t(f"{name}_hint"))
