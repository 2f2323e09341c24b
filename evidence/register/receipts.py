"""Receipts and their register entries as bytes (FORMAT.md, "Receipt" and "Register entry")."""

from evidence import canonical, resources
from evidence.digests import sha256_hex
from evidence.model.entry import Entry
from evidence.model.receipt import MAX_RECEIPT, Receipt
from evidence.register import entries

SCHEMA = "custody.v1"


def parse(data: bytes) -> Receipt:
    """The receipt in these bytes.

    Raises:
        ValueError: longer than MAX_RECEIPT, not canonical JSON, or not what custody.v1 asks of a receipt.
    """
    document = canonical.decode(data, MAX_RECEIPT)
    problem = resources.problem(SCHEMA, document)
    if problem:
        raise ValueError(problem)
    return Receipt.from_document(document)


def entry_of(data: bytes, receipt: Receipt, document: bytes) -> Entry:
    """The register entry in ``data``, if it is the one of that receipt.

    Args:
        data: the entry's bytes.
        receipt: the receipt.
        document: the receipt's bytes.

    Raises:
        ValueError: not an entry, not of a receipt, or of another one.
    """
    entry = entries.parse(data)
    if entry.type != entries.RECEIVED or entry.text("received_id") != receipt.received_id:
        raise ValueError("not the register entry of this receipt")
    if entry.text("custody_sha256") != sha256_hex(document):
        raise ValueError("the register entry has another digest than the receipt")
    return entry
