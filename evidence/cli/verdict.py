"""A verification told to a person. Codes stay untranslated; everything else is in words."""

import datetime as dt
from dataclasses import replace

from evidence.cli.console import line, words
from evidence.cli.fingerprints import print_fingerprint
from evidence.errors import ExitCode
from evidence.findings import Finding, Result, Status
from evidence.messages import t
from evidence.strict import timestamp
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
_TIMES = {"date", "at", "not_before", "not_after", "claimed", "proven"}
"""Values of findings and notes that are times, as format_timestamp writes them."""

_URGENT_NOTES = {"TRUST_OTHER", "TRUST_IS_ARCHIVE"}
"""Notes that come before all findings: the verifier trusts somebody, and it isn't this signer."""

_QUIET_NOTES = {"TIME_CLAIMED_ONLY", "POSITION_SELF_ASSERTED", "RECEIVED", "RECEIPT_PROVEN", "ANNOUNCED"}


def print_verdict(name: str, found: Verification) -> None:
    """Print the verdict, the four results, what was found and what to do next."""
    line(name)
    verdict = t(f"verify.status_{found.verdict.name}"), _COLOURS[found.verdict]
    line(verdict, "  ", t(f"verify.verdict_{found.verdict.name}"))
    line()
    _results(found)
    line()
    for note in found.notes:
        if note.code in _URGENT_NOTES:
            _item(note, "red")
    for finding in found.findings:
        colour = _COLOURS[RULES[finding.code].status]
        _item(finding, colour)
    for note in found.notes:
        if note.code in _URGENT_NOTES:
            continue
        _item(note, "cyan", is_quiet=note.code in _QUIET_NOTES and found.verdict is Status.PASSED)


def _item(item: Finding | Note, colour: str, *, is_quiet: bool = False) -> None:
    params = {name: _readable(value) if name in _TIMES else value for name, value in item.params.items()}
    told = replace(item, params=params)
    line((item.code, colour), "  ", sentence(told), hanging=2)
    if not is_quiet:
        line("    ", next_step(told), hanging=4)


def _readable(value: str | int) -> str | int:
    """A time as people write it; whatever isn't one stays as it is."""
    try:
        return _utc(timestamp(str(value)))
    except ValueError:
        return value


def _results(found: Verification) -> None:
    shown = {result: _word(result, found) for result in Result}
    widest = max(len(word) for word, _colour in shown.values())
    for result, (word, colour) in shown.items():
        label = f"  {t(f'verify.result_{result.value}'):<12}"
        detail = _detail(result, found) or _shortfall(result, found)
        line(label, (f"{word:<{widest}}", colour), "  ", detail, hanging=len(label) + widest + 2)


def _word(result: Result, found: Verification) -> tuple[str, str]:
    status = found.results[result]
    if result is Result.TIME and status is Status.PASSED and not found.proven:
        return t("verdict.claimed"), "yellow"
    return t(f"verify.status_{status.name}"), _COLOURS[status]


def _shortfall(result: Result, found: Verification) -> str:
    """Where to read on about a result that isn't PASSED."""
    count = sum(RULES[finding.code].result is result for finding in found.findings)
    if count:
        return t("verdict.findings", n=count)
    return "" if found.results[result] is Status.PASSED else t("verdict.not_reached")


def _detail(result: Result, found: Verification) -> str:
    if result is Result.SIGNER and found.signer:
        return words("verdict.signer", subject=found.signer.subject)
    if result is Result.TIME and found.proven:
        at = _utc(found.proven.time)
        key = "verdict.time_proven_beside" if found.proven.in_sidecar else "verdict.time_proven"
        return words(key, time=at, authority=found.proven.authority)
    claimed = found.claimed.entry or found.claimed.signing
    if result is Result.TIME and claimed:
        return t("verdict.time_claimed", time=_utc(claimed))
    if result is Result.REGISTER and found.position:
        place = found.position
        key = "verdict.place_confirmed" if place.confirmed else "verdict.place"
        return words(key, sequence=place.sequence, n=place.size, origin=place.origin)
    if result is Result.INTEGRITY and found.contents:
        return t("verdict.members", n=len(found.contents.digests))
    return ""


def _utc(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def print_identity(found: Verification) -> None:
    """Print what identifies the archive."""
    line()
    if found.archive_id:
        line(words("verdict.archive_id", id=found.archive_id))
    if found.identity:
        print_fingerprint(t("verdict.fingerprint"), found.identity)
    if found.signer:
        print_fingerprint(t("verdict.certificate"), found.signer.sha256)


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
            hanging=21,
        )


def print_proof(found: Verification) -> None:
    """Print what this proves and what it doesn't; nothing is claimed of an archive that FAILED."""
    proves = _proves(found)
    if proves:
        line()
        line((t("verify.proves"), "cyan"))
        for sentence in proves:
            line("  + ", sentence, hanging=4)
    line()
    line((t("verify.proves_not"), "cyan"))
    unproven = [] if found.proven else ["proves_not_time"]
    for name in (*unproven, "proves_not_who", "proves_not_all", "proves_not_last", "proves_not_guilt"):
        line("  - ", t(f"verify.{name}"), hanging=4)


def _proves(found: Verification) -> list[str]:
    if found.verdict is Status.FAILED or not found.contents or not found.signer:
        return []
    sentences = [t("verify.proves_bytes"), words("verify.proves_key", name=found.signer.subject)]
    if found.proven:
        sentences.append(
            words("verify.proves_time", time=_utc(found.proven.time), authority=found.proven.authority)
        )
    if found.position:
        place = found.position
        sentences.append(
            words("verify.proves_place", sequence=place.sequence, origin=place.origin, size=place.size)
        )
    return sentences
