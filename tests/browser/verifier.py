"""verify.html driven as a person does: files and options given, the button pressed, the result read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from evidence.findings import Finding
from evidence.verify.results import Note
from tests.browser import both
from tests.browser.chromium import BUILT, opened

PAGE = BUILT / "verify.html"
PATIENT = 300_000
"""Milliseconds that a verification may take on a machine that does other things besides."""


@dataclass(frozen=True)
class Given:
    """What is put into the form; files by their paths, or a file that only the browser sees."""

    archives: tuple[Path | FilePayload, ...]
    certificates: tuple[Path, ...] = ()
    fingerprints: str = ""
    tsa: tuple[Path, ...] = ()
    tsa_fingerprints: str = ""
    proofs: tuple[Path | FilePayload, ...] = ()
    register: Path | None = None
    checkpoint: Path | None = None
    at: str = ""
    is_complete: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the fields of the first screen are enough."""
        further = (self.tsa, self.tsa_fingerprints, self.proofs, self.register, self.checkpoint, self.at)
        return not any(further) and not self.is_complete


@dataclass
class Shown:
    """One archive's part of the page as read from it.

    Attributes:
        answer: the result for programs; None where there is none.
        verdict: the verdict that the words are about.
        codes: codes of findings and notes, from above.
        sentences: what is said about each.
        nexts: what is to be done, of those that say it.
        steps: number, outcome and checks of each step.
        results: status or CLAIMED by name.
    """

    answer: dict[str, Any] | None
    verdict: str
    codes: list[str]
    sentences: list[str]
    nexts: list[str]
    steps: list[tuple[int, str, int]]
    results: dict[str, str]
    text: str = field(repr=False)


def start(profile: BrowserContext, *, now: str | None = None) -> Page:
    """The page, just opened."""
    return opened(profile, PAGE, now=now)


def give(page: Page, given: Given) -> None:
    """Fill in the form."""
    files(page, "archive", given.archives)
    files(page, "certificate", given.certificates)
    page.fill("#fingerprint", given.fingerprints)
    if given.is_plain:
        return
    page.locator("details.more > summary").click()
    files(page, "tsa", given.tsa)
    page.fill("#tsa-fingerprint", given.tsa_fingerprints)
    files(page, "proof", given.proofs)
    files(page, "register", [given.register] if given.register else [])
    files(page, "checkpoint", [given.checkpoint] if given.checkpoint else [])
    page.fill("#at", given.at)
    page.set_checked("#complete", given.is_complete)


def files(page: Page, name: str, given: Iterable[Path | FilePayload]) -> None:
    """Choose files in a field."""
    chosen = list(given)
    payloads = [one for one in chosen if not isinstance(one, Path)]
    paths = [one for one in chosen if isinstance(one, Path)]
    if payloads:
        page.set_input_files(f"#{name}", payloads)
    if paths:
        page.set_input_files(f"#{name}", [str(path) for path in paths])


def press(page: Page, count: int = 1) -> None:
    """Press the button and wait for as many results."""
    page.get_by_role("button", name="Verify", exact=True).or_(
        page.get_by_role("button", name="Перевірити", exact=True)
    ).click()
    expect(page.locator("article.report")).to_have_count(count, timeout=PATIENT)
    expect(page.locator(".progress")).to_be_hidden(timeout=PATIENT)


def verified(page: Page, given: Given) -> Shown:
    """Fill in the form, press the button, and read the one result."""
    give(page, given)
    press(page)
    return read(page)


_READ = """
(article) => {
  const all = (selector) => [...article.querySelectorAll(selector)];
  const texts = (selector) => all(selector).map((element) => element.textContent);
  const status = (element) => element.querySelector(".status").classList[1];
  return {
    answer: JSON.parse(article.querySelector(".json pre")?.textContent ?? "null"),
    verdict: article.querySelector("[data-verdict]")?.dataset.verdict ?? "",
    codes: all("[data-code]").map((element) => element.dataset.code),
    sentences: texts("[data-code] .sentence"),
    nexts: texts("[data-code] .next"),
    steps: all("[data-step]").map(({ dataset }) => [+dataset.step, dataset.outcome, +dataset.checks]),
    results: Object.fromEntries(all("[data-result]").map((row) => [row.dataset.result, status(row)])),
    text: article.innerText,
  };
}
"""


def read(page: Page, number: int = 0) -> Shown:
    """What the page shows of one archive."""
    found = page.locator("article.report").nth(number).evaluate(_READ)
    found["steps"] = [tuple(step) for step in found["steps"]]
    return Shown(**found)


def item(document: dict[str, Any]) -> Finding | Note:
    """A finding or note of an answer, as Python's functions take it."""
    kind = Finding if "status" in document else Note
    return kind(document["code"], document["subject"], document["params"])


def payload(name: str, data: bytes) -> FilePayload:
    """A file that only the browser sees, of any name."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def choose(page: Page, language: str) -> None:
    """Switch the page's language."""
    page.locator(f'.languages button[lang="{language}"]').click()


def compared(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what the two verifiers say in their own words: sentences, and reasons in free English."""
    bare: dict[str, Any] = json.loads(json.dumps(answer))
    for found in (*bare["findings"], *bare["notes"]):
        found.pop("message")
        if found["code"] not in both.FREE:
            found["params"].pop("reason", None)
    return bare
