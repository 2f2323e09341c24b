"""One page for a statement to the police: facts filled in, blanks for the rest, never a qualification."""

from collections.abc import Mapping
from typing import Any

from evidence.digests import groups
from evidence.errors import StateError
from evidence.findings import Status
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell
from evidence.reporting.content.case import Case, class_name
from evidence.reporting.content.documents import Document, common
from evidence.reporting.content.parties import titled
from evidence.reporting.content.words import label, moment, say, stated
from evidence.reporting.glyphs import SPACE, printable
from evidence.text import visible
from evidence.verify.durations import clock
from evidence.verify.results import Verification

Record = Mapping[str, Any]
_QUOTES, _CALLS, _FILES = 8, 3, 5
_LONGEST, _LONGEST_NAME = 110, 70
"""Characters of words that were said, and of a name, as they are printed."""


def short(found: Verification) -> Document:
    """The page.

    Raises:
        StateError: the contents weren't verified.
    """
    if found.contents is None:
        raise StateError(say("report.short_refused"), say("report.short_refused_hint"))
    case = Case.of(found.contents.records.values())
    number, _title = titled(case)
    return {
        **common(found.identity, number),
        "title": say("report.short_of", number=number),
        "cover": {"title": say("report.short_title"), "subtitle": say("report.short_about")},
        "addressee": [(say(f"report.short_{name}"), "") for name in ("to", "from", "address", "contact")],
        "blocks": [block for block in _blocks(case, found) if block is not None],
        "footer": {"label": say("report.fingerprint"), "digest": groups(found.identity)},
        "attachments": [],
    }


def _blocks(case: Case, found: Verification) -> list[Block | None]:
    return [
        blocks.paragraph(say("report.short_intro")),
        blocks.facts(_facts(case, found)),
        blocks.heading(say("report.short_quotes")),
        *_quotes(case),
        blocks.heading(say("report.short_attached")),
        blocks.bullets(_attached(case, found)),
        blocks.heading(say("report.short_ask_title")),
        blocks.ruled(),
        blocks.paragraph(say("report.short_ask"), "small"),
        blocks.blanks([[say("report.sign_date"), say("report.sign_name"), say("report.sign_signature")]]),
    ]


def _facts(case: Case, found: Verification) -> list[tuple[str, Cell, str]]:
    rows: list[tuple[str, Cell, str]] = []
    for incident in case.all("incident"):
        rows.append((label("report.short_incident"), cut(incident["number"]), ""))
        rows += _party("subscriber", incident) + _party("agent", incident)
    calls = [_call(call) for call in case.calls[:_CALLS]]
    if len(case.calls) > _CALLS:
        calls.append(say("report.short_more_calls", n=len(case.calls) - _CALLS))
    if calls:
        rows.append((label("report.short_calls"), list(calls), ""))
    sealed = cut(found.signer.organisation) if found.signer else ""
    at = found.proven.time if found.proven else found.claimed.entry or found.claimed.signing
    if at:
        key = "report.not_later" if found.proven else "report.claimed_at"
        sealed = f"{sealed}; {say(key, time=moment(at))}"
    rows.append((label("report.sealed_by"), sealed, ""))
    rows.append((label("report.short_verdict"), _verdict(found), ""))
    return rows


def _verdict(found: Verification) -> Cell:
    """The verdict; with what it means, where it isn't the one that a reader expects."""
    told = label(f"verify.status_{found.verdict.name}")
    if found.verdict is Status.PASSED:
        return told
    return [blocks.line(told, "strong"), say(f"verify.verdict_{found.verdict.name}")]


def cut(text: str, longest: int = _LONGEST_NAME) -> str:
    """Untrusted text in one line, cut where it would take too much of the page."""
    told = printable(visible(" ".join(text.split()))).replace(SPACE, "")
    return told if len(told) <= longest else f"{told[: longest - 1]}…"


def _party(name: str, incident: Record) -> list[tuple[str, Cell, str]]:
    given = incident.get(name, {})
    told = [
        f"{say(f'show.{key}')} {cut(given[key])}" if key != "name" else cut(given[key])
        for key in ("name", "id", "phone", "account")
        if key in given
    ]
    return [(label(f"show.{name}"), ", ".join(told), "")] if told else []


def _call(call: Record) -> str:
    parts = [stated(call["started"])]
    if "ended" in call:
        parts[0] += f" – {stated(call['ended'])}"
    parts += [say(f"show.direction_{call['direction']}")] if "direction" in call else []
    parts += [f"{say(f'show.{name}')} {cut(call[name])}" for name in ("caller", "callee") if name in call]
    parts += [call["exhibit"]] if "exhibit" in call else []
    return "; ".join(parts)


def _quotes(case: Case) -> list[Block | None]:
    standing = [(n, m) for n, m in case.markers if "withdrawn" not in m]
    rows: list[list[Cell]] = [
        [
            str(number),
            ", ".join((marker["exhibit"], clock(marker["start_ms"]))),
            cut(class_name(marker["class"], marker.get("class_names", {}))),
            say("report.quote", words=cut(marker["words"], _LONGEST)) if "words" in marker else "–",
        ]
        for number, marker in standing[:_QUOTES]
    ]
    heads = [say(f"report.marker_{name}") for name in ("number", "place", "class", "words")]
    made = [blocks.table(heads, [0, 3, 4, 10], rows), blocks.paragraph(say("report.short_alleged"), "small")]
    if len(standing) > _QUOTES:
        made.append(blocks.paragraph(say("report.short_more_markers", n=len(standing) - _QUOTES), "small"))
    return made


def _attached(case: Case, found: Verification) -> list[str]:
    told = [say("report.short_archive", digest=groups(found.identity))]
    told += [
        say("report.short_recording", id=e["exhibit"], digest=groups(e["sha256"]))
        for e in case.recordings[:_FILES]
    ]
    if len(case.recordings) > _FILES:
        told.append(say("report.short_more_recordings", n=len(case.recordings) - _FILES))
    return [*told, say("report.short_report")]
