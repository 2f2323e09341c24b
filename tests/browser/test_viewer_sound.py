"""The viewer's sound: what is heard where, in the forms that recordings come in."""

import base64
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page

from tests.browser import incidents
from tests.browser.chromium import opened
from tests.browser.scene import RATE, Scene, coded, wav
from tests.browser.waiting import until

SECONDS = 30
PLACES = (400, 7_125, 21_990, 29_500)
"""Milliseconds at which a burst of noise begins, 150 long."""
BURST = 150 * RATE // 1000

FORMS = {
    "wav": (("wav", "pcm_s16le"), "audio/wav", ()),
    "mp3": (
        ("mp3", "mp3"),
        "audio/mpeg",
        ("-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", "{folder}/a.mp3"),
    ),
    "opus": (("ogg", "opus"), "audio/ogg", ("-c:a", "libopus", "-b:a", "24k", "-f", "ogg")),
    "vorbis": (("ogg", "vorbis"), "audio/ogg", ("-c:a", "libvorbis", "-f", "ogg")),
    "flac": (("flac", "flac"), "audio/flac", ("-c:a", "flac", "-f", "flac", "{folder}/a.flac")),
    "aac": (("mp4", "aac"), "audio/mp4", ("-c:a", "aac", "-f", "mp4", "{folder}/a.m4a")),
}


def bursts() -> NDArray[np.int16]:
    """Silence with bursts of noise at PLACES."""
    samples = np.zeros(SECONDS * RATE, np.int16)
    noise = np.random.default_rng(5).integers(-12_000, 12_000, BURST, np.int16)
    for place in PLACES:
        samples[place * RATE // 1000 :][:BURST] = noise
    return samples


def sound(form: str, folder: Path) -> bytes:
    """The bursts in one of FORMS."""
    plain = wav(bursts().tolist())
    options = [option.format(folder=folder) for option in FORMS[form][2]]
    return coded(plain, *options) if options else plain


def scene(form: str, folder: Path) -> Scene:
    """A recording with a marker at each burst."""
    kind, media_type, _ = FORMS[form]
    made = Scene()
    made.incident([])
    given = {"media_type": media_type, "channels": 1, "milliseconds": SECONDS * 1000}
    exhibit = made.recording(1, sound(form, folder), kind=kind, **given)
    for number, place in enumerate(PLACES, 1):
        made.marker(exhibit, place, place + 150, number=number, channel=0)
    return made


def place(page: Page) -> float:
    """Where the sound is, in milliseconds, once it got there."""
    until(page, "document.querySelector('audio').readyState > 1 && !document.querySelector('audio').seeking")
    return float(page.evaluate("document.querySelector('audio').currentTime")) * 1000


@pytest.mark.parametrize("form", ["wav", "mp3", "opus"])
def test_a_jump_lands_at_the_marker(form: str, profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, scene(form, tmp_path).write(tmp_path))
    flags = page.locator(".flag")
    for number in (3, 0, 2, 1):
        flags.nth(number).click()
        assert abs(place(page) - PLACES[number]) <= 50
        assert page.locator("tr.chosen th").inner_text() == str(number + 1)


@pytest.mark.parametrize("form", list(FORMS))
def test_what_is_marked_is_heard_at_its_place(form: str, profile: BrowserContext, tmp_path: Path) -> None:
    """The browser's own decoder hears the bursts where they were put in."""
    page = profile.new_page()
    decoded = page.evaluate(
        """async ([encoded, rate]) => {
            const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
            const context = new OfflineAudioContext(1, 1, rate);
            const found = (await context.decodeAudioData(bytes.buffer)).getChannelData(0);
            const raw = new Uint8Array(Int16Array.from(found, (x) => 32767 * Math.max(-1, Math.min(1, x))).buffer);
            let text = "";
            for (let at = 0; at < raw.length; at += 8192) text += String.fromCharCode(...raw.subarray(at, at + 8192));
            return btoa(text);
        }""",
        [base64.b64encode(sound(form, tmp_path)).decode(), RATE],
    )
    heard = np.frombuffer(base64.b64decode(decoded), "<i2").astype(np.float64)
    noise = bursts()[PLACES[0] * RATE // 1000 :][:BURST].astype(np.float64)
    for expected in PLACES:
        begin = (expected - 100) * RATE // 1000
        window = heard[begin : begin + BURST + 200 * RATE // 1000]
        lag = int(np.argmax(np.correlate(window, noise[: min(BURST, window.size)], "valid")))
        assert abs(lag / RATE * 1000 - 100) <= 5, (expected, lag)


def test_play_and_pause_and_speed(profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, scene("wav", tmp_path).write(tmp_path))
    page.locator(".play-at").nth(1).click()
    until(page, "document.querySelector('audio').currentTime > 7.2")
    play = page.locator(".transport .play")
    assert play.inner_text().endswith("Pause")
    play.click()
    until(page, "document.querySelector('audio').paused")
    assert PLACES[1] <= place(page) < PLACES[1] + 5_000
    page.get_by_label("Speed").select_option("1.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_a_click_on_the_line_seeks_there(profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, scene("wav", tmp_path).write(tmp_path))
    line = page.get_by_role("slider")
    box = line.bounding_box()
    assert box is not None
    line.click(position={"x": box["width"] / 2, "y": 20})
    assert abs(place(page) - SECONDS * 500) <= SECONDS * 1000 / box["width"] + 1
    assert line.get_attribute("aria-valuetext") is not None


def test_one_recording_plays_at_a_time(profile: BrowserContext, tmp_path: Path) -> None:
    long = incidents.long(2, 2, incidents.speech(10), 10_000)
    page = opened(profile, long.write(tmp_path))
    for number in (0, 1):
        page.locator(".transport .play").nth(number).click()
        until(page, f"!document.querySelectorAll('audio')[{number}].paused")
    assert page.evaluate("[...document.querySelectorAll('audio')].map((a) => a.paused)") == [True, False]


def test_one_channel_can_be_heard_alone(profile: BrowserContext, tmp_path: Path) -> None:
    long = incidents.long(1, 1, incidents.speech(5), 5_000)
    page = opened(profile, long.write(tmp_path))
    page.get_by_role("combobox", name="Channel").select_option("1")
    page.locator(".transport .play").click()
    until(page, "document.querySelector('audio').currentTime > 0.3")


def test_what_the_browser_cant_play_is_said(profile: BrowserContext, tmp_path: Path) -> None:
    made = Scene()
    made.incident([])
    made.recording(1, b"RIFF\x04\0\0\0WAVE", milliseconds=4000)
    made.recording(2, b"", milliseconds=4000)
    page = opened(profile, made.write(tmp_path))
    first, second = page.locator(".source").all()
    assert "too large" in second.inner_text()
    page.locator(".transport .play").first.click()
    until(page, "document.querySelector('.source').textContent.includes('evidence extract')")
    assert first.inner_text().startswith("This browser can't play the sound.")
    assert page.locator(".transport .play").first.is_disabled()


def test_without_a_drawing_the_browser_makes_one(profile: BrowserContext, tmp_path: Path) -> None:
    page = opened(profile, scene("wav", tmp_path).write(tmp_path))
    page.locator(".recording").scroll_into_view_if_needed()
    page.wait_for_selector(".row svg path", state="attached")
    assert "Drawn by this browser" in page.locator(".under").inner_text()
    outline = page.locator(".row svg path").get_attribute("d") or ""
    peaks = [256 - int(step.split()[1].partition("H")[0]) for step in outline.removeprefix("M").split("L")][
        :1200
    ]
    loud = {place // 25 for place in PLACES}
    quiet = [peak for column, peak in enumerate(peaks) if not any(0 <= column - at <= 6 for at in loud)]
    assert max(peaks) > 80
    assert max(quiet) == 2
