"""The archive's place in its register, the times, tokens and receipts that belong to it."""

from collections.abc import Mapping
from typing import Any

from evidence import canonical
from evidence.model.receipt import MAX_RECEIPT, Receipt
from evidence.register import entries
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell
from evidence.reporting.content.case import Case
from evidence.reporting.content.words import known, label, moment, number, say, timestamp
from evidence.text import visible
from evidence.verify.results import ProvenTime, Received, Verification

Record = Mapping[str, Any]
Row = tuple[str, Cell, str]
_TOLD = ("path", "mtime", "operator", "host", "software", "note")


def section(case: Case, found: Verification) -> Block:
    """Register, times and receipts."""
    heads = (say("report.head_what"), say("report.head_said"), say("report.head_source"))
    made: list[Block | None] = [
        blocks.paragraph(say("report.custody_intro")),
        blocks.heading(label("report.entry_title")),
        blocks.facts(_entry(found), heads),
        blocks.heading(label("report.times_title")),
        blocks.facts(_times(found), heads),
    ]
    receipts = case.by_exhibit("receipt")
    if receipts:
        made += [
            blocks.heading(label("report.receipts_title")),
            blocks.paragraph(say("report.receipts_intro")),
        ]
    for record in receipts:
        made += _receipt(record, found)
    return blocks.section(say("report.section_custody"), made)


def _entry(found: Verification) -> list[Row]:
    rows: list[Row] = []
    entry = found.contents.entry if found.contents else None
    if entry is not None:
        by = say("report.from_entry")
        rows += [
            (label("report.register"), visible(entry.origin), by),
            (label("report.sequence"), say("report.sequence_told", sequence=str(entry.sequence)), by),
            (
                label("report.entry_type"),
                say(f"report.entry_{entry.type}") if entry.type == "sealed" else visible(entry.type),
                by,
            ),
            (label("report.entry_claimed"), timestamp(entry.claimed_time), say("report.sealers_clock")),
        ]
        rows += [
            (known(f"report.entry_{name}", name), blocks.digest(entry.text(name)), by)
            for name in ("identity", "signature_sha256", "certificate_sha256", "custody_sha256")
            if entry.text(name)
        ]
        if entry.previous is not None:
            rows.append((label("report.entry_previous"), blocks.digest(entry.previous.hex()), by))
    if found.position is not None:
        place = found.position
        key = "confirmed" if place.confirmed else "asserted"
        rows += [
            (label("report.position"), say(f"report.position_{key}"), ""),
            (label("report.tree_size"), number(place.size), say("report.from_checkpoint")),
            (label("report.tree_root"), blocks.digest(place.root.hex()), say("report.from_checkpoint")),
        ]
    if found.contents:
        rows.append(
            (
                label("report.register_key"),
                blocks.line(visible(found.contents.manifest.register_key), "mono"),
                "manifest.json",
            )
        )
    return rows


def _times(found: Verification) -> list[Row]:
    rows: list[Row] = []
    if found.claimed.signing:
        rows.append(
            (label("report.time_signing"), moment(found.claimed.signing), say("report.sealers_clock"))
        )
    if found.claimed.entry:
        rows.append((label("report.time_entry"), moment(found.claimed.entry), say("report.sealers_clock")))
    if found.proven:
        rows.append(
            (
                label("report.time_proven"),
                blocks.line(_proven(found.proven), "strong"),
                visible(found.proven.authority),
            )
        )
        rows.append(
            (
                label("report.token"),
                visible(found.proven.member),
                say("report.token_beside") if found.proven.in_sidecar else "",
            )
        )
    else:
        rows.append((label("report.time_proven"), say("report.time_unproven"), ""))
    return rows


def _proven(proven: ProvenTime) -> str:
    told = say("report.not_later", time=moment(proven.time))
    if proven.accuracy_ms:
        told += say("report.accuracy", milliseconds=number(proven.accuracy_ms))
    return told


def _receipt(record: Record, found: Verification) -> list[Block | None]:
    receipt = Receipt.from_document(canonical.decode(record["document"].encode("utf-8"), MAX_RECEIPT))
    entry = entries.parse(record["entry"].encode("utf-8"))
    entered = say("report.entered", sequence=str(entry.sequence), at=timestamp(entry.claimed_time))
    rows: list[Row] = [
        (label("report.received_claimed"), timestamp(receipt.claimed_time), say("report.hosts_clock")),
        (label("report.in_register"), entered, visible(entry.origin)),
        (label("show.received_name"), visible(receipt.name), ""),
        (say("report.sha256"), blocks.digest(receipt.sha256.hex()), ""),
    ]
    for name in _TOLD:
        if name in receipt.circumstances:
            value = receipt.circumstances[name]
            rows.append(
                (label(f"show.received_{name}"), timestamp(value) if name == "mtime" else visible(value), "")
            )
    checked = next((r for r in found.received if r.received_id == receipt.received_id), None)
    if checked:
        rows.append((label("report.received_checked"), _checked(checked), ""))
    return [blocks.heading(record["exhibit"]), blocks.facts(rows)]


def _checked(receipt: Received) -> str:
    if not receipt.is_proven:
        return say("report.received_unproven")
    if receipt.proven is None:
        return say("report.received_proven")
    at = moment(receipt.proven.time)
    return say("report.received_dated", time=at, authority=visible(receipt.proven.authority))
