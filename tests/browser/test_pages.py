"""What holds for every page: it opens from a file, without a word in the console and without a request."""

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.chromium import BUILT, opened


@pytest.mark.parametrize("name", ["verify"])
def test_it_opens_without_error_and_asks_for_nothing(name: str, profile: BrowserContext) -> None:
    page = opened(profile, BUILT / f"{name}.html")
    assert page.title()
