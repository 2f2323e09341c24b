"""Waiting for a page whose policy forbids what playwright's own waiting needs (`eval`)."""

import time

from playwright.sync_api import Page

_LONGEST = 15.0


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds."""
    end = time.monotonic() + _LONGEST
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)
