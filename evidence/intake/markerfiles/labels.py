"""Audacity's label files: ``start TAB end TAB text``, positions in seconds."""

from collections.abc import Iterator

from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import Draft, lines_of, position, wrong


def read(file: str, text: str, own: OwnClasses) -> Iterator[Draft]:
    r"""The labels of the file; one whose ends are the same is a point.

    A line that begins with a backslash holds the frequencies of the label before it, and is passed over. A
    class at the beginning of the text (evidence.intake.markerfiles.classes) isn't part of the words.

    Raises:
        FormatError: a line is no label.
    """
    for number, line in enumerate(lines_of(text), 1):
        if line.strip() and not line.startswith("\\"):
            yield _label(file, number, line, own)


def _label(file: str, number: int, line: str, own: OwnClasses) -> Draft:
    start, tab, rest = line.partition("\t")
    end, _, label = rest.partition("\t")
    if not tab:
        raise wrong(file, number, "markerfiles.no_label", line)
    start_ms, end_ms = (position(file, number, edge.strip(" ")) for edge in (start, end))
    marker_class, words = classes.split(label.strip(), own)
    return Draft(number, start_ms, end_ms if end_ms != start_ms else None, words, marker_class=marker_class)
