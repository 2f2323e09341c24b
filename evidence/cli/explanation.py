"""A code of FORMAT.md in plain words: one line or two for the list, or all that is to be said about it."""

import re
import textwrap

from evidence.cli.console import Part, line
from evidence.cli.summary import COLOURS
from evidence.cli.terminal import columns
from evidence.findings import Status
from evidence.messages import has, t
from evidence.model.noticeevidence import AGAINST, CODES, GRADE_OF, UNSEEN
from evidence.operations.audit.findings import AUDIT, GRADES, PBX, Grade
from evidence.verify.rules import RULES

_WIDEST = 100
_NARROWEST = 40
_INDENT = 4
_COLOURS = {Status.INDETERMINATE: "yellow", Status.FAILED: "red"}
_GRADE_COLOURS = {Grade.FAILED: "red", Grade.UNREADABLE: "red", Grade.NOTE: "cyan"}
NOTES = (
    "SIGNER_OWN_KEY",
    "TRUST_OTHER",
    "TRUST_IS_ARCHIVE",
    "SIGNER_NOT_EXPECTED",
    "POSITION_SELF_ASSERTED",
    "PROOF_IGNORED",
    "TOKEN_UNKNOWN_IGNORED",
    "TOKEN_NOT_CHECKED",
    "RECEIVED",
    "RECEIPT_PROVEN",
    "RECEIPT_UNPROVEN",
    "RECEIPT_MISSING",
    "ANNOUNCED",
    "ANNOUNCEMENT_UNPROVEN",
    "LATER_NOT_CHECKED",
    "TIME_CLAIMED_ONLY",
    "SIDECAR_IGNORED",
    "SIDECAR_PROOF_IGNORED",
    "SIDECAR_TOKEN_IGNORED",
    "TIME_FROM_SIDECAR",
    "VERDICT_ENDS",
)
"""Codes of information that changes no verdict, in FORMAT.md's order."""

WORDS = {"PASSED": "green", "INDETERMINATE": "yellow", "FAILED": "red", **COLOURS}
"""The words that stand for a verdict, a result, or what something rests on, with their colours."""

WATCHED = tuple(GRADES)
"""Codes of `audit` and `doctor`; a few are also codes of verification, and are explained as both."""

KNOWN = tuple(dict.fromkeys((*RULES, *NOTES, *WORDS, *WATCHED, *CODES)))
"""Everything that can be explained."""

_FIRST_SENTENCE = re.compile(r".*?\.(?=\s|$)")


def print_line(code: str) -> None:
    """Print one of KNOWN for the list of all: where it belongs, how grave it is, what it says."""
    if code in WATCHED and code not in RULES:
        line(_code_part(code), "  ", t("explain.listed_watch", **_watched(code)))
        _prose(_first_sentence(t(f"watch.{code}")))
        return
    if code in CODES and code not in WORDS:
        line(_code_part(code), "  ", _listed_evidence(code))
        _prose(_first_sentence(t(f"noticeevidence.{code}_what")))
        return
    if code in RULES:
        rule = RULES[code]
        listed = t("explain.listed", number=rule.step, status=t(f"verify.status_{rule.status.name}"))
    else:
        listed = t("explain.listed_note" if code in NOTES else "explain.listed_word")
    line(_code_part(code), "  ", listed)
    _prose(_first_sentence(t(f"explain.{code}_what")))


def _first_sentence(said: str) -> str:
    sentence = _FIRST_SENTENCE.match(said)
    return sentence[0] if sentence else said


def print_code(code: str) -> None:
    """Print all about one of KNOWN: where it is found, what it says, why it matters, what to do."""
    line()
    line(_code_part(code))
    if code in RULES or code in NOTES or code in WORDS:
        _print_verified(code)
    if code in WATCHED:
        _print_watched(code)
    if code in CODES:
        _print_evidence(code)


def _print_watched(code: str) -> None:
    """What a finding of `audit` or `doctor` means, and what to do."""
    own = f"watch.{code}_next"
    area = "audit" if code in AUDIT else "pbx" if code in PBX else "doctor"
    following = t(own) if has(own) else t(f"{area}.{code}_next")
    line("  ", t("explain.watch", **_watched(code)))
    for label, text in (("what", t(f"watch.{code}")), ("next", following)):
        line("  ", (t(f"explain.{label}"), "cyan"))
        _prose(text)


def _print_evidence(code: str) -> None:
    """What an item of notice evidence means, and what to do."""
    line("  ", _explained_evidence(code))
    line("  ", t("explain.note"))
    for label, text in (
        ("what", t(f"noticeevidence.{code}_what")),
        ("next", t(f"noticeevidence.{code}_next")),
    ):
        line("  ", (t(f"explain.{label}"), "cyan"))
        _prose(text)


def _listed_evidence(code: str) -> str:
    if code in AGAINST:
        return t("noticeevidence.listed_against")
    return t("noticeevidence.listed_unseen" if code in UNSEEN else "noticeevidence.listed_for")


def _explained_evidence(code: str) -> str:
    if code in GRADE_OF:
        return t("noticeevidence.explained_for", grade=GRADE_OF[code])
    return t("noticeevidence.explained_against" if code in AGAINST else "noticeevidence.explained_unseen")


def _watched(code: str) -> dict[str, str]:
    """The command that finds a code first, and how grave it is, in words."""
    command = "audit" if code in AUDIT else "doctor"
    return {"command": command, "grade": t(f"audit.grade_{GRADES[code].name}")}


def _print_verified(code: str) -> None:
    parts = [(t("explain.what"), t(f"explain.{code}_what"))]
    if code in RULES:
        rule = RULES[code]
        result, status = t(f"verify.result_{rule.result.value}"), t(f"verify.status_{rule.status.name}")
        line("  ", t("explain.step", number=rule.step, title=t(f"verify.step_{rule.step}")))
        line("  ", t("explain.grade", result=result, status=status))
        parts.append((t("explain.why"), t(f"explain.{code}_why")))
    elif code in NOTES:
        line("  ", t("explain.note"))
    if code not in WORDS:
        parts.append((t("explain.next"), next_step(code)))
    for label, text in parts:
        line("  ", (label, "cyan"))
        _prose(text)


def next_step(code: str) -> str:
    """What whoever gets this code does next, in general; a finding of an archive may say it with values."""
    own = f"explain.{code}_next"
    return t(own) if has(own) else t(f"verify.{code}_next")


def _code_part(code: str) -> Part:
    if code in RULES:
        return code, _COLOURS[RULES[code].status]
    if code in WATCHED:
        return code, _GRADE_COLOURS.get(GRADES[code], "yellow")
    return code, WORDS.get(code, "cyan")


def _prose(text: str) -> None:
    """Our own text, as wide as the terminal is, but no wider than it reads well."""
    width = max(_NARROWEST, min(columns(), _WIDEST)) - _INDENT
    for row in textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False):
        line(" " * _INDENT, row)
