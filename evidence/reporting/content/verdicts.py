"""What the verification found, in words for people who don't run the program."""

from dataclasses import replace

from evidence.findings import Finding, Result, Status
from evidence.messages import has
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, Line
from evidence.reporting.content.words import label, moment, say, timestamp
from evidence.text import visible
from evidence.verify.results import Note, Outcome, Verification
from evidence.verify.rules import RULES
from evidence.verify.wording import sentence

_TONES = {Status.PASSED: "passed", Status.INDETERMINATE: "open", Status.FAILED: "failed"}
_TIMES = ("date", "at", "not_before", "not_after", "claimed", "proven")
_OF_THE_DAY = frozenset({"VERDICT_ENDS", "TRUST_IS_ARCHIVE", "TRUST_OTHER"})
"""Notes that are about the verifier's options or day, not about the archive."""


def verdict_box(found: Verification) -> Block:
    """The verdict, which stands on top."""
    texts = [say(f"verify.verdict_{found.verdict.name}")]
    if found.verdict is Status.FAILED and found.contents is None:
        texts.append(say("report.no_contents"))
    elif found.contents is None:
        texts.append(say("report.contents_unchecked"))
    elif found.verdict is not Status.PASSED:
        texts.append(say("report.read_findings"))
    return blocks.box(_TONES[found.verdict], label(f"verify.status_{found.verdict.name}"), texts)


def section(found: Verification) -> Block:
    """The four results, what was found, and the eleven steps."""
    heads = [say(f"report.result_{name}") for name in ("name", "status", "why")]
    rows = [_result(result, found) for result in Result]
    made: list[Block | None] = [
        blocks.paragraph(say("report.verification_intro")),
        blocks.table(heads, [3, 4, 8], rows),
        blocks.heading(label("report.findings_title")),
        *(_findings(found) or [blocks.paragraph(say("report.no_findings"))]),
    ]
    notes = [_told(note) for note in found.notes if note.code not in _OF_THE_DAY]
    if notes:
        made += [blocks.heading(label("report.notes_title")), blocks.bullets(notes)]
    made += [blocks.heading(label("report.steps_title")), _steps(found)]
    return blocks.section(say("report.section_verification"), made)


def _result(result: Result, found: Verification) -> list[Cell]:
    status = found.results[result]
    name = label(f"verify.result_{result.value}")
    word = label(f"verify.status_{status.name}")
    if result is Result.TIME and status is Status.PASSED and not found.proven:
        word = say("report.time_only_claimed")
    return [blocks.line(name, "strong"), word, _why(result, found)]


def _why(result: Result, found: Verification) -> str:
    status = found.results[result]
    codes = [finding.code for finding in found.findings if RULES[finding.code].result is result]
    if codes:
        return say("report.see_findings", list=", ".join(dict.fromkeys(codes)))
    if status is not Status.PASSED:
        return say("report.not_reached")
    if result is Result.TIME:
        return say("report.means_time_proven" if found.proven else "report.means_time_claimed")
    if result is Result.REGISTER:
        is_confirmed = found.position is not None and found.position.confirmed
        return say("report.means_register_confirmed" if is_confirmed else "report.means_register")
    return say(f"report.means_{result.value}")


def _findings(found: Verification) -> list[Block]:
    return [_finding(finding) for finding in found.findings]


def _finding(finding: Finding) -> Block:
    rule = RULES[finding.code]
    texts = [_told(finding)]
    if has(f"explain.{finding.code}_why"):
        texts.append(say(f"explain.{finding.code}_why"))
    title = say(
        "report.finding",
        code=finding.code,
        status=say(f"verify.status_{rule.status.name}"),
        step=str(rule.step),
    )
    return blocks.box(_TONES[rule.status], title, texts)


def _told(item: Finding | Note) -> str:
    """A finding or note with its times as people write them."""
    params = {name: _readable(value) if name in _TIMES else value for name, value in item.params.items()}
    return sentence(replace(item, params=params))


def _readable(value: str | int) -> str | int:
    try:
        return timestamp(str(value)).replace(
            "\u00a0", " "
        )  # which ``sentence`` would show as a hidden character
    except ValueError:
        return value


def _steps(found: Verification) -> Block | None:
    heads = [say(f"report.step_{name}") for name in ("number", "what", "outcome", "checks")]
    rows: list[list[Cell]] = []
    for step in found.steps:
        told = say(f"verify.outcome_{step.outcome.name}")
        outcome: Line = told if step.outcome is Outcome.PASS else blocks.line(told, "strong")
        rows.append([str(step.number), say(f"verify.step_{step.number}"), outcome, str(step.checks or "–")])
    return blocks.table(heads, [0, 9, 4, 0], rows)


def proof(found: Verification) -> Block:
    """What is proved, and what isn't; nothing is claimed of an archive that failed."""
    proved = _proved(found)
    unproven = [] if found.proven else ["time"]
    refused = [say(f"verify.proves_not_{name}") for name in (*unproven, "who", "all", "last", "guilt")]
    made = [blocks.heading(label("report.proved")), blocks.bullets(proved, "+")] if proved else []
    made += [blocks.heading(label("report.not_proved")), blocks.bullets([*refused, say("report.not_legal")])]
    return blocks.section(say("report.section_proof"), made)


def _proved(found: Verification) -> list[str]:
    if found.verdict is Status.FAILED or not found.contents or not found.signer:
        return []
    told = [say("verify.proves_bytes"), say("verify.proves_key", name=visible(found.signer.subject))]
    if found.proven:
        authority = visible(found.proven.authority)
        told.append(say("verify.proves_time", time=moment(found.proven.time), authority=authority))
    if found.position:
        place = found.position
        told.append(
            say("verify.proves_place", sequence=place.sequence, origin=visible(place.origin), size=place.size)
        )
    if found.verdict is not Status.PASSED:
        told.append(say("report.proved_as_far"))
    return told
