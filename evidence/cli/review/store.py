"""The incident behind the screen: read anew after each act, and changed under its lock, one act at a time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from evidence.cli import stated
from evidence.cli.interview import Interview
from evidence.cli.marking import Marking
from evidence.cli.question import Questions
from evidence.cli.review.items import Item, items_of
from evidence.errors import StateError
from evidence.intake.documents import INCIDENT, MARKERS, read
from evidence.intake.folder import IncidentFolder, open_exhibit, read_folder
from evidence.messages import t
from evidence.model import names
from evidence.model.recording import RecordingFacts
from evidence.operations import incidents
from evidence.operations.body import Probe
from evidence.operations.incidents import Draft
from evidence.operations.markers import changes, decisions
from evidence.operations.markers.places import require_place
from evidence.operations.seams import Seams
from evidence.vault.vault import Vault

_OF_PLACE = ("start_ms", "end_ms", "channel")


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of the incident.

    Attributes:
        name: in the folder (evidence.model.names); untrusted.
        milliseconds: how long it is; None when nobody knows.
        channels: names of its channels, or their numbers where nobody named them; untrusted.
        events: places of the notice (``notice``) and of measures (their kinds) in it.
    """

    name: str
    milliseconds: int | None
    channels: tuple[str, ...]
    events: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The incident as it was read.

    Attributes:
        number: the incident's.
        recordings: by name.
        items: markers and suggestions.
    """

    number: str
    recordings: Mapping[str, Recording]
    items: list[Item]


class Store:
    """Reads and changes the incident; errors are those of incidents.editing.

    Args:
        vault: open for as long as the screen is.
        path: the incident's folder.
        seams: clock, randomness and file system.
        interview: who acts, known already, and when.
        probe: determines facts about a recording.
    """

    def __init__(self, vault: Vault, path: Path, seams: Seams, interview: Interview, probe: Probe) -> None:
        self._vault = vault
        self._path = path
        self._seams = seams
        self._interview = interview
        self._probe = probe
        self._facts: dict[tuple[str, int], RecordingFacts] = {}
        self._folder: IncidentFolder = read_folder(path, is_whole=False)
        self.own = vault.config.marker_classes

    @property
    def by(self) -> str:
        """Who acts."""
        return self._interview.by()

    def load(self) -> Contents:
        """The incident as it is now."""
        self._folder = folder = read_folder(self._path, is_whole=False)
        kept = {file.name: file.data for file in folder.files if file.data is not None}
        markers = (
            read(self._path, MARKERS, "markers.v1", kept[MARKERS])[1]["markers"] if MARKERS in kept else []
        )
        incident = read(self._path, INCIDENT, "incident.v1", kept[INCIDENT])[1]
        recordings = [file.name for file in folder.files if file.role == "recording"]
        return Contents(
            folder.incident.number,
            {name: self._recording(name, incident) for name in recordings},
            items_of(markers, incidents.suggestions_of(folder)),
        )

    def _recording(self, name: str, incident: Mapping[str, Any]) -> Recording:
        with self.opened(name) as file:
            facts = self._known(file, file.seek(0, 2), name)
        named = self._folder.incident.channels_of(name)
        channels = named or tuple(str(number) for number in range(facts.all_channels or 0))
        return Recording(name, facts.milliseconds, channels, tuple(_events(name, incident)))

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A recording of the incident, open for reading."""
        file = next(file for file in self._folder.files if file.name == name)
        with open_exhibit(self._folder, file) as source:
            yield source

    def _known(self, file: BinaryIO, size: int, name: str) -> RecordingFacts:
        """The facts about a recording, determined once."""
        if (name, size) not in self._facts:
            self._facts[name, size] = self._probe(file, size, name)
        return self._facts[name, size]

    # What a person does

    def accept(self, item: Item, wanted: Mapping[str, Any]) -> Item:
        """Make a marker of a suggestion; as `mark accept`."""
        with self._acting(item) as draft:
            number = decisions.accept(draft, item.number, *self._by_and_at(), wanted)
            marker = draft.markers[number - 1]
            require_place(draft, marker, self._known)
        return Item(number, True, item.recording, marker)

    def reject(self, item: Item, reason: str) -> None:
        """As `mark reject`."""
        with self._acting(item) as draft:
            decisions.reject(draft, item.number, *self._by_and_at(), reason)

    def reopen(self, item: Item) -> None:
        """As `mark reject --undo`."""
        with self._acting(item) as draft:
            decisions.reopen(draft, item.number)

    def edit(self, item: Item, wanted: Mapping[str, Any], reason: str) -> bool:
        """As `mark edit`; whether anything is different now."""
        with self._acting(item) as draft:
            marker = decisions.marker_of(draft, item.number)
            is_other = changes.edit(marker, wanted, *self._by_and_at(), reason)
            if is_other and not wanted.keys().isdisjoint(_OF_PLACE):
                require_place(draft, marker, self._known)
        return is_other

    def withdraw(self, item: Item, reason: str) -> None:
        """As `mark withdraw`."""
        with self._acting(item) as draft:
            changes.withdraw(decisions.marker_of(draft, item.number), *self._by_and_at(), reason)

    def confirm(self, item: Item) -> None:
        """As `mark confirm`."""
        with self._acting(item) as draft:
            changes.confirm(decisions.marker_of(draft, item.number), *self._by_and_at())

    def add(self, given: dict[str, Any]) -> Item:
        """As `mark add` with these options, of which ``position`` is the place; the new marker."""
        with self._editing() as draft:
            nobody = Questions(is_allowed=False)
            marking = Marking(draft, given, self._interview, nobody, self._known, own=self.own)
            marker = marking.one(given["position"])
            if changes.is_there(draft.markers, marker):
                raise StateError(t("incidents.markers_there", n=1), t("review.there_already_hint"))
            draft.markers.append(marker)
        return Item(len(draft.markers), True, names.from_document(marker["recording"]), marker)

    def _by_and_at(self) -> tuple[str, str]:
        return self._interview.by(), self._interview.now()

    @contextmanager
    def _editing(self) -> Iterator[Draft]:
        with incidents.editing(self._vault, self._path, self._seams, waits=False) as draft:
            yield draft

    @contextmanager
    def _acting(self, item: Item) -> Iterator[Draft]:
        """Hold the incident, in which a marker or a suggestion must still be what is shown of it.

        Raises:
            StateError: another program changed it meanwhile.
        """
        find: Callable[[Draft, int], Any] = decisions.marker_of if item.is_marker else decisions.suggestion_of
        with self._editing() as draft:
            if find(draft, item.number) != item.document:
                raise StateError(t("review.changed_meanwhile"), t("review.changed_meanwhile_hint"))
            yield draft


def new_marker(recording: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What the form of a new marker says as the options of `mark add`."""
    given = {name: stated.text(value) or None for name, value in fields.items()}
    rest = {"recording": recording, "how": None, "asserted_at": None, "beyond_end": False}
    return {**given, "words": given["words"] or "", **rest}


def _events(name: str, incident: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    document, notice = names.to_document(name), incident.get("notice", {})
    if notice.get("recording") == document and "at_milliseconds" in notice:
        yield notice["at_milliseconds"], "notice"
    for measure in incident.get("measures", ()):
        if measure.get("recording") == document and "at_milliseconds" in measure:
            yield measure["at_milliseconds"], measure["kind"]
