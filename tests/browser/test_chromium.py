"""The watch over pages sees what it is there for."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium


@pytest.mark.parametrize(
    "script",
    [
        "console.error('x')",
        "throw new Error('x')",
        "Promise.reject(new Error('x'))",
        "fetch('https://example.org/')",
        "new Image().src = 'https://example.org/x.png'",
        "location.href = 'https://example.org/'",
        "eval('1')",
    ],
)
def test_it_hears_of_errors_and_requests(script: str, browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline'\">"
    page.write_text(f"<!DOCTYPE html>{policy}<link rel=icon href=data:,><script>{script}</script>")
    with pytest.raises(AssertionError), chromium.context(browser) as profile:
        chromium.opened(profile, page).wait_for_timeout(300)
