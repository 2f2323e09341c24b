"""The viewer's page: what it shows, and what it never does."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from evidence.messages import LANGUAGES, catalogue
from tests.browser import incidents
from tests.browser.chromium import opened
from tests.browser.scene import Scene, answer
from tests.browser.waiting import until
from tests.builder import time


@pytest.fixture(scope="module")
def speech() -> bytes:
    return incidents.speech(12)


def long(speech: bytes, recordings: int = 2, markers: int = 20) -> Scene:
    return incidents.long(recordings, markers, speech, 12_000)


def see_all(page: Page) -> None:
    """Scroll through the page, so that everything is drawn."""
    page.evaluate("document.querySelectorAll('article').forEach((each) => each.scrollIntoView())")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_anybody_wrote_stays_text(
    language: str, speech: bytes, profile: BrowserContext, tmp_path: Path
) -> None:
    scene = incidents.hostile(speech)
    scene.language = language
    page = opened(profile, scene.write(tmp_path))
    see_all(page)
    page.locator(".flag").first.click()
    page.emulate_media(media="print")
    assert page.evaluate("window.injected") is None
    assert page.locator("#page img, #page script, #page iframe").count() == 0
    shown = page.locator("#page").inner_text()
    assert shown.count("<script>window.injected=1</script>") > 20
    assert "\u202e" not in shown
    assert "\\u{202e}" in shown
    assert "</script>\\u{dcff}" in page.locator("#recording-E2").inner_text()
    assert "LATER_CODE" in shown
    assert "later_kind" in shown


def test_the_verdict_is_said_in_words(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    for verdict in ("PASSED", "INDETERMINATE", "FAILED"):
        scene = long(speech)
        scene.answer = answer(verdict)
        page = opened(profile, scene.write(tmp_path))
        assert page.locator(".verdict h2").inner_text().strip() == verdict
        assert page.locator(".verdict h2 path").get_attribute("d")
        assert catalogue("en", "verify")[f"verdict_{verdict}"] in page.locator(".verdict").inner_text()
        assert page.get_by_text(str(catalogue("en", "viewer")["proves_nothing"])).is_visible()
        assert page.get_by_text("What this proves", exact=True).is_visible() == (verdict != "FAILED")
        page.close()


def test_nothing_is_shown_of_what_failed(profile: BrowserContext, tmp_path: Path) -> None:
    finding = {
        "code": "MEMBER_ALTERED",
        "subject": "exhibits/E1.wav",
        "message": "",
        "params": {},
        "step": 3,
        "result": "integrity",
        "status": "FAILED",
    }
    scene = Scene(answer=answer("FAILED", findings=[finding], signer=None, register=None))
    page = opened(profile, scene.write(tmp_path))
    assert "MEMBER_ALTERED" in page.locator(".findings").inner_text()
    assert page.locator(".refused").is_visible()
    assert page.locator("section.incident").count() == 0


def test_classes_can_be_filtered(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, long(speech).write(tmp_path))
    rows, flags = page.locator(".markers tbody tr:visible"), page.locator(".flag:visible")
    assert (rows.count(), flags.count()) == (20, 20)
    threats = page.locator(".markers tbody tr", has_text="threat").count()
    page.get_by_role("checkbox", name=re.compile("threat")).uncheck()
    assert (rows.count(), flags.count()) == (20 - threats, 20 - threats)
    assert page.locator(".count").inner_text() == f"{20 - threats} of 20 shown"
    page.get_by_role("checkbox", name=re.compile("withdrawn")).uncheck()
    assert page.locator("tr.withdrawn:visible").count() == 0
    page.locator(".page-head select").select_option("uk")
    assert page.locator(".markers tbody tr", has_text="погроза").locator("visible=true").count() == 0


def test_the_language_can_be_changed(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, long(speech).write(tmp_path))
    page.locator(".flag").nth(3).click()
    until(page, "document.querySelector('audio').currentTime > 0")
    before = page.evaluate("document.querySelector('audio').currentTime")
    page.locator(".page-head select").select_option("uk")
    assert page.evaluate("document.documentElement.lang") == "uk"
    assert page.locator("#archive-recordings").inner_text().startswith("Записи розмов і позначки")
    assert page.locator(".count").inner_text() == "показано 20 з 20"
    assert page.evaluate("document.querySelector('audio').currentTime") == before
    assert page.locator(".page-head select").evaluate("(each) => each === document.activeElement")
    left = re.findall(r"\b(?:viewer|show|verify|verdict|media)\.[a-z_]+", page.locator("#page").inner_text())
    assert set(left) <= {"verify.html"}


def test_everything_works_by_keyboard(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    scene = long(speech, 1, 10)
    first = min(record["start_ms"] for record in scene.records if record["kind"] == "marker") / 1000
    page = opened(profile, scene.write(tmp_path))
    place = "document.querySelector('audio').currentTime"
    line = page.get_by_role("slider")
    page.locator(".transport .play").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if line.evaluate("(each) => each === document.activeElement"):
            break
    assert line.evaluate("(each) => each === document.activeElement")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    until(page, f"Math.abs({place} - 6) < 0.05")
    page.keyboard.press("Home")
    until(page, f"{place} === 0")
    page.keyboard.press("n")
    until(page, f"Math.abs({place} - {first}) < 0.05")
    page.keyboard.press("n")
    page.keyboard.press("p")
    until(page, f"Math.abs({place} - {first}) < 0.05")
    assert page.locator("tr.chosen").count() == 1
    page.keyboard.press("+")
    assert page.locator(".inner").evaluate("(each) => each.style.width") == "200%"
    page.keyboard.press("-")
    page.keyboard.press(" ")
    until(page, "!document.querySelector('audio').paused")
    page.keyboard.press("k")
    until(page, "document.querySelector('audio').paused")


def test_zoomed_in_the_marker_is_in_sight(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, long(speech, 1, 10).write(tmp_path))
    for _ in range(4):
        page.get_by_label("Zoom in").click()
    page.locator(".play-at").last.click()
    chosen = page.locator(".flag.chosen").bounding_box()
    scroller = page.locator(".scroller").bounding_box()
    assert chosen is not None
    assert scroller is not None
    assert scroller["x"] <= chosen["x"] <= scroller["x"] + scroller["width"]


def test_on_paper_everything_is_open(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, long(speech, 3, 12).write(tmp_path))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".archive details:not([open])").count() == 0
    assert page.locator(".row svg path").count() == 6
    assert page.locator(".transport").first.is_hidden()
    assert page.locator("code.digest:visible").count() >= 5
    page.set_viewport_size({"width": 640, "height": 900})
    away = """([flag, band]) => Math.abs(flag.getBoundingClientRect().x - band.getBoundingClientRect().x)"""
    for card in page.locator(".recording").all():
        flags, bands = card.locator(".flag").all(), card.locator(".row:first-child .band").all()
        pairs = zip(flags, bands, strict=True)
        assert (
            max(page.evaluate(away, [flag.element_handle(), band.element_handle()]) for flag, band in pairs)
            < 2
        )
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".recording details[open]").count() == 0


def test_measures_and_notice_stand_on_the_line(
    speech: bytes, profile: BrowserContext, tmp_path: Path
) -> None:
    scene = long(speech, 1, 1)
    digest = scene.records[1]["sha256"]
    common = {"exhibit": "E1", "recording_sha256": digest}
    scene.add("measure", measure="warning", at=time(), by="Агент 203", at_milliseconds=6000, **common)
    scene.add(
        "notice",
        grade="in_recording",
        exhibits=[],
        channel="agent",
        at_milliseconds=3000,
        source="listened",
        **common,
    )
    page = opened(profile, scene.write(tmp_path))
    inner = page.locator(".rows").bounding_box()
    assert inner is not None
    for selector, share in ((".flag.measure", 0.5), (".notice.stated", 0.25)):
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert abs((box["x"] - inner["x"]) / inner["width"] - share) < 0.01
    rows = page.locator(".row")
    assert [rows.nth(row).locator(".notice").count() for row in range(2)] == [0, 1]
    page.locator(".flag.measure").click()
    until(page, "Math.abs(document.querySelector('audio').currentTime - 6) < 0.05")


def test_a_damaged_page_says_so(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    whole = long(speech).page()
    path = tmp_path / "viewer.html"
    path.write_bytes(
        re.sub(rb'<script type="application/json" id="archive">.*?</script>', b"", whole, flags=re.DOTALL)
    )
    page = opened(profile, path)
    expect(page.locator("#page")).to_have_text(json.loads(json.dumps(catalogue("en", "viewer")["broken"])))


def test_twenty_recordings_stay_usable(speech: bytes, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, long(speech, 20, 300).write(tmp_path))
    assert page.locator(".recording").count() == 20
    assert page.locator(".flag").count() == 300
    drawn = page.locator(".row svg path").count()
    assert 0 <= drawn <= 10
    milliseconds = page.evaluate(
        """() => {
            const begin = performance.now();
            const select = document.querySelector('.page-head select');
            select.value = 'uk';
            select.dispatchEvent(new Event('change'));
            document.body.getBoundingClientRect();
            return performance.now() - begin;
        }"""
    )
    assert milliseconds < 2000
    last = page.locator(".recording").last
    last.scroll_into_view_if_needed()
    last.locator("svg path").first.wait_for(state="attached")
    last.locator(".flag").last.click()
    until(page, "[...document.querySelectorAll('audio')].at(-1).currentTime > 0.5")
