"""The browser's verifier and Python's say the same of every public vector, in words and in codes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from evidence import messages
from evidence.cli import verdict
from evidence.findings import Finding, Status
from evidence.verify.answer import document
from evidence.verify.results import Note
from evidence.verify.wording import next_step, sentence
from tests.browser import chromium, verifier
from tests.browser.verifier import Given, Shown
from tests.vectors.test_vectors import EXITS, FOLDER, NAMES, read
from tests.vectors.test_vectors import verified as by_python

VECTORS = [name for name in NAMES if name != "NOT_AN_ARCHIVE"]
REFUSING = """
if (globalThis.SubtleCrypto) {
const { importKey, verify } = SubtleCrypto.prototype;
const named = (algorithm) => typeof algorithm === "string" ? algorithm : algorithm?.name;
const refusing = (original, place) => function (...values) {
  if (/ed25519/i.test(named(values[place]))) {
    globalThis.refused = (globalThis.refused ?? 0) + 1;
    return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  }
  return original.apply(this, values);
};
SubtleCrypto.prototype.importKey = refusing(importKey, 2);
SubtleCrypto.prototype.verify = refusing(verify, 0);
}
"""
"""A browser whose WebCrypto has no Ed25519."""


def key(name: str) -> str:
    """What a vector is verified with; those of the same are verified in one run."""
    told = read(name)
    return json.dumps(
        [told[k] for k in ("trust", "trust_tsa", "now", "at", "register", "checkpoint", "require")]
    )


GROUPS = [list(names) for _key, names in groupby(sorted(VECTORS, key=key), key=key)]


def given(names: Sequence[str]) -> Given:
    """Vectors with the same key, as they are put into the form."""
    told = read(names[0])

    def path(name: str | None) -> Path | None:
        return FOLDER / name if name else None

    return Given(
        archives=tuple(FOLDER / f"{name}.asice" for name in names),
        certificates=tuple(FOLDER / file for file in told["trust"]),
        tsa=tuple(FOLDER / file for file in told["trust_tsa"]),
        proofs=tuple(FOLDER / proof for proof in (read(name)["proof"] for name in names) if proof),
        register=path(told["register"]),
        checkpoint=path(told["checkpoint"]),
        at=told["at"] or "",
        is_complete=told["require"] == "complete",
    )


def expected(name: str) -> dict[str, Any]:
    told = read(name)
    answer = document(f"{name}.asice", by_python(name))
    return {**answer, "proof_file": told["proof"]}


def told(items: list[dict[str, Any]]) -> list[Finding | Note]:
    """Findings and notes with their times as people read them."""
    found = []
    for each in map(verifier.item, items):
        values = {
            name: verdict._readable(value) if name in verdict._TIMES else value
            for name, value in each.params.items()
        }
        found.append(replace(each, params=values))
    return found


def agreed(name: str, shown: Shown) -> None:
    """The page shows of a vector what Python answers."""
    answer = expected(name)
    assert shown.answer is not None
    assert verifier.compared(shown.answer) == verifier.compared(answer)
    assert shown.verdict == answer["verdict"]
    assert [f["code"] for f in shown.answer["findings"]] == read(name)["findings"]
    assert EXITS[Status[shown.verdict]] == read(name)["exit"]
    assert shown.steps == [(s["step"], s["outcome"], s["checks"]) for s in answer["steps"]]
    is_claimed = answer["results"]["time"] == "PASSED" and not answer["times"]["proven"]
    assert shown.results == answer["results"] | ({"time": "CLAIMED"} if is_claimed else {})


@pytest.mark.parametrize("names", GROUPS, ids=lambda names: names[0])
def test_it_says_what_python_says(names: list[str], profile: BrowserContext) -> None:
    page = verifier.start(profile, now=read(names[0])["now"])
    verifier.give(page, given(names))
    verifier.press(page, len(names))
    for language in messages.LANGUAGES:
        verifier.choose(page, language)
        for number, name in enumerate(names):
            shown = verifier.read(page, number)
            agreed(name, shown)
            check_words(shown, language)


def test_all_of_them_are_verified_here() -> None:
    assert sorted(name for names in GROUPS for name in names) == VECTORS
    assert len(VECTORS) > 70


def check_words(shown: Shown, language: str) -> None:
    """Every finding and note is told in the words of the command line, the urgent ones first."""
    messages.set_language(language)
    assert shown.answer is not None
    notes = told(shown.answer["notes"])
    urgent = [note for note in notes if note.code in verdict._URGENT_NOTES]
    items = [*urgent, *told(shown.answer["findings"]), *(note for note in notes if note not in urgent)]
    quiet = verdict._QUIET_NOTES if shown.verdict == "PASSED" else set()
    assert shown.codes == [each.code for each in items]
    assert shown.sentences == [sentence(each) for each in items]
    assert shown.nexts == [next_step(each) for each in items if each.code not in quiet]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_file_that_begins_otherwise_is_no_archive(language: str, profile: BrowserContext) -> None:
    page = verifier.start(profile, now=read("NOT_AN_ARCHIVE")["now"])
    verifier.choose(page, language)
    messages.set_language(language)
    shown = verifier.verified(page, given(["NOT_AN_ARCHIVE"]))
    assert shown.answer is None
    assert shown.verdict == ""
    assert messages.t("verify.not_an_archive") in shown.text
    assert messages.t("verify.not_an_archive_hint") in shown.text


@pytest.mark.parametrize("name", ["PASSED_REGISTER", "CHECKPOINT_BROKEN", "PASSED_SIDECAR", "REGISTER_FORK"])
def test_a_browser_without_ed25519_says_the_same(name: str, browser: Browser) -> None:
    with chromium.context(browser) as profile:
        profile.add_init_script(REFUSING)
        page = verifier.start(profile, now=read(name)["now"])
        shown = verifier.verified(page, given([name]))
        assert page.evaluate("globalThis.refused") > 0
    assert shown.answer is not None
    assert verifier.compared(shown.answer) == verifier.compared(expected(name))
