"""Step 6: each record by itself, and what records say of one another."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from evidence.digests import sha256_hex
from evidence.verify import records
from tests import builder
from tests.builder import Changes, Document
from tests.vectors.archives import world
from tests.verify.case import FAILED, check, codes

Documents = dict[str, Document]
INCIDENT, NOTICE, SOUND, PAPER, MARKER = (f"r-0001000{place}" for place in range(5))


def verified(change: Callable[[Documents], Any]) -> list[str]:
    """What is found when the records are changed, and everything is signed after that."""

    def apply(documents: Documents) -> Documents:
        change(documents)
        return documents

    verification = check(world(Changes(records=apply)).file)
    assert (verification.contents is None) == bool(verification.findings)
    assert (verification.verdict is FAILED) == bool(verification.findings)
    return codes(verification)


@pytest.mark.parametrize(
    ("record", "values"),
    [
        (MARKER, {"salt": "AA" * 32}),
        (MARKER, {"id": "r-00010009"}),
        (MARKER, {"start_ms": -1}),
        (MARKER, {"opinion": "guilty"}),
        (MARKER, {"asserted_at": builder.time("2026-02-30T00:00:00.000Z")}),
        (INCIDENT, {"calls": [{"started": builder.time("2026-02-29T24:00:00.000Z")}]}),
        (PAPER, {"bytes": "AA=="}),
        (PAPER, {"bytes": "AB=="}),
        (PAPER, {"size": 1}),
        (SOUND, {"bytes": ""}),
        (PAPER, {"name": {"name_base64": "/x=="}}),
    ],
)
def test_a_record_against_its_rules_is_malformed(record: str, values: Document) -> None:
    assert verified(lambda documents: documents[record].update(values)) == ["RECORD_MALFORMED"]


ACQUISITION = {
    "kind": "acquisition",
    "exhibits": ["E1"],
    "taken_by": "Agent 203",
    "taken_at": builder.time(),
    "clock": {"offset_ms": -250, "known_by": "NTP", "checked_at": builder.time()},
}
MEASURE = {"kind": "measure", "measure": "warning", "at": builder.time(), "by": "Agent 203"}
NO_TIME = builder.time("2026-02-30T00:00:00.000Z")
ADDED = "r-00010009"


def with_record(record: Document) -> list[str]:
    """What is found when one more record is sealed."""
    document = {"salt": "ab" * 32, "id": ADDED, **record}
    return verified(lambda documents: documents.update({ADDED: document}))


def in_recording(sha256: str) -> Document:
    return {**MEASURE, "exhibit": "E1", "recording_sha256": sha256, "at_milliseconds": 40}


def test_acquisitions_and_measures_that_agree_are_fine() -> None:
    sound = sha256_hex(builder.recording(1))
    for record in (ACQUISITION, MEASURE, in_recording(sound), {**ACQUISITION, "exhibits": ["E2", "E1"]}):
        assert with_record(record) == []


@pytest.mark.parametrize(
    "record",
    [
        {**ACQUISITION, "exhibits": ["E3"]},
        {**ACQUISITION, "exhibits": ["E1", "E9"]},
        in_recording("00" * 32),
        {**in_recording("00" * 32), "exhibit": "E3"},
        {"kind": "notice", "grade": "none", "exhibits": ["E3"]},
        {
            "kind": "notice",
            "grade": "in_recording",
            "exhibits": [],
            "exhibit": "E1",
            "recording_sha256": "00" * 32,
        },
    ],
)
def test_a_record_that_refers_to_another_thing_disagrees(record: Document) -> None:
    assert with_record(record) == ["RECORD_DISAGREES"]


@pytest.mark.parametrize(
    "record",
    [
        {**ACQUISITION, "taken_at": NO_TIME},
        {**ACQUISITION, "clock": {"offset_ms": 0, "known_by": "NTP", "checked_at": NO_TIME}},
        {**ACQUISITION, "clock": {"offset_ms": 0}},
        {**ACQUISITION, "exhibits": []},
        {**ACQUISITION, "exhibits": ["E1", "E1"]},
        {**ACQUISITION, "taken_by": ""},
        {**MEASURE, "at": NO_TIME},
        {**MEASURE, "measure": "revenge"},
        {**MEASURE, "at_milliseconds": 40},
        {**MEASURE, "exhibit": "E1"},
        {**MEASURE, "lawful": True},
    ],
)
def test_an_acquisition_or_measure_against_its_rules_is_malformed(record: Document) -> None:
    assert with_record(record) == ["RECORD_MALFORMED"]


def test_a_record_in_another_form_is_malformed() -> None:
    def spaced(parts: builder.Members) -> builder.Members:
        return [(name, data.replace(b":", b": ", 1)) for name, data in parts[:1]] + parts[1:]

    assert codes(check(world(Changes(record_bytes=spaced)).file)) == ["RECORD_MALFORMED"]


def test_a_record_beyond_its_limit_is_malformed() -> None:
    def long(parts: builder.Members) -> builder.Members:
        return [(parts[0][0], b'"' + b"x" * records.MAX_RECORD + b'"'), *parts[1:]]

    assert codes(check(world(Changes(record_bytes=long)).file)) == ["RECORD_MALFORMED"]


def test_a_record_of_a_later_kind_needs_the_common_part_only() -> None:
    assert verified(lambda documents: documents[NOTICE].update(kind="weather", rain=True)) == []
    assert verified(lambda documents: documents[NOTICE].update(kind="weather", salt="")) == [
        "RECORD_MALFORMED"
    ]


def test_a_later_kind_may_hold_any_text_as_its_bytes() -> None:
    for text in ('say "hi"', "AAAA", "рядок"):
        later = {"id": MARKER, "kind": "dissent", "salt": "00" * 32, "bytes": text}
        assert verified(lambda documents, later=later: documents.update({MARKER: later})) == []  # type: ignore[misc]


def test_a_record_whose_file_is_no_text_is_malformed() -> None:
    """What stands inside a record is part of it: bytes that are no UTF-8 aren't JSON."""

    def broken(parts: builder.Members) -> builder.Members:
        name = f"records/{MARKER}.json"
        record = b'{"bytes":"\xff\xfe","id":"r-00010004","kind":"later","salt":"' + b"00" * 32 + b'"}'
        return builder.changed(parts, name, record)

    assert codes(check(world(Changes(record_bytes=broken)).file)) == ["RECORD_MALFORMED"]


def test_tags_may_have_the_names_of_a_time_s_parts() -> None:
    claims = {"utc": "tomorrow", "text": "noon", "source": "a tag"}
    assert verified(lambda documents: documents[SOUND]["recording"].update(claims=claims)) == []
    assert verified(lambda documents: documents[NOTICE].update(kind="weather", at={**claims, "utc": 5})) == []


@pytest.mark.parametrize(
    ("record", "values"),
    [
        (MARKER, {"exhibit": "E9"}),
        (MARKER, {"exhibit": "E2"}),
        (INCIDENT, {"calls": [{"started": builder.time(), "exhibit": "E9"}]}),
        (NOTICE, {"exhibits": ["E9"]}),
        (NOTICE, {"exhibit": "E1", "recording_sha256": "00" * 32}),
        (SOUND, {"sha256": "00" * 32}),
        (SOUND, {"size": 1}),
        (SOUND, {"member": "exhibits/E2.wav"}),
        (PAPER, {"exhibit": "E1"}),
    ],
)
def test_a_record_that_contradicts_disagrees(record: str, values: Document) -> None:
    assert set(verified(lambda documents: documents[record].update(values))) == {"RECORD_DISAGREES"}


def test_an_exhibit_without_its_record_disagrees() -> None:
    def without(documents: Documents) -> None:
        del documents[SOUND], documents[MARKER]
        documents[INCIDENT]["calls"] = []

    assert verified(without) == ["RECORD_DISAGREES"]


def test_a_record_of_an_exhibit_that_is_not_there_disagrees() -> None:
    def another(documents: Documents) -> None:
        sound = {**documents[SOUND], "id": "r-00010005", "exhibit": "E3", "member": "exhibits/E3.wav"}
        documents["r-00010005"] = sound

    assert verified(another) == ["RECORD_DISAGREES"]


def test_an_exhibit_kept_in_its_record_must_not_be_a_member_too() -> None:
    def inside(documents: Documents) -> None:
        del documents[SOUND]["member"]
        documents[SOUND]["bytes"] = base64.b64encode(builder.recording(1)).decode()

    assert verified(inside) == ["RECORD_DISAGREES"]


def test_what_may_be_shown_is_what_was_verified_without_the_bytes_of_files() -> None:
    contents = check(world().file).contents
    assert contents is not None
    assert list(contents.records) == [record.id for record in contents.manifest.records]
    assert contents.records[MARKER]["words"] == "…"
    assert "bytes" not in contents.records[PAPER]
    assert contents.records[PAPER]["size"] == len("Statement no. 1.\n")
    assert list(contents.digests) == [name for name, _data in world().sealed.body]
