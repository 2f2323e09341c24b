"""Announcements: what contradicts is FAILED, what isn't proven is only stated, what holds is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from evidence import canonical
from evidence.container.names import record_name
from evidence.verify.results import Note, Verification
from tests import builder
from tests.builder import Document, Register
from tests.vectors.archives import ANNOUNCEMENT, NOTICE_EVIDENCE, SEARCH, World, announced
from tests.verify.case import FAILED, PASSED, check, codes, notes

Records = dict[str, Document]
Change = Callable[[Records], Records]
VERSION = builder.archive_id(703)


def put(name: str, **values: Any) -> Change:
    """A change that sets fields of one record."""
    return lambda records: {**records, name: {**records[name], **values}}


def told(found: Verification, code: str) -> Note:
    (note,) = [item for item in found.notes if item.code == code]
    return note


def test_an_announcement_is_told_with_its_place_in_the_register() -> None:
    found = check(announced().file)
    assert found.verdict is PASSED
    note = told(found, "ANNOUNCED")
    assert note.subject == record_name(ANNOUNCEMENT)
    assert dict(note.params) == {"version": VERSION, "at": builder.RECEIVED, "sequence": 1}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(put(ANNOUNCEMENT, proof="no proof"), "", id="no proof at all"),
        pytest.param(
            lambda records: put(
                ANNOUNCEMENT, proof=records[ANNOUNCEMENT]["proof"].replace("index 1", "index 0")
            )(records),
            "the proof doesn't lead to the checkpoint",
            id="another index",
        ),
    ],
)
def test_a_place_that_is_not_proven_changes_no_verdict(change: Change, reason: str) -> None:
    found = check(announced(change).file)
    assert found.verdict is PASSED
    assert "ANNOUNCED" not in notes(found)
    assert reason in str(told(found, "ANNOUNCEMENT_UNPROVEN").params["reason"])


def test_a_checkpoint_that_is_younger_than_the_archive_proves_nothing() -> None:
    register = Register()
    document = builder.notice(3)
    index = register.announce(document)
    later = register.copy()
    later.seal(builder.seal(1).facts)
    later.seal(builder.seal(8).facts)
    record = builder.announcement_record(later, index, document)

    def change(records: Records) -> Records:
        return {**records, ANNOUNCEMENT: {**records[ANNOUNCEMENT], "proof": record["proof"]}}

    found = check(announced(change).file)
    assert "ANNOUNCEMENT_UNPROVEN" in notes(found)


def in_document(**values: Any) -> Change:
    """Other values in the notice.json alone, so that the entry's digest doesn't fit any more."""

    def change(records: Records) -> Records:
        document = {**json.loads(records[ANNOUNCEMENT]["document"]), **values}
        return put(ANNOUNCEMENT, document=canonical.encode(document).decode())(records)

    return change


def test_another_wording_than_the_registered_one_fails() -> None:
    found = check(announced(in_document(text="Розмова не записується.")).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_MALFORMED"])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put(ANNOUNCEMENT, document="{}"), id="not a notice.json"),
        pytest.param(put(ANNOUNCEMENT, version=builder.archive_id(1)), id="another version's id"),
        pytest.param(put(ANNOUNCEMENT, entry="{}"), id="not an entry"),
        pytest.param(
            put(ANNOUNCEMENT, entry=Register().chain[0].decode()),
            id="entry of another type",
        ),
        pytest.param(put(ANNOUNCEMENT, exhibit="E1"), id="an exhibit without digest"),
        pytest.param(
            put(SEARCH, waveform={"column_ms": 1, "channels": ["AAB="]}), id="base64 with bits behind its end"
        ),
        pytest.param(put(SEARCH, searched_ms=-1), id="a negative length"),
        pytest.param(put(NOTICE_EVIDENCE, grade="certain"), id="an unknown grade"),
        pytest.param(put(NOTICE_EVIDENCE, **{"for": [{"code": "found"}]}), id="a code in lower case"),
        pytest.param(
            put(
                NOTICE_EVIDENCE,
                against=[{"code": "CUT_SHORT", "at": builder.time("2026-02-30T00:00:00.000Z")}],
            ),
            id="a day that doesn't exist",
        ),
    ],
)
def test_malformed(change: Change) -> None:
    found = check(announced(change).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_MALFORMED"])


def test_a_registered_version_with_a_day_that_does_not_exist_is_malformed() -> None:
    added = {**json.loads(builder.notice(3))["added"], "claimed_time": "2026-02-30T10:00:00.000Z"}
    found = check(announced(document=builder.notice(3, added=added)).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_MALFORMED"])


OTHER_DIGEST = "0" * 64


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            put(ANNOUNCEMENT, exhibit="E9", recording_sha256=OTHER_DIGEST), id="the sound isn't an exhibit"
        ),
        pytest.param(
            lambda records: put(
                ANNOUNCEMENT, exhibit="E1", recording_sha256=records[SEARCH]["recording_sha256"]
            )(records),
            id="the exhibit isn't its sound",
        ),
        pytest.param(put(SEARCH, recording_sha256=OTHER_DIGEST), id="search of another recording"),
        pytest.param(put(NOTICE_EVIDENCE, recording_sha256=OTHER_DIGEST), id="evidence of another recording"),
        pytest.param(
            put(NOTICE_EVIDENCE, against=[{"code": "CUT_SHORT", "exhibit": "E7"}]),
            id="a log that isn't there",
        ),
        pytest.param(
            put(NOTICE_EVIDENCE, unseen=[{"code": "NAME_UNKNOWN", "version": builder.archive_id(1)}]),
            id="evidence of a version that isn't there",
        ),
        pytest.param(
            lambda records: put(
                SEARCH, matches=[{**records[SEARCH]["matches"][0], "version": builder.archive_id(1)}]
            )(records),
            id="search for a version that isn't there",
        ),
        pytest.param(
            lambda records: {
                **records,
                "r-0001000d": {**records[ANNOUNCEMENT], "id": "r-0001000d"},
            },
            id="the same version twice",
        ),
    ],
)
def test_contradictions(change: Change) -> None:
    found = check(announced(change).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_DISAGREES"])


def test_an_announcement_of_another_register_fails() -> None:
    def change(records: Records) -> Records:
        entry = {**json.loads(records[ANNOUNCEMENT]["entry"]), "origin": "elsewhere.example"}
        return put(ANNOUNCEMENT, entry=canonical.encode(entry).decode())(records)

    found = check(announced(change).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_DISAGREES"])


def test_two_histories_are_found_by_an_announcement() -> None:
    """The announcement's checkpoint has the size of the archive's, and another root, under the same key."""
    document = builder.notice(3)
    other = Register()
    index = other.announce(document)
    other.seal(builder.seal(9).facts)
    world: World = announced(
        lambda records: (
            put(ANNOUNCEMENT, proof=other.proof(index, 3).decode())(records)
            if len(other.chain) == 3
            else records
        )
    )
    found = check(world.file)
    assert (found.verdict, codes(found)) == (FAILED, ["REGISTER_FORK"])


def test_unknown_codes_of_later_versions_are_no_fault() -> None:
    change = put(NOTICE_EVIDENCE, unseen=[{"code": "NOT_INVENTED_YET", "text": "?"}])
    assert check(announced(change).file).verdict is PASSED
