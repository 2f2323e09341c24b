"""What `seal` tells about an archive it made, and what is missing in it."""

from typing import Any

from evidence.cli import console
from evidence.digests import groups
from evidence.messages import t
from evidence.model import names
from evidence.operations.seal import Sealed


def sealed_document(sealed: Sealed) -> dict[str, Any]:
    """The result as a JSON value."""
    return {
        "number": sealed.number,
        "archive": str(sealed.archive),
        "archive_id": sealed.archive_id,
        "identity": sealed.identity.hex(),
        "sequence": sealed.sequence,
        "exhibits": len(sealed.body.exhibits),
        "markers": len(sealed.folder.markers),
        "notice_grade": sealed.folder.incident.notice.grade,
        "ignored": [names.to_document(name) for name in sealed.folder.ignored],
        "recording_problems": {
            exhibit.id: list(exhibit.recording.problems)
            for exhibit in sealed.body.exhibits
            if exhibit.recording and exhibit.recording.problems
        },
    }


def print_sealed(sealed: Sealed) -> None:
    """Print the result, then warn of what a court would miss."""
    console.line(console.words("seal.done", number=sealed.number, archive=str(sealed.archive)))
    console.line(t("seal.entry", sequence=sealed.sequence))
    console.line(t("seal.fingerprint", groups=groups(sealed.identity.hex())))
    for name in sealed.folder.ignored:
        console.note(console.words("seal.ignored", file=name))
    for exhibit in sealed.body.exhibits:
        for problem in exhibit.recording.problems if exhibit.recording else ():
            reason = t(f"media.problem_{problem}")
            console.warning(console.words("seal.recording", id=exhibit.id, file=exhibit.name, reason=reason))
        if exhibit.role == "recording" and exhibit.recording and exhibit.recording.samples is None:
            console.warning(console.words("seal.duration_unknown", id=exhibit.id, file=exhibit.name))
    if sealed.folder.incident.notice.grade == "none":
        console.warning(t("seal.no_notice"), t("seal.no_notice_hint"))
    if not sealed.folder.markers:
        console.note(t("seal.no_markers"))
