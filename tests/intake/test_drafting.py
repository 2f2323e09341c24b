"""Changes to the documents of an incident: what is set, what stays, what is taken back."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake import drafting

KEYS = st.sampled_from(["name", "phone", "account", "title"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
FIELDS = st.dictionaries(KEYS, st.one_of(st.none(), st.just(""), TEXT))
HELD = st.dictionaries(KEYS, TEXT)
FILES = st.sampled_from(["a.wav", "b.wav", "notice.wav", "картка.txt", "\udcff.wav"])
STATED = st.fixed_dictionaries(
    {"taken_by": st.sampled_from(["Левко", "204"]), "taken_at": st.just("2026-11-05T10:40:00+02:00")},
    optional={
        "system": st.sampled_from(["pbx1", "pbx2", ""]),
        "clock": st.sampled_from([{}, {"offset_ms": 0}]),
    },
)


def expected(held: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """What the rules say: None leaves, empty takes out, all else is set."""
    unchanged = {key: value for key, value in held.items() if fields.get(key) is None}
    return unchanged | {key: value for key, value in fields.items() if value not in (None, "")}


@given(HELD, FIELDS)
def test_put_leaves_sets_and_takes_out(held: dict[str, Any], fields: dict[str, Any]) -> None:
    target = dict(held)
    drafting.put(target, fields)
    assert target == expected(held, fields)
    drafting.put(target, fields)
    assert target == expected(held, fields)


@pytest.mark.parametrize("kept", [0, False])
def test_put_takes_zero_for_a_value(kept: Any) -> None:
    target: dict[str, Any] = {}
    drafting.put(target, {"at_milliseconds": kept})
    assert target == {"at_milliseconds": kept}


@given(HELD, FIELDS)
def test_put_in_keeps_no_empty_object(held: dict[str, Any], fields: dict[str, Any]) -> None:
    document: dict[str, Any] = {"number": "1", **({"subscriber": held} if held else {})}
    before = copy.deepcopy(document)
    drafting.put_in(document, "subscriber", fields)
    left = expected(held, fields)
    assert document == {"number": "1", **({"subscriber": left} if left else {})}
    assert before == {"number": "1", **({"subscriber": held} if held else {})}


@given(st.lists(st.tuples(st.lists(FILES, min_size=1, unique=True), STATED), max_size=6))
def test_put_acquisition_keeps_one_acquisition_a_file(steps: list[tuple[list[str], dict[str, Any]]]) -> None:
    document: dict[str, Any] = {}
    last: dict[str, dict[str, Any]] = {}
    for files, fields in steps:
        drafting.put_acquisition(document, files, fields)
        last |= {file: {k: v for k, v in fields.items() if v not in ("", {})} for file in files}
    acquisitions = document.get("acquisitions", [])
    listed = [json.dumps(file) for acquisition in acquisitions for file in acquisition["files"]]
    assert len(listed) == len(set(listed)) == len(last)
    for file, stated in last.items():
        assert drafting.acquisition_of(document, file) == stated


@given(st.lists(FILES, min_size=1, unique=True), STATED, FILES)
def test_what_is_forgotten_is_mentioned_nowhere(files: list[str], fields: dict[str, Any], gone: str) -> None:
    document: dict[str, Any] = {"number": "1", "notice": {"grade": "none", "file": "notice.wav"}}
    drafting.put_acquisition(document, files, fields)
    for file in files:
        drafting.put_call(document, file, {"started": "2026-11-05T10:15:02+02:00"})
        drafting.put_role(document, file, "other", "x")
    drafting.forget(document, gone)
    assert drafting.acquisition_of(document, gone) == {}
    assert drafting.call_of(document, gone) is None
    rest = [file for file in files if file != gone]
    assert len(document.get("calls", [])) == len(document.get("exhibits", [])) == len(rest)
    assert ("file" in document["notice"]) == (gone != "notice.wav")


def test_equal_statements_share_one_acquisition() -> None:
    document: dict[str, Any] = {}
    stated = {"taken_by": "Левко", "taken_at": "2026-11-05T10:40:00+02:00"}
    drafting.put_acquisition(document, ["a.wav"], stated)
    drafting.put_acquisition(document, ["b.wav"], stated)
    drafting.put_acquisition(document, ["c.wav"], {**stated, "system": "pbx1"})
    assert document["acquisitions"] == [
        {"files": ["a.wav", "b.wav"], **stated},
        {"files": ["c.wav"], **stated, "system": "pbx1"},
    ]
    drafting.put_acquisition(document, ["a.wav"], {**stated, "system": "pbx1"})
    assert document["acquisitions"] == [
        {"files": ["b.wav"], **stated},
        {"files": ["c.wav", "a.wav"], **stated, "system": "pbx1"},
    ]


def test_calls_stay_in_the_order_of_their_times() -> None:
    document: dict[str, Any] = {}
    for file, started in (
        ("b.wav", "2026-11-05T10:31:40+02:00"),
        ("c.wav", "2026-11-05T09:00:00Z"),
        ("a.wav", "2026-11-05T10:15:02+02:00"),
    ):
        drafting.put_call(document, file, {"started": started})
    assert [call["recording"] for call in document["calls"]] == ["a.wav", "b.wav", "c.wav"]
    with pytest.raises(ValueError, match="no such date"):
        drafting.put_call(document, "a.wav", {"started": "2026-02-29T10:15:02+02:00"})


def test_what_a_person_states_is_no_claim_of_the_name() -> None:
    document: dict[str, Any] = {}
    claimed = {"id": "1.2", "started": "2026-11-05T10:15:02+02:00", "from_name": ["id", "started"]}
    drafting.put_call(document, "a.wav", claimed)
    drafting.put_call(document, "a.wav", {"started": "2026-11-05T10:15:04+02:00", "caller": None})
    assert document["calls"][0]["from_name"] == ["id"]
    drafting.put_call(document, "a.wav", {"id": ""})
    assert not document["calls"][0].keys() & {"id", "from_name"}


def test_what_rests_on_a_recording() -> None:
    document: dict[str, Any] = {
        "notice": {"grade": "in_recording", "recording": "a.wav"},
        "measures": [{"kind": "warning", "recording": "b.wav"}, {"kind": "hang_up"}],
    }
    markers: list[dict[str, Any]] = [{"recording": "b.wav"}, {"recording": {"name_base64": "/y53YXY="}}]
    assert drafting.mentions(document, markers, "a.wav") == ["notice"]
    assert drafting.mentions(document, markers, "b.wav") == ["markers", "measures"]
    assert drafting.mentions(document, markers, "\udcff.wav") == ["markers"]
    assert drafting.mentions(document, markers, "c.wav") == []


def test_documents_are_rendered_in_the_order_in_which_people_read_them() -> None:
    document = {"prepared_by": "Левко", "later": 1, "calls": [], "number": "1", "format": 1}
    text = drafting.render(document).decode("utf-8")
    assert list(json.loads(text)) == ["format", "number", "calls", "prepared_by", "later"]
    assert text.startswith('{\n  "format": 1,\n')
    assert text.endswith("}\n")
    assert "Левко" in text


def test_what_one_command_changes_is_one_edit() -> None:
    document: dict[str, Any] = {"format": 1, "number": "1", "prepared_by": "a"}
    by = {"prepared_by": "b", "prepared_at": "2026-11-05T10:15:02Z"}
    changed = {**document, "title": "x"}
    drafting.sign(changed, document, by)
    more = {**changed, "agent": {"id": "1"}}
    drafting.sign(more, changed, by, goes_on=True)
    assert more["changes"] == [{"by": "b", "at": "2026-11-05T10:15:02Z", "about": ["title", "agent"]}]
    for other, goes_on in (({**by, "prepared_by": "c"}, True), (by, False)):
        later = {**more, "summary": "s"}
        drafting.sign(later, more, other, goes_on=goes_on)
        assert [edit["about"] for edit in later["changes"]] == [["title", "agent"], ["summary"]]
    assert len(more["changes"]) == 1
