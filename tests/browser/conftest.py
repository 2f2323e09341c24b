"""One browser for the tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser import chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser without a screen; ended before other folders' tests, whose event loops it would disturb."""
    with chromium.browser() as made:
        yield made


@pytest.fixture
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of that browser; see ``chromium.context``."""
    with chromium.context(browser) as made:
        yield made
