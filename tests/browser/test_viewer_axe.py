"""Accessibility of the viewer, by axe-core: nothing serious, in both languages, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from evidence.messages import LANGUAGES
from tests.browser import incidents
from tests.browser.axe import prepare, problems
from tests.browser.chromium import DESKTOP, PHONE, context, opened


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_serious(language: str, size: tuple[int, int], browser: Browser, tmp_path: Path) -> None:
    sound = incidents.speech(4)
    for scene in (incidents.long(2, 12, sound, 4000), incidents.hostile(sound)):
        scene.language = language
        with context(browser, size=size) as profile:
            prepare(profile)
            page = opened(profile, scene.write(tmp_path))
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
            assert problems(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
