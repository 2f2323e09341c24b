"""The form of verify.html: what is given, dropped, refused and mended, before anything is verified."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evidence import messages
from tests.browser import axe, chromium, verifier
from tests.browser.verifier import Given
from tests.vectors.test_vectors import FOLDER

PASSED = FOLDER / "PASSED.asice"
SEALER = FOLDER / "sources" / "sealer.pem"


@pytest.fixture
def page(profile: BrowserContext) -> Page:
    return verifier.start(profile)


def expect_chosen(page: Page, field: str, names: list[str]) -> None:
    expect(page.locator(f"#{field}-list .name")).to_have_text(names)


def drop(page: Page, paths: list[Path], selector: str) -> None:
    """Drop files as a file manager does, on the middle of an element."""
    place = page.locator(selector).first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


@pytest.mark.parametrize(
    ("locale", "language"), [("uk-UA", "uk"), ("en-US", "en"), ("de-DE", "en"), ("uk", "uk")]
)
def test_it_speaks_the_browsers_language(locale: str, language: str, browser: Browser) -> None:
    with chromium.context(browser, locale=locale) as profile:
        page = verifier.start(profile)
        assert page.locator("html").get_attribute("lang") == language
        messages.set_language(language)
        assert page.title() == messages.t("page.title")
        expect(page.locator("h1")).to_have_text(messages.t("page.title"))


def test_changing_the_language_keeps_what_was_given(page: Page) -> None:
    verifier.give(page, Given((PASSED,), (SEALER,), fingerprints="ab", at="2026"))
    for language in ("uk", "en"):
        verifier.choose(page, language)
        messages.set_language(language)
        assert page.locator("html").get_attribute("lang") == language
        expect_chosen(page, "archive", ["PASSED.asice"])
        expect_chosen(page, "certificate", ["sealer.pem"])
        assert page.input_value("#fingerprint") == "ab"
        expect(page.locator("button[type=submit]")).to_have_text(messages.t("page.verify"))
        expect(page.locator(f'.languages [lang="{language}"]')).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("given", "message", "values", "field"),
    [
        (Given(()), "no_archive", {}, "archive"),
        (Given((PASSED,), fingerprints="nobody <b>"), "trust_not_hex", {"text": "nobody <b>"}, "fingerprint"),
        (Given((PASSED,), fingerprints="ab\u202e"), "trust_not_hex", {"text": "ab\\u{202e}"}, "fingerprint"),
        (Given((PASSED,), fingerprints="ab" * 20), "trust_length", {"n": 40}, "fingerprint"),
        (Given((PASSED,), tsa_fingerprints="ab"), "trust_length", {"n": 2}, "tsa-fingerprint"),
        (Given((PASSED,), (PASSED,)), "no_certificates", {"file": "PASSED.asice"}, "certificate"),
        (Given((PASSED,), tsa=(PASSED,)), "no_certificates", {"file": "PASSED.asice"}, "tsa"),
        (Given((PASSED,), at="2026-11-22"), "time_date_only", {"text": "2026-11-22"}, "at"),
        (Given((PASSED,), at="2026-11-22T14:05"), "time_no_zone", {"text": "2026-11-22T14:05"}, "at"),
        (Given((PASSED,), at="soon"), "time_bad", {"text": "soon"}, "at"),
    ],
)
def test_what_it_cannot_use_is_said_and_the_field_is_at_hand(
    given: Given, message: str, values: dict[str, str | int], field: str, page: Page
) -> None:
    verifier.give(page, given)
    page.locator("button[type=submit]").click()
    for language in messages.LANGUAGES:
        verifier.choose(page, language)
        messages.set_language(language)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text(messages.t(f"page.{message}", **values))
        assert len(alert.locator("p").all_inner_texts()) == 2
    page.locator("button[type=submit]").click()
    expect(page.locator(f"#{field}")).to_be_focused()
    expect(page.locator("article.report")).to_have_count(0)


def test_proofs_belong_to_archives_of_their_name(page: Page) -> None:
    other = FOLDER / "PASSED_SIDECAR.asice.proof"
    verifier.give(page, Given((PASSED, FOLDER / "TIME_ORDER.asice"), proofs=(other,)))
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text(messages.t("page.proof_alone", file=other.name))


def test_files_can_be_taken_out_again(page: Page) -> None:
    verifier.give(page, Given((PASSED, FOLDER / "TIME_ORDER.asice")))
    verifier.files(page, "archive", [PASSED])
    expect_chosen(page, "archive", ["TIME_ORDER.asice", "PASSED.asice"])
    page.get_by_role("button", name=messages.t("page.take_out", file="TIME_ORDER.asice")).click()
    expect_chosen(page, "archive", ["PASSED.asice"])


def test_dropped_files_go_where_they_belong(page: Page) -> None:
    proof = FOLDER / "PASSED_SIDECAR.asice.proof"
    drop(page, [PASSED, SEALER, proof], ".drop")
    expect_chosen(page, "archive", ["PASSED.asice"])
    expect_chosen(page, "certificate", ["sealer.pem"])
    expect_chosen(page, "proof", [proof.name])
    expect(page.locator("details.more")).to_have_attribute("open", "")
    drop(page, [FOLDER / "sources" / "tsa.pem"], "#tsa-list >> xpath=..")
    expect_chosen(page, "tsa", ["tsa.pem"])
    expect_chosen(page, "certificate", ["sealer.pem"])


def test_a_file_dropped_beside_the_fields_does_not_replace_the_page(page: Page) -> None:
    drop(page, [PASSED], "h1")
    expect_chosen(page, "archive", ["PASSED.asice"])
    assert page.url == verifier.PAGE.as_uri()
    expect(page.locator("button[type=submit]")).to_be_focused()


def test_a_folder_is_refused(page: Page) -> None:
    drop(page, [FOLDER], ".drop")
    expect(page.get_by_role("alert")).to_contain_text(messages.t("page.folder", name=FOLDER.name))
    expect_chosen(page, "archive", [])


def test_it_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.lang || document.activeElement.tagName"
            )
        )
    assert reached == ["en", "uk", "archive", "fingerprint", "certificate", "SUMMARY", "BUTTON", "SUMMARY"]


@pytest.mark.parametrize("size", [chromium.DESKTOP, chromium.PHONE])
@pytest.mark.parametrize("locale", ["en-GB", "uk-UA"])
def test_it_is_accessible_and_fits(size: tuple[int, int], locale: str, browser: Browser) -> None:
    with chromium.context(browser, size=size, locale=locale) as profile:
        axe.prepare(profile)
        page = verifier.start(profile)
        for summary in page.locator("summary").all():
            summary.click()
        verifier.files(page, "archive", [PASSED])
        page.fill("#fingerprint", "x")
        page.locator("button[type=submit]").click()
        assert axe.problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_without_the_browsers_cryptography_it_says_so(browser: Browser) -> None:
    """As when somebody's plain http server hands the page out."""
    profile = browser.new_context(locale="en-GB")
    profile.route("http://page.example/", lambda route: route.fulfill(path=verifier.PAGE))
    page = profile.new_page()
    page.goto("http://page.example/")
    expect(page.get_by_role("alert")).to_contain_text(messages.t("page.no_crypto"))
    profile.close()
