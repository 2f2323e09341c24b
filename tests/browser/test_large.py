"""Large archives in the browser: read in pieces, in bounded memory, and given up when asked.

EVIDENCE_BROWSER_MIB sets the size of the recording; above 4096 it needs ZIP64.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from evidence import messages
from evidence.findings import Status
from evidence.verify.verifier import verify
from tests.browser import chromium, large, verifier
from tests.browser.verifier import PATIENT, Given
from tests.vectors.archives import NOW
from tests.vectors.test_vectors import FOLDER
from tests.verify.case import options

SIZE = int(os.environ.get("EVIDENCE_BROWSER_MIB", "256")) * 1024 * 1024
SEALER = FOLDER / "sources" / "sealer.pem"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("large") / "large.asice"
    large.write(path, SIZE)
    yield path
    path.unlink()


def test_what_is_made_here_is_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "small.asice"
    large.write(path, 1024 * 1024)
    with path.open("rb") as file:
        assert verify(file, options()).verdict is Status.PASSED


def memory(browser: Browser) -> dict[str, int]:
    """The most memory that each kind of the browser's processes held at once, in MiB."""
    session = browser.new_browser_cdp_session()
    found: dict[str, int] = {}
    told: dict[str, Any] = session.send("SystemInfo.getProcessInfo")
    for process in told["processInfo"]:
        status = Path(f"/proc/{process['id']}/status").read_text("ascii")
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        found[process["type"]] = max(found.get(process["type"], 0), int(peak[1]) // 1024 if peak else 0)
    return found


def test_it_is_verified_in_bounded_memory(archive: Path, browser: Browser, record_property: Any) -> None:
    with chromium.context(browser) as profile:
        page = verifier.start(profile, now=NOW)
        verifier.give(page, Given((archive,), (SEALER,)))
        page.evaluate("globalThis.began = performance.now()")
        verifier.press(page)
        record_property("seconds", page.evaluate("performance.now() - globalThis.began") / 1000)
        assert verifier.read(page).verdict == "PASSED"
        peak = memory(browser)
    record_property("memory", peak)
    assert peak["renderer"] < 600, peak
    assert peak["browser"] < 600, peak


def test_it_can_be_given_up(archive: Path, profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    verifier.give(page, Given((archive,), (SEALER,)))
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name=messages.t("page.cancel")).click()
    expect(page.locator(".spoken")).to_have_text(messages.t("page.cancelled"))
    expect(page.locator(".progress")).to_be_hidden()
    expect(page.locator("button[type=submit]")).to_be_focused()
    page.get_by_role("button", name=messages.t("page.take_out", file=archive.name)).click()
    shown = verifier.verified(page, Given((FOLDER / "PASSED.asice",), (SEALER,)))
    assert shown.verdict == "PASSED"
    expect(page.locator("article.report")).to_have_count(1, timeout=PATIENT)
