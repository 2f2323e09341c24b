"""Signatures, paths and tokens of every kind are judged alike by the command line, node and a browser.

Node and the browser check signatures with other libraries, so both are asked. ``python -m
tests.browser.test_differential_signed START COUNT`` asks node about others.
"""

import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext

from tests.browser import both, chromium, node
from tests.browser.both import Given
from tests.browser.broken import signed
from tests.browser.test_differential import every

Named = tuple[str, Given]


def cases(start: int, count: int) -> list[Named]:
    """Some of them, by their names."""
    return [(name, make()) for name, make in islice(signed.cases(), start, start + count)]


def disagreements(some: Sequence[Named], told: Sequence[Any]) -> dict[str, object]:
    """By name, where the command line says another thing than the one that was asked."""
    answers = zip(some, told, strict=True)
    found = {name: both.differences(both.here(given), there) for (name, given), there in answers}
    return {name: parts for name, parts in found.items() if parts}


def by_node(some: Sequence[Named]) -> dict[str, object]:
    """Disagreements with node."""
    return disagreements(some, both.there([given for _name, given in some]))


def test_node_agrees() -> None:
    some = cases(600, 90)
    assert by_node(some) == {}
    codes = {finding["code"] for _name, given in some for finding in both.here(given)["findings"]}
    expected = "SIGNATURE_MALFORMED SIGNATURE_UNSUPPORTED CERTIFICATE_UNUSABLE SIGNER_UNKNOWN TOKEN_BROKEN TSA_UNKNOWN"
    assert {*expected.split()} <= codes


def test_a_browser_agrees(profile: BrowserContext, tmp_path: Path) -> None:
    some = [*cases(0, 60), *islice(every("mixed"), 40)]
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>blank</title>", "utf-8")
    page = chromium.opened(profile, blank)
    page.add_script_tag(content=node.bundled(both.SOURCE))
    told = page.evaluate("(all) => given.default(all)", [both.told(given) for _name, given in some])
    assert disagreements(some, [both.comparable(one) for one in told]) == {}


if __name__ == "__main__":
    wrong = by_node(cases(*map(int, sys.argv[1:3])))
    print(wrong or "agree")
    sys.exit(bool(wrong))
