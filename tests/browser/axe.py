"""axe-core's judgement of a page: problems of accessibility that it calls serious or critical."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.node import installed


def prepare(profile: BrowserContext) -> None:
    """Have axe-core in every page of a profile; an init script isn't bound by the page's policy."""
    profile.add_init_script(path=installed() / "node_modules" / "axe-core" / "axe.min.js")


def problems(page: Page) -> list[str]:
    """Rule, weight and place of each serious problem, and of each contrast that it can't judge."""
    found: dict[str, Any] = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 10
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
