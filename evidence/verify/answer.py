"""A verification as JSON: codes, results and facts for scripts, and sentences for people."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidence.findings import Finding
from evidence.strict import format_timestamp
from evidence.verify.results import Note, Received, Verification
from evidence.verify.rules import RULES
from evidence.verify.wording import sentence


def document(name: str, found: Verification, proof: Path | None = None) -> dict[str, Any]:
    """A verification as one JSON value; times are UTC.

    Args:
        name: what the archive was called.
        found: the answer about it.
        proof: the file with its later proofs that was read beside it.
    """
    return {
        "file": name,
        "proof_file": str(proof) if proof else None,
        "verdict": found.verdict.name,
        "results": {result.value: status.name for result, status in found.results.items()},
        "findings": [_finding(finding) for finding in found.findings],
        "notes": [_item(note) for note in found.notes],
        "steps": [
            {"step": step.number, "outcome": step.outcome.value, "checks": step.checks}
            for step in found.steps
        ],
        "archive_id": found.archive_id,
        "identity": found.identity,
        "signer": _signer(found),
        "times": _times(found),
        "register": _register(found),
        "received": [_received(receipt) for receipt in found.received],
    }


def _item(item: Finding | Note) -> dict[str, Any]:
    params: Mapping[str, str | int] = item.params
    return {"code": item.code, "subject": item.subject, "message": sentence(item), "params": dict(params)}


def _finding(finding: Finding) -> dict[str, Any]:
    rule = RULES[finding.code]
    return {**_item(finding), "step": rule.step, "result": rule.result.value, "status": rule.status.name}


def _signer(found: Verification) -> dict[str, Any] | None:
    if found.signer is None:
        return None
    return {
        "subject": found.signer.subject,
        "issuer": found.signer.issuer,
        "certificate_sha256": found.signer.sha256,
        "not_before": format_timestamp(found.signer.not_before),
        "not_after": format_timestamp(found.signer.not_after),
        "trust": found.trust.status if found.trust else None,
    }


def _times(found: Verification) -> dict[str, Any]:
    def text(time: dt.datetime | None) -> str | None:
        return format_timestamp(time) if time else None

    return {
        "signing_claimed": text(found.claimed.signing),
        "entry_claimed": text(found.claimed.entry),
        "proven": text(found.proven.time) if found.proven else None,
        "authority": found.proven.authority if found.proven else None,
        "token": found.proven.member if found.proven else None,
        "token_in_proof_file": found.proven.in_sidecar if found.proven else None,
    }


def _received(receipt: Received) -> dict[str, Any]:
    proven = receipt.proven
    return {
        "exhibit": receipt.exhibit,
        "received_id": receipt.received_id,
        "claimed": format_timestamp(receipt.claimed),
        "entered": format_timestamp(receipt.entered),
        "sequence": receipt.sequence,
        "is_proven": receipt.is_proven,
        "proven": format_timestamp(proven.time) if proven else None,
        "authority": proven.authority if proven else None,
    }


def _register(found: Verification) -> dict[str, Any] | None:
    place = found.position
    if place is None:
        return None
    return {
        "origin": place.origin,
        "sequence": place.sequence,
        "size": place.size,
        "root": place.root.hex(),
        "confirmed": place.confirmed,
    }
