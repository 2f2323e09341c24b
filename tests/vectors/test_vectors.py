"""The public vectors: each shows what its name says and nothing else; building them again changes nothing."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from evidence import strict
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.errors import ExitCode, FormatError
from evidence.findings import Status
from evidence.verify.results import Options, Verification
from evidence.verify.rules import RULES
from evidence.verify.verifier import verify
from tests.vectors import build
from tests.vectors.archives import code_of

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.asice"))
EXITS = {
    Status.PASSED: ExitCode.DONE,
    Status.INDETERMINATE: ExitCode.INDETERMINATE,
    Status.FAILED: ExitCode.FAILED,
}
SAME_FILE = {
    "SIGNER_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_NOT_YET_VALID",
    "EXPORT_UNUSABLE",
    "REGISTER_FORK",
    "REGISTER_ROLLBACK",
    "REGISTER_DOUBLE",
    "REGISTER_VOIDED",
    "REGISTER_NOT_COVERED",
    "CHECKPOINT_UNUSABLE",
    "PASSED_REGISTER",
    "PASSED_SIDECAR_MALFORMED",
    "PASSED_SIDECAR_OTHER",
    "PASSED_SIDECAR_UNSIGNED",
    "PASSED_SIDECAR_TOKEN_BROKEN",
    "REGISTER_FORK-SIDECAR",
}


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return document


def anchors(files: list[str]) -> Anchors:
    return Anchors(
        tuple(der for file in files for der in certificates.pem_to_der((FOLDER / file).read_bytes()))
    )


def content(file: str | None) -> bytes | None:
    return None if file is None else (FOLDER / file).read_bytes()


def verified(name: str) -> Verification:
    told = read(name)
    export = content(told["register"])
    options = Options(
        anchors=anchors(told["trust"]),
        tsa_anchors=anchors(told["trust_tsa"]),
        now=strict.timestamp(told["now"]),
        at=told["at"] and strict.timestamp(told["at"]),
        register_export=export if export is None else io.BytesIO(export),
        checkpoint=content(told["checkpoint"]),
        require_complete=told["require"] == "complete",
        sidecar=content(told["proof"]),
    )
    with (FOLDER / f"{name}.asice").open("rb") as file:
        return verify(file, options)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "NOT_AN_ARCHIVE"])
def test_it_shows_what_its_name_says_and_nothing_else(name: str) -> None:
    verification = verified(name)
    code = code_of(name)
    assert [finding.code for finding in verification.findings] == ([code] if code else [])
    assert EXITS[verification.verdict] == read(name)["exit"]
    if code:
        assert verification.results[RULES[code].result] is RULES[code].status
        assert verification.verdict is RULES[code].status


def test_a_file_that_begins_otherwise_is_no_archive() -> None:
    assert read("NOT_AN_ARCHIVE")["exit"] == ExitCode.MALFORMED == FormatError.exit_code
    with pytest.raises(FormatError):
        verified("NOT_AN_ARCHIVE")


def test_every_code_has_a_vector_and_every_vector_a_code() -> None:
    passing = {name for name in NAMES if name.startswith("PASSED")}
    assert {"PASSED", "PASSED_WITH_TOKEN"} <= passing
    rest = set(NAMES) - passing - {"NOT_AN_ARCHIVE"}
    assert {name for name in rest if "-" not in name} == set(RULES)
    assert {code_of(name) for name in rest} == set(RULES)


@pytest.mark.parametrize("name", NAMES)
def test_its_document_says_how_it_was_made_and_what_to_expect(name: str) -> None:
    told = read(name)
    code = code_of(name)
    assert told["findings"] == ([code] if code else [])
    assert told["made_by"].endswith(".")
    assert told["exit"] == (EXITS[RULES[code].status] if code else told["exit"])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "PASSED"])
def test_it_differs_from_the_passing_one_as_said(name: str) -> None:
    same = (FOLDER / f"{name}.asice").read_bytes() == (FOLDER / "PASSED.asice").read_bytes()
    assert (
        same
        == (name in SAME_FILE)
        == read(name)["made_by"].startswith(("PASSED.asice, verified", "PASSED.asice, judged"))
    )


def test_building_them_again_changes_nothing() -> None:
    made = build.all_files()
    kept = [
        *FOLDER.glob("*.asice"),
        *FOLDER.glob("*.json"),
        *FOLDER.glob("*.export"),
        *FOLDER.glob("*.checkpoint"),
        *FOLDER.glob("*.proof"),
    ]
    assert {path.name for path in kept} == made.keys()
    assert [path.name for path in kept if path.read_bytes() != made[path.name]] == []


def test_all_of_them_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_000_000


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("PASSED_SIDECAR", "TIME_FROM_SIDECAR"),
        ("PASSED_SIDECAR_MALFORMED", "SIDECAR_IGNORED"),
        ("PASSED_SIDECAR_OTHER", "SIDECAR_IGNORED"),
        ("PASSED_SIDECAR_UNSIGNED", "SIDECAR_PROOF_IGNORED"),
        ("PASSED_SIDECAR_TOKEN_BROKEN", "SIDECAR_TOKEN_IGNORED"),
        ("TOKEN_MISSING-SIDECAR", "SIDECAR_IGNORED"),
    ],
)
def test_a_sidecar_is_used_or_its_being_ignored_is_noted(name: str, note: str) -> None:
    about_it = {"TIME_FROM_SIDECAR", "SIDECAR_IGNORED", "SIDECAR_PROOF_IGNORED", "SIDECAR_TOKEN_IGNORED"}
    assert [found.code for found in verified(name).notes if found.code in about_it] == [note]
