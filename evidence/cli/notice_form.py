"""What `evidence notice add` is given: from the command line, and on a terminal from answers."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from evidence.cli import console, question
from evidence.cli.notice_table import clause_words
from evidence.errors import EvidenceError, UsageError
from evidence.intake import calltimes, notices
from evidence.messages import t
from evidence.model.notice import KeyClause, StatedTime
from evidence.operations.notice_folder import Draft

T = TypeVar("T")

_HOME = "Europe/Kyiv"
"""The zone that is offered for a plain date."""


class Form:
    """Reads the values of a draft; what is missing is asked for, where there is somebody to ask.

    Attributes:
        asked: whether anything was asked for.
    """

    def __init__(
        self,
        given: Mapping[str, str | None],
        sound: Path | None,
        now: dt.datetime,
        zone: str,
        played_as: Sequence[str] = (),
    ) -> None:
        """Read nothing yet.

        Args:
            given: the options' values by their names with underscores.
            sound: the file that was named.
            now: the host's clock; its date is offered for the beginning of the validity.
            zone: the vault's time zone, or empty.
            played_as: names by which the PBX plays it.
        """
        self._given = given
        self._sound = sound
        self._now = now
        self._played_as = played_as
        self._zone = calltimes.known_zone(given.get("zone") or "") or zone
        self.asked = False

    def draft(self) -> Draft:
        """The draft, its values checked one by one.

        Raises:
            UsageError: a value can't be, or is missing and there is nobody to ask.
            FormatError: a file isn't what it should be.
            click.Abort: the input ended instead of an answer.
        """
        sound, text = self._announcement()
        clause = self._clause(sound, text)
        title = self._given.get("title")
        return Draft(
            language=self._value("language", notices.language, "uk"),
            key_clause=clause,
            valid_from=self._time("valid_from"),
            approved_by=self._value("approved_by", notices.line),
            title="" if title is None else notices.line(title),
            text=text,
            valid_to=None if self._given.get("valid_to") is None else self._time("valid_to"),
            sound=sound,
            replaces=self._given.get("replaces") or "",
            played_as=self._names(),
        )

    def confirmed(self, draft: Draft) -> bool:
        """Show what was answered, and ask whether it is so: what is entered can't be taken back."""
        for name, value in (
            ("title", draft.title),
            ("sound", str(draft.sound) if draft.sound else ""),
            ("text", draft.text),
            ("language", draft.language),
            ("key_clause", clause_words(draft.key_clause)),
            ("valid_from", draft.valid_from.text),
            ("valid_to", draft.valid_to.text if draft.valid_to else ""),
            ("approved_by", draft.approved_by),
            ("replaces", draft.replaces),
            ("played_as", ", ".join(draft.played_as)),
        ):
            if value:
                console.note(console.words("show.field", name=t(f"notice.field_{name}"), value=value))
        return question.ask(t("notice.confirm"))

    def _announcement(self) -> tuple[Path | None, str]:
        """The sound and the wording, at least one of them."""
        text = self._text()
        if self._sound is not None:
            _check_sound(str(self._sound))
        elif not text and question.can_ask():
            self._sound = self._asked("sound", _check_sound_or_none)
            text = "" if self._sound else self._asked("text", notices.wording)
        elif not text:
            raise UsageError(t("notice.nothing"), t("notice.nothing_hint"))
        return self._sound, text

    def _text(self) -> str:
        text, file = self._given.get("text"), self._given.get("text_file")
        if text is not None and file is not None:
            raise UsageError(t("notice.two_texts"), t("notice.two_texts_hint"))
        if file is not None:
            return notices.wording_in(Path(file))
        return "" if text is None else notices.wording(text)

    def _clause(self, sound: Path | None, text: str) -> KeyClause:
        place, words = self._given.get("key_clause"), self._given.get("key_clause_text") or ""
        if place is not None and sound is None:
            raise UsageError(t("notice.range_without_sound"), t("notice.no_clause_hint"))
        if words:
            notices.require_within(words, text)
        if sound is None:
            return KeyClause(text=words or self._clause_value("key_clause_text", _words_in(text)))
        start, end = (
            notices.clause_range(place)
            if place is not None
            else self._clause_value("key_clause", notices.clause_range)
        )
        return KeyClause(start, end, words)

    def _clause_value(self, name: str, parse: Callable[[str], T]) -> T:
        """The key clause as it is answered, once it is explained what that is."""
        if not question.can_ask():
            raise UsageError(t("notice.no_clause"), t("notice.no_clause_hint"))
        console.note(t("notice.clause_explained"), t("notice.no_clause_hint"))
        return self._asked(name, parse)

    def _time(self, name: str) -> StatedTime:
        option, is_end = f"--{name.replace('_', '-')}", name == "valid_to"

        def parse(text: str) -> StatedTime:
            if notices.is_date(text) and not self._zone and question.can_ask():
                self._zone = self._asked("zone", calltimes.known_zone, calltimes.zone_of_machine() or _HOME)
            return notices.stated(text, self._zone, option, is_end=is_end)

        return self._value(name, parse, f"{self._now.astimezone():%Y-%m-%d}")

    def _names(self) -> tuple[str, ...]:
        """By which names the PBX plays it; not needed, so only asked for along with something else."""
        if self._played_as or not self.asked:
            return notices.played_as(self._played_as)
        console.note(t("notice.played_as_explained"))
        return self._asked("played_as", notices.played_as_in)

    def _value(self, name: str, parse: Callable[[str], T], default: str = "") -> T:
        given = self._given.get(name)
        if given is not None:
            return parse(given)
        if not question.can_ask():
            option = f"--{name.replace('_', '-')}"
            raise UsageError(t("notice.missing", option=option), t("notice.missing_hint"))
        return self._asked(name, parse, default)

    def _asked(self, name: str, parse: Callable[[str], T], default: str = "") -> T:
        """An answer that holds; one that doesn't is asked for again."""
        self.asked = True
        while True:
            try:
                return parse(question.ask_line(t(f"notice.ask_{name}"), default))
            except EvidenceError as error:
                console.error(error.message, error.hint)


def _check_sound(text: str) -> Path:
    path = Path(text)
    notices.open_sound(path).close()
    return path


def _check_sound_or_none(text: str) -> Path | None:
    return _check_sound(text) if text else None


def _words_in(text: str) -> Callable[[str], str]:
    def parse(words: str) -> str:
        if not words:
            raise UsageError(t("notice.no_clause"), t("notice.no_clause_hint"))
        notices.require_within(words, text)
        return words

    return parse
