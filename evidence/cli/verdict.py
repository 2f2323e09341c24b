"""A verification told to a person, and as JSON. Codes stay untranslated; everything else is in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from evidence.cli.console import Part, line, words
from evidence.digests import groups
from evidence.errors import ExitCode
from evidence.findings import Finding, Result, Status
from evidence.messages import t
from evidence.strict import format_timestamp
from evidence.verify.results import Note, Outcome, Verification
from evidence.verify.rules import RULES
from evidence.verify.wording import next_step, sentence

EXIT = {
    Status.PASSED: ExitCode.DONE,
    Status.INDETERMINATE: ExitCode.INDETERMINATE,
    Status.FAILED: ExitCode.FAILED,
}
_COLOURS = {Status.PASSED: "green", Status.INDETERMINATE: "yellow", Status.FAILED: "red"}
_OUTCOME_COLOURS = {
    Outcome.PASS: "green",
    Outcome.INDETERMINATE: "yellow",
    Outcome.FAIL: "red",
    Outcome.NOT_CHECKED: "yellow",
}
_QUIET_NOTES = {"TIME_CLAIMED_ONLY", "POSITION_SELF_ASSERTED"}


def status_part(status: Status) -> Part:
    """A verdict's word in its colour."""
    return t(f"verify.status_{status.name}"), _COLOURS[status]


def print_verdict(name: str, found: Verification) -> None:
    """Print the verdict, the four results, what was found and what to do next."""
    line(name)
    line(status_part(found.verdict), "  ", t(f"verify.verdict_{found.verdict.name}"))
    line()
    for result in Result:
        _result(result, found)
    line()
    for finding in found.findings:
        colour = _COLOURS[RULES[finding.code].status]
        line((finding.code, colour), "  ", sentence(finding))
        line("    ", next_step(finding))
    for note in found.notes:
        if note.code == "VERDICT_ENDS" and found.verdict is Status.FAILED:
            continue
        line((note.code, "cyan"), "  ", sentence(note))
        if note.code not in _QUIET_NOTES or found.verdict is not Status.PASSED:
            line("    ", next_step(note))


def _result(result: Result, found: Verification) -> None:
    status = found.results[result]
    label = t(f"verify.result_{result.value}")
    line("  ", f"{label:<12}", status_part(status), "  ", _detail(result, found))


def _detail(result: Result, found: Verification) -> str:
    if result is Result.SIGNER and found.signer:
        return words("verdict.signer", subject=found.signer.subject)
    if result is Result.TIME and found.proven:
        at = _local(found.proven.time)
        return words("verdict.time_proven", time=at, authority=found.proven.authority)
    claimed = found.claimed.entry or found.claimed.signing
    if result is Result.TIME and claimed:
        return t("verdict.time_claimed", time=_local(claimed))
    if result is Result.REGISTER and found.position:
        place = found.position
        key = "verdict.place_confirmed" if place.confirmed else "verdict.place"
        return words(key, sequence=place.sequence, size=place.size, origin=place.origin)
    if result is Result.INTEGRITY and found.contents:
        return t("verdict.members", n=len(found.contents.digests))
    return ""


def _local(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def print_identity(found: Verification) -> None:
    """Print what identifies the archive."""
    line()
    if found.archive_id:
        line(words("verdict.archive_id", id=found.archive_id))
    if found.identity:
        line(t("verdict.fingerprint", groups=groups(found.identity)))
    if found.signer:
        line(t("verdict.certificate", groups=groups(found.signer.sha256)))


def print_steps(found: Verification) -> None:
    """Print the eleven steps with their counts."""
    line()
    for step in found.steps:
        outcome = t(f"verify.outcome_{step.outcome.name}")
        line(
            f"  {step.number:>2}  ",
            (f"{outcome:<13}", _OUTCOME_COLOURS[step.outcome]),
            f"  {t(f'verify.step_{step.number}')}",
            f" ({t('verify.checks', n=step.checks)})" if step.checks else "",
        )


def print_proof(found: Verification) -> None:
    """Print what this proves and what it doesn't; nothing is claimed of an archive that FAILED."""
    proves = _proves(found)
    if proves:
        line()
        line((t("verify.proves"), "cyan"))
        for sentence in proves:
            line("  + ", sentence)
    line()
    line((t("verify.proves_not"), "cyan"))
    unproven = [] if found.proven else ["proves_not_time"]
    for name in (*unproven, "proves_not_who", "proves_not_all", "proves_not_guilt"):
        line("  - ", t(f"verify.{name}"))


def _proves(found: Verification) -> list[str]:
    if found.verdict is Status.FAILED or not found.contents or not found.signer:
        return []
    sentences = [t("verify.proves_bytes"), words("verify.proves_key", name=found.signer.subject)]
    if found.proven:
        sentences.append(
            words("verify.proves_time", time=_local(found.proven.time), authority=found.proven.authority)
        )
    if found.position:
        place = found.position
        sentences.append(
            words("verify.proves_place", sequence=place.sequence, origin=place.origin, size=place.size)
        )
    return sentences


def document(name: str, found: Verification) -> dict[str, Any]:
    """A verification as one JSON value; times are UTC."""
    return {
        "file": name,
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
