"""markers.json as it was read (schemas/markers.v1.schema.json). A marker is an allegation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from evidence.model import names


@dataclass(frozen=True, slots=True)
class Marker:
    """One asserted place in one recording.

    Attributes:
        recording: name of the file (evidence.model.names).
        start_ms: where it begins, milliseconds from the beginning of the recording.
        asserted_at: RFC 3339 text.
        marker_class: ``insult``, ``threat`` … (``class`` in the document).
        end_ms: where it ends; None for a point.
        channel: its number from 0, or its name in ``channels`` of the call; None when not said.
        source: file and line it was imported from, or empty.
    """

    recording: str
    start_ms: int
    marker_class: str
    asserted_by: str
    asserted_at: str
    how: str
    end_ms: int | None = None
    channel: int | str | None = None
    words: str = ""
    language: str = ""
    note: str = ""
    source: str = ""

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The marker of a part of a document that the schema markers.v1 accepts.

        Raises:
            ValueError: a ``name_base64`` isn't canonical base64.
        """
        rest = {key: value for key, value in document.items() if key not in {"recording", "class"}}
        return cls(
            recording=names.from_document(document["recording"]), marker_class=document["class"], **rest
        )
