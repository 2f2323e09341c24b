"""From findings to reports, four results and one verdict (FORMAT.md, "Verdict")."""

from collections.abc import Mapping, Sequence

from evidence.findings import Finding, Result, Status
from evidence.verify.results import Note, Outcome, StepReport
from evidence.verify.rules import RULES, STEPS

_OUTCOMES = {Status.FAILED: Outcome.FAIL, Status.INDETERMINATE: Outcome.INDETERMINATE}


def reports(
    findings: Sequence[Finding], finished: set[int], checks: Mapping[int, int]
) -> tuple[StepReport, ...]:
    """One report a step. A step that was not finished and found nothing is NOT CHECKED."""
    return tuple(
        _report(number, [f for f in findings if RULES[f.code].step == number], finished, checks)
        for number in STEPS
    )


def _report(
    number: int, findings: Sequence[Finding], finished: set[int], checks: Mapping[int, int]
) -> StepReport:
    if findings:
        outcome = _OUTCOMES[max(RULES[finding.code].status for finding in findings)]
    else:
        outcome = Outcome.PASS if number in finished else Outcome.NOT_CHECKED
    return StepReport(number, STEPS[number], outcome, checks.get(number, 0), tuple(findings))


def results(findings: Sequence[Finding], finished: set[int], not_asked: set[int]) -> dict[Result, Status]:
    """The worst of each result's findings; a step that should have been finished and wasn't is undecided."""
    worst = dict.fromkeys(Result, Status.PASSED)
    for number, result in STEPS.items():
        if number not in finished and number not in not_asked:
            worst[result] = Status.INDETERMINATE
    for finding in findings:
        rule = RULES[finding.code]
        worst[rule.result] = max(worst[rule.result], rule.status)
    return worst


_OF_RECORDS = {
    *("RECEIVED", "RECEIPT_PROVEN", "RECEIPT_UNPROVEN", "RECEIPT_MISSING"),
    *("ANNOUNCED", "ANNOUNCEMENT_UNPROVEN"),
}
"""Notes about records; they count only where the records do."""


def is_news(note: Note, results: Mapping[Result, Status]) -> bool:
    """Whether a note still says something beside these results: what qualifies a pass doesn't without one."""
    match note.code:
        case "VERDICT_ENDS":
            return max(results.values()) is Status.PASSED
        case "POSITION_SELF_ASSERTED":
            return results[Result.REGISTER] is not Status.FAILED
        case code if code in _OF_RECORDS:
            needed = (Result.INTEGRITY, Result.SIGNER, Result.REGISTER)
            return Status.FAILED not in [results[result] for result in needed]
    return True
