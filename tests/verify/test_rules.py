"""The table of rules and the words for it."""

import string

import pytest

from evidence import messages
from evidence.findings import Finding, Result, Status
from evidence.messages import catalogue
from evidence.verify import wording
from evidence.verify.results import Note, Outcome
from evidence.verify.rules import RULES, STEPS
from tests.vectors import archives, cases
from tests.verify.case import check

NOTES = [
    "SIGNER_OWN_KEY",
    "SIGNER_NOT_EXPECTED",
    "POSITION_SELF_ASSERTED",
    "PROOF_IGNORED",
    "TOKEN_UNKNOWN_IGNORED",
    "TOKEN_NOT_CHECKED",
    "LATER_NOT_CHECKED",
    "TIME_CLAIMED_ONLY",
    "VERDICT_ENDS",
]


def fields(template: object) -> set[str]:
    """The placeholders of a message, of whichever plural forms."""
    texts = template.values() if isinstance(template, dict) else [template]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(str(text)) if name}


def test_every_code_belongs_to_a_step_of_its_result() -> None:
    exceptions = {"NOT_COMPLETE"}
    for code, rule in RULES.items():
        assert rule.status is not Status.PASSED
        assert code in exceptions or STEPS[rule.step] is rule.result, code


def test_steps_are_numbered_from_one_to_eleven() -> None:
    assert list(STEPS) == list(range(1, 12))
    assert set(STEPS.values()) == set(Result)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_code_and_note_has_its_words(language: str) -> None:
    words = catalogue(language, "verify")
    for code in (*RULES, *NOTES):
        assert words[code], code
        assert words[f"{code}_next"], code
    for number in STEPS:
        assert words[f"step_{number}"]
    for result in Result:
        assert words[f"result_{result.value}"]
    for status in Status:
        assert words[f"status_{status.name}"]
        assert words[f"verdict_{status.name}"]
    for outcome in Outcome:
        assert words[f"outcome_{outcome.name}"]


def test_both_languages_say_the_same_things() -> None:
    english, ukrainian = (catalogue(language, "verify") for language in messages.LANGUAGES)
    assert english.keys() == ukrainian.keys()
    for name, template in english.items():
        assert fields(template) == fields(ukrainian[name]), name


def test_every_plural_has_every_form() -> None:
    for language, forms in (("en", {"one", "other"}), ("uk", {"one", "few", "many"})):
        plurals = [t for t in catalogue(language, "verify").values() if isinstance(t, dict)]
        assert plurals
        assert all(template.keys() == forms for template in plurals)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_steps_find_fills_every_placeholder(language: str) -> None:
    messages.set_language(language)
    said = set()
    for name, case in cases.cases().items():
        if name == "NOT_AN_ARCHIVE":
            continue
        verification = check(case.archive, **archives.options(case))
        items: list[Finding | Note] = [*verification.findings, *verification.notes]
        for item in items:
            assert wording.sentence(item).endswith(".")
            assert wording.next_step(item).endswith(".")
            said.add(item.code)
    assert set(RULES) <= said


def test_untrusted_text_comes_out_harmless() -> None:
    hostile = "exhibits/\x1b[31m\u202eE1"
    assert wording.sentence(Finding("MEMBER_EXTRA", hostile)).count("\\u{") == 2
    assert "\x1b" not in wording.sentence(Note("SIGNER_OWN_KEY", "", {"name": hostile}))
    assert "\\u{202e}" in wording.sentence(Finding("SIGNER_UNKNOWN", "", {"sha256": "", "name": hostile}))


def test_the_reason_of_a_void_is_said_in_words() -> None:
    found = Finding("REGISTER_VOIDED", "", {"sequence": 4, "reason": "body_lost"})
    assert "the sealed file was lost" in wording.sentence(found)
