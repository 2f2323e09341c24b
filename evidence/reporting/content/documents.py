"""Whole documents: the report about a verified archive, and the one that is made before sealing."""

from collections.abc import Iterable, Mapping
from typing import Any

from evidence import canonical
from evidence.container.names import ENTRY, MANIFEST
from evidence.digests import groups, sha256, sha256_hex
from evidence.findings import Result, Status
from evidence.messages import language
from evidence.register import entries
from evidence.reporting import qr
from evidence.reporting.content import (
    blocks,
    checking,
    custody,
    exhibits,
    measures,
    notices,
    origins,
    parties,
    pbx,
    recordings,
    signing,
    verdicts,
)
from evidence.reporting.content.blocks import Block, Cell
from evidence.reporting.content.case import Case
from evidence.reporting.content.words import label, moment, say
from evidence.reporting.glyphs import has_codes
from evidence.text import visible
from evidence.verify.results import Verification

Record = Mapping[str, Any]
Document = dict[str, Any]
_FEW, _FEW_MARKERS = 2, 20
"""Recordings and markers of a report that is read without a table of contents."""


def full(found: Verification) -> Document:
    """The report about an archive; of one whose contents can't be shown only the verdict."""
    contents = found.contents
    case = Case.of(contents.records.values() if contents else ())
    number, title = parties.titled(case)
    cover = [verdicts.verdict_box(found), _identity(found)]
    if contents is None:
        sections = [verdicts.section(found), verdicts.proof(found), signing.signatures()]
    else:
        sections = [
            *_told(case),
            custody.section(case, found),
            verdicts.section(found),
            verdicts.proof(found),
            checking.section(found),
            signing.certificate(case, found),
            signing.signatures(),
        ]
    fingerprint = groups(found.identity)
    return _explained(
        {
            **common(found.identity, number),
            "header": {"left": _headed(found), "right": number},
            "title": say("report.title_of", number=number) if number else say("report.title"),
            "cover": {
                "title": say("report.title"),
                "subtitle": _subtitle(number, title),
                "what": say("report.what" if contents else "report.what_refused"),
                **_qr(found.identity),
                "blocks": [block for block in cover if block],
            },
            "footer": {
                "label": say("report.fingerprint"),
                "digest": fingerprint or say("report.no_fingerprint"),
            },
            "contents": _contents(case),
            "sections": sections,
            "attachments": _attached(found),
        }
    )


def _subtitle(number: str, title: str) -> str:
    """The incident's number and title; the title in quotation marks, as it may sound like the report."""
    return "\n".join(filter(None, (number, title and say("report.quote", words=title))))


def _headed(found: Verification) -> str:
    """What stands on top of every page: with the verdict, unless it is the one that a reader expects."""
    told = say("report.title")
    if found.verdict is Status.PASSED:
        return told
    return f"{told} · {label(f'verify.status_{found.verdict.name}')}"


def draft(records: Iterable[Record], manifest: bytes) -> Document:
    """The report that is made before sealing, from the records and manifest.json alone."""
    case = Case.of(records)
    number, title = parties.titled(case)
    digest = sha256_hex(manifest)
    rows: list[tuple[str, Cell, str]] = [(label("report.manifest_digest"), blocks.digest(digest), "")]
    cover = [
        blocks.box("open", say("report.before_title"), [say("report.before")]),
        blocks.facts(rows),
    ]
    return _explained(
        {
            **common(digest, number),
            "title": say("report.title_of", number=number) if number else say("report.title"),
            "cover": {
                "title": say("report.title"),
                "subtitle": _subtitle(number, title),
                "what": say("report.what_before"),
                "qr": "",
                "blocks": cover,
            },
            "footer": {"label": say("report.before_footer"), "digest": groups(digest)},
            "contents": _contents(case),
            "sections": [*_told(case), checking.before_sealing()],
            "attachments": [_file(MANIFEST, manifest, "source")],
        }
    )


def _explained(document: Document) -> Document:
    """The document, on its cover what numbers of characters mean where there are any."""
    if has_codes(document):
        told = blocks.paragraph(say("report.codes", example="\\u{4e2d}"), "small")
        document["cover"]["blocks"].append(told)
    return document


def _contents(case: Case) -> str:
    """The heading of the table of contents; empty where a report is too short for one."""
    is_long = len(case.recordings) > _FEW or len(case.markers) > _FEW_MARKERS
    return say("report.contents") if is_long else ""


def _told(case: Case) -> list[Block]:
    """What the records say, section by section."""
    made = [
        *parties.sections(case),
        exhibits.section(case),
        recordings.section(case),
        notices.section(case),
        origins.section(case),
        *measures.sections(case),
        pbx.section(case),
        _later(case),
    ]
    return [section for section in made if section is not None]


_KNOWN = frozenset(
    {
        *("incident", "exhibit", "notice", "marker", "acquisition", "measure", "receipt", "announcement"),
        *("notice_search", "notice_evidence", "pbx", "waveform"),
    }
)


def _later(case: Case) -> Block | None:
    """Records of kinds that only a later version can tell."""
    told = [
        say("show.unknown_kind", kind=visible(kind), n=str(len(records)))
        for kind, records in case.by_kind.items()
        if kind not in _KNOWN
    ]
    return blocks.section(say("report.section_later"), [blocks.bullets(told)]) if told else None


def common(digest: str, number: str) -> Document:
    """What every document has."""
    before, _, rest = say("report.page", n="\0", m="\1").partition("\0")
    between, _, after = rest.partition("\1")
    return {
        "lang": language(),
        "description": say("report.description"),
        "keywords": [digest] if digest else [],
        "header": {"left": say("report.title"), "right": number},
        "page": [before, between, after],
    }


def _qr(identity: str) -> Document:
    if not identity:
        return {"qr": ""}
    return {"qr": {"svg": qr.svg(identity)}, "qr_alt": say("report.qr_alt"), "qr_told": say("report.qr_told")}


def _identity(found: Verification) -> Block | None:
    """Who sealed the archive, when, and by what it is known."""
    rows: list[tuple[str, Cell, str]] = []
    if found.signer:
        if found.signer.organisation:
            rows.append(
                (label("report.sealed_by"), blocks.line(visible(found.signer.organisation), "strong"), "")
            )
        rows += [
            (label("report.certificate_subject"), visible(found.signer.subject), ""),
            (label("report.certificate_digest"), blocks.digest(found.signer.sha256), ""),
            (label("report.trust"), say(f"report.trust_{_trust(found)}"), ""),
        ]
    if found.proven:
        rows.append(
            (label("report.time_proven"), say("report.not_later", time=moment(found.proven.time)), "")
        )
    elif found.claimed.entry or found.claimed.signing:
        claimed = found.claimed.entry or found.claimed.signing
        if claimed:
            rows.append((label("report.time_claimed"), say("report.claimed_at", time=moment(claimed)), ""))
    if found.archive_id:
        rows.append((label("show.archive_id"), visible(found.archive_id), ""))
    if found.identity:
        rows.append((label("show.identity"), blocks.digest(found.identity), ""))
    return blocks.facts(rows)


def _trust(found: Verification) -> str:
    """Whether the reader's own trust covers the signer."""
    return "known" if found.results[Result.SIGNER] is Status.PASSED else "unknown"


def _attached(found: Verification) -> list[Document]:
    """manifest.json and the register entry as they stand in the archive: both have one form only."""
    if found.contents is None:
        return []
    manifest = canonical.encode(found.contents.manifest.to_document())
    made = (
        [_file(MANIFEST, manifest, "source")]
        if sha256(manifest) == found.contents.digests.get(MANIFEST)
        else []
    )
    if found.contents.entry is not None:
        made.append(_file(ENTRY.rpartition("/")[2], entries.encode(found.contents.entry), "supplement"))
    return made


def _file(name: str, data: bytes, relationship: str) -> Document:
    return {
        "name": name,
        "data": data.decode("utf-8"),
        "relationship": relationship,
        "mime": "application/json",
        "description": say("report.attached_manifest" if name == MANIFEST else "report.attached_entry"),
    }
