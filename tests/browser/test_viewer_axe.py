"""Accessibility of the viewer, by axe-core: nothing serious, in both languages, wide and narrow."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from evidence.messages import LANGUAGES
from tests.browser import incidents
from tests.browser.chromium import DESKTOP, PHONE, context, opened
from tests.browser.node import installed


def problems(page: Page) -> list[tuple[str, Any]]:
    """What axe-core finds that is serious or critical, with the places."""
    page.evaluate((installed() / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (each["id"], [node["html"] for node in each["nodes"]][:5])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_serious(language: str, size: tuple[int, int], browser: Browser, tmp_path: Path) -> None:
    sound = incidents.speech(4)
    for scene in (incidents.long(2, 12, sound, 4000), incidents.hostile(sound)):
        scene.language = language
        with context(browser, size=size) as profile:
            page = opened(profile, scene.write(tmp_path))
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
            assert problems(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
