"""The parts of ELAN's annotation documents that markers come from, read by the standard library's expat.

Document types and entities are refused: ELAN writes none, and they are how XML reaches for other files or
grows without bounds.
"""

from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from evidence.errors import FormatError
from evidence.intake.markerfiles.drafts import MAX_WORDS, wrong

_MAX_DEPTH = 12
_ROOT = "ANNOTATION_DOCUMENT"
_ALIGNED = "ALIGNABLE_ANNOTATION"
_REFERRING = "REF_ANNOTATION"
_VALUE = "ANNOTATION_VALUE"

Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of annotations; texts are untrusted."""

    line: int
    id: str
    participant: str
    annotator: str


@dataclass(slots=True)
class Annotation:
    """One annotation; texts are untrusted.

    Attributes:
        line: of its element.
        tier: the tier it stands in.
        id: its id.
        slots: ids of the time slots where it begins and ends; empty for one that refers to another.
        parent: id of the annotation that it refers to; empty for one that is tied to the time line.
        text: its value, on one line.
    """

    line: int
    tier: Tier
    id: str
    slots: tuple[str, ...] = ()
    parent: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A linked media file: its address, and by how many milliseconds it is shifted, as text."""

    line: int
    url: str
    origin: str


@dataclass(slots=True)
class Eaf:
    """A document.

    Attributes:
        units: line of the header and the unit of its times.
        media: the linked media files.
        slots: times by the ids of their slots; None for a slot without one.
        annotations: in the document's order.
    """

    units: tuple[int, str] = (1, "milliseconds")
    media: list[Media] = field(default_factory=list)
    slots: dict[str, str | None] = field(default_factory=dict)
    annotations: list[Annotation] = field(default_factory=list)


def parse(file: str, data: bytes) -> Eaf:
    """The document.

    Args:
        file: name of the file; untrusted.
        data: its bytes, in UTF-8.

    Raises:
        FormatError: no XML, a document type, nested too deeply, another document, or one against its schema.
    """
    reader = _Reader(file)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise wrong(file, error.lineno, "markerfiles.no_xml") from error
    return reader.document


class _Reader:
    """Takes what expat finds."""

    def __init__(self, file: str) -> None:
        self.document = Eaf()
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._file = file
        self._depth = 0
        self._tier: Tier | None = None
        self._annotation: Annotation | None = None
        self._value: list[str] | None = None

    @property
    def _line(self) -> int:
        return self.parser.CurrentLineNumber

    def _wrong(self, reason: str, text: str = "", **values: str | int) -> FormatError:
        return wrong(self._file, self._line, reason, text, **values)

    def _doctype(self, name: str, *_rest: object) -> NoReturn:
        raise self._wrong("markerfiles.doctype", name)

    def _start(self, name: str, given: Attributes) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH or (name == _ROOT) != (self._depth == 1):
            raise self._wrong("markerfiles.no_elan", name)
        match name:
            case "HEADER":
                self.document.units = self._line, given.get("TIME_UNITS", "milliseconds")
            case "MEDIA_DESCRIPTOR":
                url = given.get("RELATIVE_MEDIA_URL") or given.get("MEDIA_URL", "")
                self.document.media.append(Media(self._line, url, given.get("TIME_ORIGIN", "")))
            case "TIME_SLOT":
                self._slot(given)
            case "TIER":
                names = (given.get(key, "") for key in ("PARTICIPANT", "ANNOTATOR"))
                self._tier = Tier(self._line, self._needed(given, "TIER_ID"), *names)
            case "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION":
                self._begin(name, given)
            case "ANNOTATION_VALUE":
                self._value = []

    def _slot(self, given: Attributes) -> None:
        name = self._needed(given, "TIME_SLOT_ID")
        if name in self.document.slots:
            raise self._wrong("markerfiles.elan_twice", name)
        self.document.slots[name] = given.get("TIME_VALUE")

    def _begin(self, name: str, given: Attributes) -> None:
        if self._tier is None:
            raise self._wrong("markerfiles.no_elan", name)
        found = Annotation(self._line, self._tier, self._needed(given, "ANNOTATION_ID"))
        if name == _ALIGNED:
            found.slots = tuple(self._needed(given, key) for key in ("TIME_SLOT_REF1", "TIME_SLOT_REF2"))
        else:
            found.parent = self._needed(given, "ANNOTATION_REF")
        self._annotation = found

    def _needed(self, given: Attributes, key: str) -> str:
        if not given.get(key):
            raise self._wrong("markerfiles.elan_missing", key)
        return given[key]

    def _text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == _VALUE and self._annotation is not None and self._value is not None:
            self._annotation.text = " ".join("".join(self._value).split())
            if len(self._annotation.text) > MAX_WORDS:
                text = self._annotation.text
                raise self._wrong("markerfiles.cell_too_long", text, limit=MAX_WORDS)
            self._value = None
        elif name in {_ALIGNED, _REFERRING} and self._annotation is not None:
            self.document.annotations.append(self._annotation)
            self._annotation = None
        elif name == "TIER":
            self._tier = None
