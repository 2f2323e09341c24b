"""The pages in a browser without a screen, and what every page is held to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from evidence import reporting
from tests.requirements import need

BUILT = Path(reporting.__file__).parent / "web" / "built"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio"]
DESKTOP = (1280, 900)
PHONE = (360, 740)


@dataclass
class Watch:
    """What a page did that a page of ours never does.

    Attributes:
        errors: messages of the console that are errors or warnings, and exceptions nobody caught.
        requests: addresses it asked for beyond itself and what it made.
    """

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        """Note a message of the console."""
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def asked(self, request: Request) -> None:
        """Note a request."""
        own = request.is_navigation_request() and request.url.startswith("file:")
        if not own and not request.url.startswith(("blob:", "data:")):
            self.requests.append(request.url)


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    path = need("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def context(
    chromium: Browser,
    *,
    size: tuple[int, int] = DESKTOP,
    locale: str = "en-GB",
    timezone: str = "Europe/Kyiv",
) -> Iterator[BrowserContext]:
    """A fresh profile; at its end the pages in it must have made no error and no request."""
    made = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=locale,
        timezone_id=timezone,
        offline=True,
        reduced_motion="reduce",
    )
    watch = Watch()
    made.on("console", watch.heard)
    made.on("weberror", lambda error: watch.errors.append(str(error.error)))
    made.on("request", watch.asked)
    try:
        yield made
    finally:
        made.close()
    assert watch.errors == []
    assert watch.requests == []


def opened(profile: BrowserContext, file: Path, *, now: str | None = None) -> Page:
    """A page opened from a file, its clock standing still at ``now`` (RFC 3339) if that is given."""
    page = profile.new_page()
    page.set_default_timeout(20_000)
    if now is not None:
        page.clock.set_fixed_time(now)
    page.goto(file.as_uri())
    return page
