"""What `seal` tells about an archive it made, and what is missing in it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from evidence.cli import console
from evidence.cli.fingerprints import print_fingerprint
from evidence.cli.prepared import gap_documents, print_gaps, print_problems
from evidence.intake.gap import Gap
from evidence.intake.gaps import gaps
from evidence.messages import t
from evidence.model import names
from evidence.operations.seal import Sealed
from evidence.operations.stamping import Refusal, Stamp, refused
from evidence.strict import format_timestamp
from evidence.text import visible
from evidence.verify.noticewording import Known, statement


def sealed_document(sealed: Sealed, now: dt.datetime, found: Sequence[Gap] = ()) -> dict[str, Any]:
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
        "notice_evidence": [
            {"exhibit": exhibit, **told.to_document()} for exhibit, told in sealed.body.notice.items()
        ],
        "ignored": [names.to_document(name) for name in sealed.folder.ignored],
        "recording_problems": {
            exhibit.id: list(exhibit.recording.problems)
            for exhibit in sealed.body.exhibits
            if exhibit.recording and exhibit.recording.problems
        },
        "waveforms_left_out": sealed.body.undrawn,
        "has_report": sealed.body.has_report,
        "time_stamp": stamp_document(sealed.stamp) if sealed.stamp else None,
        "time_stamp_pending": sealed.is_pending,
        "gaps": gap_documents(
            [*gaps(sealed.folder, sealed.body.exhibits, now, notice=sealed.body.notice), *found]
        ),
    }


def _gaps(sealed: Sealed, now: dt.datetime) -> list[Gap]:
    return gaps(sealed.folder, sealed.body.exhibits, now, notice=sealed.body.notice)


def print_sealed(
    sealed: Sealed, now: dt.datetime, called: str, *, found: Sequence[Gap] = (), named: bool = False
) -> None:
    """Print the result, then warn of what a court would miss.

    Args:
        sealed: the archive and what is in it.
        now: the time by this machine's clock.
        called: what names the incident on a command line.
        found: what else there is to tell (operations.checking).
        named: whether to say of which incident each warning is.
    """

    def about(message: str) -> str:
        return f"{visible(sealed.number)}: {message}" if named else message

    console.line(console.words("seal.done", number=sealed.number, archive=str(sealed.archive)))
    console.line(t("seal.entry", sequence=sealed.sequence))
    if sealed.stamp:
        at = shown_time(sealed.stamp.time)
        console.line(console.words("timestamp.sealed", time=at, authority=sealed.stamp.authority))
    print_fingerprint(t("seal.fingerprint"), sealed.identity.hex())
    if sealed.archive.stem != sealed.number:
        console.warning(about(console.words("seal.same_number", number=sealed.number)))
    for name in sealed.folder.ignored:
        console.note(about(console.words("seal.ignored", file=name)))
    known = Known(sealed.titles, {exhibit.id: exhibit.name for exhibit in sealed.body.exhibits})
    for exhibit, evidence in sealed.body.notice.items():
        console.line(statement(exhibit, evidence, known), hanging=4)
    print_problems(sealed.body.exhibits, prefix=about(""))
    if sealed.body.undrawn:
        console.warning(about(t("seal.undrawn", n=sealed.body.undrawn)), t("seal.undrawn_hint"))
    everything = [*_gaps(sealed, now), *found]
    print_gaps(everything, called, is_sealed=True, prefix=about(""))
    if everything:
        console.note(about(t("seal.mend", number=called)))


def print_report(sealed: Sealed, *, is_wanted: bool) -> None:
    """Say that a report is in the archive, or that the one that belongs into it could not be made."""
    if sealed.body.has_report:
        console.line(t("seal.report_inside"))
    elif is_wanted:
        console.warning(t("seal.no_report"), t("seal.no_report_hint"))


def stamp_document(stamp: Stamp) -> dict[str, Any]:
    """A time stamp as a JSON value; times are UTC."""
    return {
        "time": format_timestamp(stamp.time),
        "accuracy_ms": stamp.accuracy_ms,
        "authority": stamp.authority,
        "size": stamp.size,
        "server": stamp.server or None,
    }


def shown_time(time: dt.datetime) -> str:
    """A time as people write it."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def print_pending(refusals: Sequence[Refusal], count: int) -> None:
    """Warn that archives wait for their time stamps, and say what each server said.

    Args:
        refusals: of the authorities that were asked last.
        count: archives that wait, earlier ones among them.
    """
    if not count:
        return
    console.warning(t("timestamp.pending", n=count), t("timestamp.pending_hint"))
    for row in refused(refusals):
        console.note(row)
