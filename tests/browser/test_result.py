"""What verify.html shows of archives: hostile ones, several, large ones, ones that change meanwhile."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from evidence import messages
from evidence.digests import groups
from evidence.text import visible
from tests.browser import axe, chromium, verifier
from tests.browser.verifier import Given
from tests.builder import Changes, Document
from tests.vectors import archives
from tests.vectors.test_vectors import FOLDER
from tests.vectors.test_vectors import verified as by_python

NOW = archives.NOW
SEALER = FOLDER / "sources" / "sealer.pem"
MARKUP = '<img src=x onerror="globalThis.hurt=1"></script><script>globalThis.hurt=1</script>'
HOSTILE = f"{MARKUP} \u202etxt.exe \x1b[31m {{n}} ${{1}} javascript:hurt() " + "№ї" * 40


def vector(name: str) -> Path:
    return FOLDER / f"{name}.asice"


def hurt(documents: dict[str, Document]) -> dict[str, Document]:
    """The records of PASSED with hostile text wherever a schema takes free text."""
    for document in documents.values():
        match document["kind"]:
            case "incident":
                document |= {
                    "title": HOSTILE,
                    "summary": HOSTILE,
                    "prepared_by": HOSTILE,
                    "subscriber": {"name": HOSTILE, "account": HOSTILE},
                    "legal_basis": [{"kind": "contract", "reference": HOSTILE, "note": HOSTILE}],
                }
                document["calls"][0] |= {"caller": HOSTILE, "queue": HOSTILE}
                document["calls"][0]["started"]["source"] = HOSTILE
            case "exhibit":
                document["name"] = HOSTILE
            case "marker":
                document |= {
                    "class": "own_class",
                    "class_names": {"en": MARKUP[:64], "uk": HOSTILE[-64:]},
                    "words": HOSTILE,
                    "asserted_by": HOSTILE,
                }
    return documents


def test_hostile_text_stays_text(profile: BrowserContext) -> None:
    """Names, quotes, classes and a file's name that are markup, scripts or turn the direction of text."""
    page = verifier.start(profile, now=NOW)
    world = archives.world(Changes(records=hurt))
    name = f"{MARKUP.replace('/', '')}\u202e.asice"
    shown = verifier.verified(page, Given((verifier.payload(name, world.file),), (SEALER,)))
    assert shown.verdict == "PASSED"
    assert shown.answer is not None
    assert shown.answer["file"] == name
    for language in messages.LANGUAGES:
        verifier.choose(page, language)
        text = verifier.read(page).text
        assert visible(HOSTILE)[:120] in " ".join(text.split())
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert (
            page.evaluate("globalThis.hurt ?? document.querySelectorAll('img, article.report script').length")
            == 0
        )
        assert "\u202e" not in page.evaluate("document.body.innerText + document.title")
        assert page.evaluate("document.documentElement.scrollWidth") <= chromium.DESKTOP[0]


def test_a_signer_nobody_trusts_is_shown_with_the_fingerprint_to_compare(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    shown = verifier.verified(page, Given((vector("PASSED"),)))
    assert shown.verdict == "INDETERMINATE"
    assert shown.codes[0] == "SIGNER_UNKNOWN"
    found = by_python("PASSED")
    assert found.signer is not None
    told = " ".join(shown.text.split())
    assert groups(found.signer.sha256) in told
    assert groups(found.identity) in told
    assert messages.t("page.trusted_none") in told
    page.fill("#fingerprint", groups(found.signer.sha256).upper())
    verifier.press(page)
    shown = verifier.read(page)
    assert shown.verdict == "PASSED"
    told = " ".join(shown.text.split())
    assert f"{messages.t('page.trusted_typed')} {groups(found.signer.sha256)}" in told


def test_a_fingerprint_of_somebody_else_is_urgent(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    shown = verifier.verified(page, Given((vector("PASSED"),), fingerprints="ab" * 32))
    assert shown.codes[:2] == ["TRUST_OTHER", "SIGNER_UNKNOWN"]
    shown = verifier.verified(page, Given((), fingerprints=by_python("PASSED").identity))
    assert shown.codes[0] == "TRUST_IS_ARCHIVE"


def test_what_does_not_hold_is_not_shown(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    verifier.verified(page, Given((vector("MEMBER_ALTERED"),), (SEALER,)))
    expect(page.locator(".contents")).to_have_text(messages.t("page.not_shown"))
    assert "INC-2026-000001" not in page.locator("article.report").inner_text()
    assert messages.t("verify.proves") not in [h.inner_text() for h in page.locator("h3").all()]


def test_several_archives_are_verified_one_after_another(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    names = ["PASSED", "MEMBER_EXTRA", "NOT_AN_ARCHIVE", "PASSED_SIDECAR"]
    proofs = (FOLDER / "PASSED_SIDECAR.asice.proof",)
    tsa = (FOLDER / "sources" / "tsa.pem",)
    verifier.give(page, Given(tuple(map(vector, names)), (SEALER,), tsa=tsa, proofs=proofs))
    verifier.press(page, len(names))
    shown = [verifier.read(page, number) for number in range(len(names))]
    assert [each.verdict for each in shown] == ["PASSED", "FAILED", "", "PASSED"]
    assert page.locator("article.report > h2").all_inner_texts() == [vector(name).name for name in names]
    assert shown[3].answer is not None
    assert shown[3].answer["proof_file"] == proofs[0].name
    expect(page.locator("article.report > h2").first).to_be_focused()
    expect(page.locator(".contents.archive")).to_have_count(0)
    page.locator("article.report").first.get_by_role("button", name=messages.t("page.show_contents")).click()
    expect(page.locator(".contents.archive")).to_contain_text("INC-2026-000001")


def test_another_run_takes_the_place_of_the_last(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    assert verifier.verified(page, Given((vector("PASSED"),), (SEALER,))).verdict == "PASSED"
    page.get_by_role("button", name=messages.t("page.take_out", file="PASSED.asice")).click()
    assert verifier.verified(page, Given((vector("MEMBER_CRC"),), (SEALER,))).verdict == "FAILED"
    assert "PASSED.asice" not in page.locator("article.report").inner_text()


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.write_bytes(b"PK")])
def test_a_file_that_changes_meanwhile_has_no_result(
    change: Callable[[Path], Any], tmp_path: Path, profile: BrowserContext
) -> None:
    path = tmp_path / "changed.asice"
    path.write_bytes(vector("PASSED").read_bytes())
    page = verifier.start(profile, now=NOW)
    verifier.give(page, Given((path,), (SEALER,)))
    change(path)
    verifier.press(page)
    shown = verifier.read(page)
    assert shown.verdict == ""
    assert messages.t("page.unreadable", file=path.name) in shown.text


def test_the_result_is_saved_as_json(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    shown = verifier.verified(page, Given((vector("PASSED"),), (SEALER,)))
    page.locator(".json > summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=messages.t("page.save_json")).click()
    assert waiting.value.suggested_filename == "PASSED.asice.json"
    assert json.loads(Path(waiting.value.path()).read_text("utf-8")) == shown.answer


def test_the_end_is_told_to_those_who_listen(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    verifier.verified(page, Given((vector("PASSED"),), (SEALER,)))
    expect(page.get_by_role("status").first).to_have_text(messages.t("page.done"))
    expect(page.locator("article.report > h2")).to_be_focused()


@pytest.mark.parametrize("name", ["PASSED_WITH_TOKEN", "SIGNER_UNKNOWN", "MEMBER_ALTERED"])
@pytest.mark.parametrize(("size", "locale"), [(chromium.DESKTOP, "en-GB"), (chromium.PHONE, "uk-UA")])
def test_results_are_accessible_and_fit(
    name: str, size: tuple[int, int], locale: str, browser: Browser
) -> None:
    with chromium.context(browser, size=size, locale=locale) as profile:
        axe.prepare(profile)
        page = verifier.start(profile, now=NOW)
        verifier.verified(page, Given((vector(name),), (SEALER,)))
        page.locator(".json > summary").click()
        assert axe.problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_in_print_the_form_is_left_out_and_the_result_is_whole(profile: BrowserContext) -> None:
    page = verifier.start(profile, now=NOW)
    verifier.verified(page, Given((vector("PASSED"),), (SEALER,)))
    page.emulate_media(media="print")
    expect(page.locator("form")).to_be_hidden()
    for selector in (".verdict", ".steps", ".identity", ".proves", ".about"):
        expect(page.locator(f"article.report {selector}, .about").first).to_be_visible()
    assert len(page.pdf(format="A4")) > 10_000
