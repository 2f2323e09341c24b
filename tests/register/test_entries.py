"""Register entries: the schema's examples, one way to write each, later types let through."""

import datetime as dt
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evidence import resources, strict
from evidence.model.entry import Entry
from evidence.register import entries
from evidence.register.merkle import leaf_hash
from tests.register.chains import KEY, LAWS, ORIGIN, TIME, digest, facts

CHAIN = ("created", "sealed", "void", "notice", "received")
KNOWN = (*CHAIN, "continues")
COMMON = ("format", "type", "origin", "sequence", "claimed_time", "previous")
EXAMPLES = {
    name: files("evidence.schemas").joinpath(f"examples/register-entry.{name}.json").read_bytes()
    for name in KNOWN
}
DOCUMENTS: dict[str, dict[str, Any]] = {name: json.loads(data) for name, data in EXAMPLES.items()}
LATER = {**DOCUMENTS["sealed"], "type": "countersigned"}

digests = st.binary(min_size=32, max_size=32)
hexes = digests.map(bytes.hex)
origins = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="+"), min_size=1, max_size=255
)
times = st.datetimes(min_value=dt.datetime(1970, 1, 1)).map(  # noqa: DTZ001  hypothesis asks for it
    lambda time: strict.format_timestamp(time.replace(tzinfo=dt.UTC))
)
sequences = st.integers(1, 2**53 - 1)
keys = st.text(st.characters(max_codepoint=126), max_size=12).filter(lambda key: key not in COMMON)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def created(draw: st.DrawFn) -> Entry:
    origin = draw(origins)
    key = f"{origin}+{draw(st.binary(min_size=4, max_size=4)).hex()}+{'A' * 44}"
    return Entry("created", origin, 0, draw(times), None, {"register_key": key})


@st.composite
def sealed(draw: st.DrawFn) -> Entry:
    names = ("identity", "signature_sha256", "certificate_sha256", "custody_sha256")
    fields = {"archive_id": str(draw(st.uuids())), **{name: draw(hexes) for name in names}}
    return Entry("sealed", draw(origins), draw(sequences), draw(times), draw(digests), fields)


@st.composite
def void(draw: st.DrawFn) -> Entry:
    sequence = draw(st.integers(2, 2**53 - 1))
    fields = {
        "voids": {"sequence": draw(st.integers(1, sequence - 1)), "leaf": draw(hexes)},
        "reason": draw(st.sampled_from(["body_lost", "body_altered", "withdrawn"])),
        "custody_sha256": draw(hexes),
    }
    return Entry("void", draw(origins), sequence, draw(times), draw(digests), fields)


@st.composite
def notice(draw: st.DrawFn) -> Entry:
    fields = {"notice_id": str(draw(st.uuids())), "custody_sha256": draw(hexes)}
    return Entry("notice", draw(origins), draw(sequences), draw(times), draw(digests), fields)


@st.composite
def received(draw: st.DrawFn) -> Entry:
    fields = {"received_id": str(draw(st.uuids())), "custody_sha256": draw(hexes)}
    return Entry("received", draw(origins), draw(sequences), draw(times), draw(digests), fields)


@st.composite
def continues(draw: st.DrawFn) -> Entry:
    former = draw(origins)
    origin = draw(origins.filter(lambda name: name != former))
    fields = {
        "former_origin": former,
        "former_key": f"{former}+{draw(st.binary(min_size=4, max_size=4)).hex()}+{'A' * 44}",
        "former_size": draw(sequences),
        "former_root": draw(hexes),
        "reason": draw(st.sampled_from(["entries_lost", "forked", "given_up"])),
        "custody_sha256": draw(hexes),
    }
    return Entry("continues", origin, 1, draw(times), draw(digests), fields)


@st.composite
def later(draw: st.DrawFn) -> Entry:
    kind = draw(st.from_regex(r"[a-z_]{1,64}", fullmatch=True).filter(lambda name: name not in KNOWN))
    fields = draw(st.dictionaries(keys, values, max_size=5))
    return Entry(kind, draw(origins), draw(sequences), draw(times), draw(digests), fields)


def written(document: Mapping[str, Any]) -> bytes:
    return rfc8785.dumps(dict(document))


@LAWS
@given(created() | sealed() | void() | notice() | received() | continues() | later())
def test_parse_of_encode_is_the_same(entry: Entry) -> None:
    data = entries.encode(entry)
    assert b"\n" not in data
    assert entries.parse(data) == entry
    assert entries.encode(entries.parse(data)) == data


def test_the_schema_is_a_schema() -> None:
    jsonschema_rs.meta.validate(resources.schema("register-entry.v1"))


@pytest.mark.parametrize("name", KNOWN)
def test_the_examples_are_entries(name: str) -> None:
    entry = entries.parse(EXAMPLES[name])
    assert entry.type == name
    assert entries.encode(entry) == EXAMPLES[name]
    assert resources.problem("register-entry.v1", DOCUMENTS[name]) == ""


def test_the_examples_are_a_chain() -> None:
    parsed = [entries.parse(EXAMPLES[name]) for name in CHAIN]
    assert [entry.sequence for entry in parsed] == [0, 1, 2, 3, 4]
    assert parsed[1].previous == leaf_hash(EXAMPLES["created"])
    assert parsed[2].previous == leaf_hash(EXAMPLES["sealed"])
    assert parsed[3].previous == leaf_hash(EXAMPLES["void"])
    assert parsed[4].previous == leaf_hash(EXAMPLES["notice"])
    assert parsed[2].fields["voids"] == {"sequence": 1, "leaf": leaf_hash(EXAMPLES["sealed"]).hex()}


def test_a_receipt_is_entered_by_id_and_digest_alone() -> None:
    received_id = "822b6f79-0cc4-451e-9403-1f7add422ab6"
    entry = entries.make_received(ORIGIN, 7, TIME, digest("leaf"), received_id, digest("receipt"))
    assert json.loads(entry) == {
        "format": 1,
        "type": "received",
        "origin": ORIGIN,
        "sequence": 7,
        "claimed_time": TIME,
        "previous": digest("leaf").hex(),
        "received_id": received_id,
        "custody_sha256": digest("receipt").hex(),
    }


def test_entries_are_made_as_the_format_says() -> None:
    first = entries.make_created(ORIGIN, KEY, TIME)
    second = entries.make_sealed(ORIGIN, 1, TIME, leaf_hash(first), facts(7))
    third = entries.make_void(
        ORIGIN, 2, TIME, leaf_hash(second), 1, leaf_hash(second), "body_altered", digest("record")
    )
    fourth = entries.make_notice(ORIGIN, 3, TIME, leaf_hash(third), facts(8).archive_id, digest("notice"))
    common = {"format": 1, "origin": ORIGIN, "claimed_time": TIME}
    assert json.loads(first) == {
        **common,
        "type": "created",
        "sequence": 0,
        "previous": None,
        "register_key": KEY,
    }
    assert json.loads(second) == {
        **common,
        "type": "sealed",
        "sequence": 1,
        "previous": leaf_hash(first).hex(),
        "archive_id": facts(7).archive_id,
        "identity": facts(7).identity.hex(),
        "signature_sha256": facts(7).signature_sha256.hex(),
        "certificate_sha256": facts(7).certificate_sha256.hex(),
        "custody_sha256": facts(7).custody_sha256.hex(),
    }
    assert json.loads(third) == {
        **common,
        "type": "void",
        "sequence": 2,
        "previous": leaf_hash(second).hex(),
        "voids": {"sequence": 1, "leaf": leaf_hash(second).hex()},
        "reason": "body_altered",
        "custody_sha256": digest("record").hex(),
    }
    assert json.loads(fourth) == {
        **common,
        "type": "notice",
        "sequence": 3,
        "previous": leaf_hash(third).hex(),
        "notice_id": facts(8).archive_id,
        "custody_sha256": digest("notice").hex(),
    }


def test_an_entry_that_continues_a_register_is_made_as_the_format_says() -> None:
    first = entries.make_created(ORIGIN, KEY, TIME)
    example = DOCUMENTS["continues"]
    root, custody = bytes.fromhex(example["former_root"]), digest("custody")
    former = entries.Former(example["former_origin"], example["former_key"], 4, root, "forked")
    assert json.loads(entries.make_continues(ORIGIN, TIME, leaf_hash(first), former, custody)) == {
        "format": 1,
        "type": "continues",
        "origin": ORIGIN,
        "sequence": 1,
        "claimed_time": TIME,
        "previous": leaf_hash(first).hex(),
        "former_origin": example["former_origin"],
        "former_key": example["former_key"],
        "former_size": 4,
        "former_root": example["former_root"],
        "reason": "forked",
        "custody_sha256": custody.hex(),
    }


def test_entries_of_later_types_need_only_the_common_fields() -> None:
    bare = {name: LATER[name] for name in COMMON}
    assert entries.parse(written(bare)).fields == {}
    assert entries.parse(written({**bare, "of_a_later_version": [1, {}]})).fields == {
        "of_a_later_version": [1, {}]
    }


@pytest.mark.parametrize("document", [*DOCUMENTS.values(), LATER], ids=[*KNOWN, "later"])
def test_no_field_may_be_missing(document: dict[str, Any]) -> None:
    needed = COMMON if document is LATER else tuple(document)
    for name in needed:
        rest = {key: value for key, value in document.items() if key != name}
        with pytest.raises(ValueError, match=name):
            entries.parse(written(rest))


@pytest.mark.parametrize("name", KNOWN)
def test_known_types_are_closed(name: str) -> None:
    with pytest.raises(ValueError, match="surplus"):
        entries.parse(written({**DOCUMENTS[name], "surplus": 1}))


@pytest.mark.parametrize("document", [*DOCUMENTS.values(), LATER], ids=[*KNOWN, "later"])
@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": "1"},
        {"format": True},
        {"type": "Sealed"},
        {"type": "sealed\n"},
        {"type": ""},
        {"type": "a" * 65},
        {"type": 1},
        {"origin": ""},
        {"origin": "two words"},
        {"origin": "a+b"},
        {"origin": "a\n"},
        {"origin": "регістр"},
        {"origin": "a" * 256},
        {"sequence": -1},
        {"sequence": "1"},
        {"sequence": True},
        {"claimed_time": "2026-03-02T18:40:02Z"},
        {"claimed_time": "2026-03-02T18:40:02.517+02:00"},
        {"claimed_time": "2026-02-30T18:40:02.517Z"},
        {"claimed_time": "2026-03-02T18:40:60.517Z"},
        {"claimed_time": "2026-03-02T18:40:02.517Z\n"},
        {"claimed_time": "\uff12026-03-02T18:40:02.517Z"},
        {"previous": "00" * 31},
        {"previous": "AB" * 32},
        {"previous": "ab" * 32 + "\n"},
        {"previous": 0},
    ],
    ids=repr,
)
def test_common_fields_are_strict(document: dict[str, Any], change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        entries.parse(written({**document, **change}))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("created", {"sequence": 1}),
        ("created", {"sequence": 1, "previous": "00" * 32}),
        ("created", {"previous": "00" * 32}),
        ("created", {"register_key": "x"}),
        ("created", {"register_key": KEY}),  # of another name
        ("created", {"register_key": DOCUMENTS["created"]["register_key"] + "\n"}),
        ("created", {"register_key": DOCUMENTS["created"]["register_key"][:-1]}),
        ("created", {"register_key": DOCUMENTS["created"]["register_key"].replace("+6ee2", "+6EE2")}),
        ("sealed", {"sequence": 0}),
        ("sealed", {"sequence": 0, "previous": None}),
        ("sealed", {"previous": None}),
        ("sealed", {"archive_id": "5B1D3C1E-7B0A-4E0E-9D55-3A1F60C2B7A4"}),
        ("sealed", {"archive_id": "5b1d3c1e7b0a4e0e9d553a1f60c2b7a4"}),
        ("sealed", {"identity": "00" * 33}),
        ("sealed", {"identity": None}),
        ("sealed", {"signature_sha256": "0g" + "00" * 31}),
        ("sealed", {"certificate_sha256": ""}),
        ("sealed", {"custody_sha256": [1]}),
        ("void", {"voids": {"sequence": 0, "leaf": "00" * 32}}),
        ("void", {"voids": {"sequence": 2, "leaf": "00" * 32}}),
        ("void", {"voids": {"sequence": 3, "leaf": "00" * 32}}),
        ("void", {"voids": {"sequence": 1, "leaf": "00"}}),
        ("void", {"voids": {"sequence": 1}}),
        ("void", {"voids": {"sequence": 1, "leaf": "00" * 32, "surplus": 1}}),
        ("void", {"voids": 1}),
        ("void", {"reason": "because"}),
        ("void", {"custody_sha256": "00"}),
        ("notice", {"sequence": 0, "previous": None}),
        ("notice", {"notice_id": "7A40ED4C-6A3C-4A51-9A0E-7F1D6E2C9B35"}),
        ("notice", {"notice_id": ""}),
        ("notice", {"custody_sha256": "00"}),
        ("notice", {"archive_id": "7a40ed4c-6a3c-4a51-9a0e-7f1d6e2c9b35"}),
        ("received", {"sequence": 0, "previous": None}),
        ("received", {"received_id": "822B6F79-0CC4-451E-9403-1F7ADD422AB6"}),
        ("received", {"received_id": None}),
        ("received", {"custody_sha256": "00"}),
        ("received", {"name": "in.wav"}),
        ("continues", {"sequence": 2}),
        ("continues", {"former_origin": DOCUMENTS["continues"]["origin"]}),
        ("continues", {"origin": DOCUMENTS["continues"]["former_origin"]}),
        ("continues", {"former_key": KEY}),  # of another name
        ("continues", {"former_size": 0}),
        ("continues", {"former_size": "4"}),
        ("continues", {"former_root": "00"}),
        ("continues", {"reason": "because"}),
        ("continues", {"custody_sha256": "00"}),
    ],
)
def test_fields_of_the_known_types_are_strict(name: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        entries.parse(written({**DOCUMENTS[name], **change}))


def test_entry_zero_is_created() -> None:
    with pytest.raises(ValueError, match="created"):
        entries.parse(written({**LATER, "sequence": 0, "previous": None}))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        EXAMPLES["sealed"] + b"\n",
        b" " + EXAMPLES["sealed"],
        b"\xef\xbb\xbf" + EXAMPLES["sealed"],
        EXAMPLES["sealed"][:-1],
        EXAMPLES["sealed"].replace(b",", b", ", 1),
        EXAMPLES["sealed"].replace(b'"format":1', b'"format":1.0'),
        EXAMPLES["sealed"].replace(b'"format":1', b'"format":1e0'),
        EXAMPLES["sealed"].replace(b'"format":1', b'"format":1,"format":1'),
        EXAMPLES["sealed"].replace(b'"type":"sealed"', b'"type":"\\u0073ealed"'),
        EXAMPLES["sealed"].replace(b'"sequence":1', b'"sequence":01'),
        EXAMPLES["sealed"].replace(b'"sequence":1', b'"sequence":9007199254740992'),
        json.dumps(DOCUMENTS["sealed"]).encode(),
        json.dumps(dict(reversed(DOCUMENTS["sealed"].items())), separators=(",", ":")).encode(),
    ],
)
def test_only_the_canonical_form_is_read(data: bytes) -> None:
    with pytest.raises(ValueError):
        entries.parse(data)


@pytest.mark.parametrize(
    "entry",
    [
        Entry("later", ORIGIN, 1, TIME, bytes(32), {"type": "also_later"}),
        Entry("later", ORIGIN, 1, TIME, bytes(32), {"origin": "register.test/two"}),
        Entry("later", ORIGIN, 1, TIME, bytes(31)),
        Entry("later", ORIGIN, 1, TIME, None),
        Entry("later", ORIGIN, 1, TIME, bytes(32), {"half": 0.5}),
        Entry("later", ORIGIN, 1, TIME, bytes(32), {"ключ": 1}),
        Entry("later", ORIGIN, 1, TIME, bytes(32), {"long": "x" * 4096}),
        Entry("created", ORIGIN, 0, TIME, None),
    ],
)
def test_nothing_is_written_that_would_not_be_read(entry: Entry) -> None:
    with pytest.raises(ValueError):
        entries.encode(entry)
