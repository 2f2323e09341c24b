"""A report can be had of every archive; its top says in words what came of the verification."""

import io
import json
from typing import Any

import pytest

from evidence import strict
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.errors import FormatError, StateError
from evidence.findings import Status
from evidence.messages import catalogue
from evidence.reporting import pdf
from evidence.reporting.content.documents import full
from evidence.verify.results import Options, Verification
from evidence.verify.verifier import verify
from tests import builder
from tests.reporting import archives, reading
from tests.verify.case import NOBODY, check

VECTORS = builder.SOURCES.parent
NAMES = sorted(path.stem for path in VECTORS.glob("*.asice"))
TOP = 1400
"""Characters of the first page's text that one sees first."""


def verified(name: str) -> Verification:
    """The answer about a vector, as its own file says it is to be verified."""
    case = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    options: dict[str, Any] = {
        "anchors": _anchors(case["trust"]),
        "tsa_anchors": _anchors(case["trust_tsa"]),
        "now": strict.timestamp(case["now"]),
        "at": strict.timestamp(case["at"]) if case["at"] else None,
        "require_complete": case["require"] == "complete",
    }
    for option, file in (("checkpoint", "checkpoint"), ("sidecar", "proof")):
        if case[file]:
            options[option] = (VECTORS / case[file]).read_bytes()
    if case["register"]:
        options["register_export"] = io.BytesIO((VECTORS / case["register"]).read_bytes())
    return verify(io.BytesIO((VECTORS / f"{name}.asice").read_bytes()), Options(**options))


def _anchors(files: list[str]) -> Anchors:
    ders = [der for file in files for der in certificates.pem_to_der((VECTORS / file).read_bytes())]
    return Anchors(tuple(ders))


@pytest.mark.parametrize("name", NAMES)
def test_every_vector_has_its_report(name: str) -> None:
    try:
        found = verified(name)
    except FormatError:
        assert name == "NOT_AN_ARCHIVE"
        return
    told = reading.pages(pdf.report_pdf(found, "uk"))
    word = str(catalogue("uk", "verify")[f"status_{found.verdict.name}"])
    assert reading.loose(word) in reading.loose(told[0][:TOP])
    whole = reading.loose("".join(told))
    assert all(reading.loose(finding.code) in whole for finding in found.findings)
    if found.contents is None:
        assert "call.wav" not in whole
        assert "in-203-" not in "".join(told)
        assert len(told) <= 4


@pytest.mark.parametrize("language", ["en", "uk"])
def test_of_altered_contents_nothing_is_told(language: str) -> None:
    found = verified("MEMBER_ALTERED")
    told = reading.loose(reading.text(pdf.report_pdf(found, language)))
    assert found.verdict is Status.FAILED
    assert found.contents is None
    assert "INC2026" not in told
    assert "Agent203" not in told
    proved = str(catalogue(language, "verify")["proves_bytes"])
    assert reading.loose(proved) not in told
    with pytest.raises(StateError):
        pdf.short_pdf(found, language)


def test_an_unknown_signer_is_said_on_top() -> None:
    found = check(archives.archive(_records, [archives.recording(1)]), anchors=NOBODY)
    assert found.verdict is Status.INDETERMINATE
    first = reading.pages(pdf.report_pdf(found, "en"))[0]
    assert "INDETERMINATE" in first[:TOP].upper()
    assert "NOT CONFIRMED" in first


def _records(_register: builder.Register) -> list[builder.Document]:
    notice = {"kind": "notice", "grade": "none", "exhibits": []}
    return [archives.incident(), notice, archives.exhibit(1, "call.wav")]


def test_findings_are_told_in_words_without_command_lines() -> None:
    for name in NAMES:
        if name != "NOT_AN_ARCHIVE":
            document = full(verified(name))
            for section in document["sections"]:
                texts = [str(text) for _path, text in archives.leaves(section) if "$" not in str(text)]
                commands = [text for text in texts if "--trust" in text or "evidence verify" in text]
                assert commands == [], name


def test_a_proven_time_is_told_with_who_vouches_for_it() -> None:
    found = verified("PASSED_WITH_TOKEN")
    assert found.proven is not None
    told = reading.loose(reading.text(pdf.report_pdf(found, "uk")))
    assert reading.loose("існував не пізніше") in told
    assert reading.loose(found.proven.authority) in told
    assert reading.loose(found.proven.member) in told


@pytest.mark.parametrize("name", ["CHECKPOINT_BROKEN", "SIGNER_UNKNOWN", "PASSED"])
def test_every_page_says_that_something_is_wrong(name: str) -> None:
    """A page without its cover can't be taken for one of an archive that was confirmed."""
    found = verified(name)
    word = str(catalogue("en", "verify")[f"status_{found.verdict.name}"])
    heads = [page.split("\n")[0] for page in reading.pages(pdf.report_pdf(found, "en"))]
    assert len(heads) > 3
    assert {word in head for head in heads} == {found.verdict is not Status.PASSED}


@pytest.mark.parametrize("name", ["CHECKPOINT_BROKEN", "SIGNER_UNKNOWN"])
def test_the_short_form_says_what_is_wrong(name: str) -> None:
    found = verified(name)
    told = str(catalogue("en", "verify")[f"verdict_{found.verdict.name}"])
    assert reading.loose(told) in reading.loose(reading.text(pdf.short_pdf(found, "en")))
