"""Receipts of an archive's recordings, told to a reader; verified records only."""

from collections.abc import Mapping
from typing import Any

from evidence import canonical
from evidence.cli.console import line
from evidence.cli.fields import field, section
from evidence.messages import t
from evidence.model.receipt import MAX_RECEIPT, Receipt
from evidence.register import entries

Record = Mapping[str, Any]
_TOLD = ("path", "mtime", "operator", "host", "software", "note")


def print_receipts(records: list[Record]) -> None:
    """Print what was noted of each recording when it came in."""
    if not records:
        return
    section("receipts")
    for record in sorted(records, key=lambda receipt: int(receipt["exhibit"][1:])):
        _receipt(record)


def _receipt(record: Record) -> None:
    receipt = Receipt.from_document(canonical.decode(record["document"].encode("utf-8"), MAX_RECEIPT))
    entry = entries.parse(record["entry"].encode("utf-8"))
    line("  ", record["exhibit"])
    field(t("show.received_at"), receipt.claimed_time, "    ")
    field(t("show.received_entry"), f"{entry.sequence}, {entry.claimed_time}", "    ")
    field(t("show.received_name"), receipt.name, "    ")
    for name in _TOLD:
        if name in receipt.circumstances:
            field(t(f"show.received_{name}"), receipt.circumstances[name], "    ")
