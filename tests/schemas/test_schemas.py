"""The schemas are valid, closed and explained; the examples are what they say."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from evidence import canonical, resources
from evidence.crypto import notes
from evidence.intake.folder import read_folder
from evidence.model.notice import MAX_NOTICE
from evidence.model.records import ExhibitFacts
from evidence.register import checkpoint, merkle, proof
from tests.schemas import case

SCHEMAS = Path(__file__).parents[2] / "schemas"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
EXAMPLES = sorted(path.name for path in (SCHEMAS / "examples").glob("*.json"))
OURS = [
    "config.v1",
    "custody.v1",
    "incident.v1",
    "lexicon.v1",
    "manifest.v1",
    "markers.v1",
    "notice.v1",
    "record.v1",
    "suggestions.v1",
]


def load(name: str) -> Any:
    return json.loads((SCHEMAS / "examples" / name).read_text(encoding="utf-8"))


def schema_of(example: str) -> str:
    """The schema in whose name the example's begins; with or without the version."""
    return next(name for name in NAMES if example.startswith((f"{name}.", f"{name.split('.')[0]}.")))


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a property, definition or item, with where it stands."""
    for keyword in ("properties", "$defs"):
        for name, part in schema.get(keyword, {}).items():
            if part is not True:
                yield f"{path}/{keyword}/{name}", part
                yield from parts(part, f"{path}/{keyword}/{name}")
    for keyword in ("items", "propertyNames", "additionalProperties"):
        part = schema.get(keyword)
        if isinstance(part, dict):
            yield f"{path}/{keyword}", part
            yield from parts(part, f"{path}/{keyword}")


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_2020_12(name: str) -> None:
    schema = resources.schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("name", OURS)
def test_every_part_is_described(name: str) -> None:
    undescribed = [
        path for path, part in parts(resources.schema(name)) if not part.keys() & {"description", "$ref"}
    ]
    assert undescribed == []


@pytest.mark.parametrize("name", OURS)
def test_every_object_is_closed_and_every_value_bounded(name: str) -> None:
    schema = resources.schema(name)
    for path, part in [("", schema), *parts(schema)]:
        types = part.get("type", [])
        if "object" in types and not (name == "record.v1" and path == ""):
            assert "additionalProperties" in part, path
        if "string" in types:
            unbounded = re.search("[*+]", re.sub(r"\[[^]]*\]", "", part.get("pattern", "*")))
            assert "maxLength" in part or not unbounded, path
        if "array" in types:
            assert "maxItems" in part, path
        if "integer" in types:
            assert {"minimum", "maximum"} <= part.keys(), path


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_has_an_example(name: str) -> None:
    assert [example for example in EXAMPLES if schema_of(example) == name]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_holds(example: str) -> None:
    assert resources.problem(schema_of(example), load(example)) == ""


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_survives_canonical_form(example: str) -> None:
    document = load(example)
    assert canonical.decode(canonical.encode(document), 1 << 20) == document


def test_generated_examples_are_what_the_code_makes() -> None:
    made = case.documents()
    assert {name: case.render(document) for name, document in made.items()} == {
        name: (SCHEMAS / "examples" / name).read_text(encoding="utf-8") for name in made
    }


def test_the_case_of_the_examples_is_an_incident_folder(tmp_path: Path) -> None:
    case.make_folder(tmp_path)
    folder = read_folder(tmp_path)
    assert [file.role for file in folder.files[:2]] == ["recording", "recording"]
    assert len(folder.markers) == 4
    assert folder.ignored == ()


def test_paper_example_holds_its_bytes() -> None:
    facts = ExhibitFacts.from_document(load("record.v1.exhibit_paper.json"))
    assert facts.data == case.PAPERS[facts.name].encode()
    assert facts.size == len(facts.data)


def test_the_announcement_example_is_the_notice_example_and_is_in_the_register() -> None:
    record = load("record.v1.announcement.json")
    notice = load("notice.v1.sound.json")
    assert canonical.decode(record["document"].encode(), MAX_NOTICE) == notice
    assert record["version"] == notice["notice_id"]
    assert record["recording_sha256"] == notice["sound"]["sha256"]
    entry = json.loads(record["entry"])
    assert entry["custody_sha256"] == hashlib.sha256(record["document"].encode()).hexdigest()
    manifest = load("manifest.v1.sealed.json")
    assert entry["origin"] == manifest["origin"]
    exhibits = {exhibit["id"]: exhibit["sha256"] for exhibit in manifest["exhibits"]}
    assert exhibits[record["exhibit"]] == record["recording_sha256"]
    proven = proof.parse(record["proof"].encode())
    note = notes.parse(proven.checkpoint)
    notes.verify(note, notes.parse_vkey(manifest["register_key"]))
    head = checkpoint.parse(note.text)
    leaf = merkle.leaf_hash(record["entry"].encode())
    assert merkle.verify_inclusion(leaf, proven.index, head.size, proven.hashes, head.root)


def test_the_examples_of_a_search_and_of_what_follows_from_it_agree() -> None:
    search, evidence = load("record.v1.notice_search.json"), load("record.v1.notice_evidence.json")
    incident, stated = load("record.v1.incident.json"), load("record.v1.notice.json")
    version = load("record.v1.announcement.json")["version"]
    assert {record["recording_sha256"] for record in (search, evidence, stated)} == {
        stated["recording_sha256"]
    }
    found, nothing = search["matches"]
    assert {found["version"], nothing["version"]} == {version}
    item = evidence["for"][0]
    assert {name: item[name] for name in ("version", "channel", "at_ms", "coverage", "clause_coverage")} == {
        name: found[name] for name in ("version", "channel", "at_ms", "coverage", "clause_coverage")
    }
    heard = [segment for segment in found["segments"] if segment[4]]
    assert found["coverage"] == len(heard) * 1000 // len(found["segments"])
    assert found["at_ms"] == stated["at_milliseconds"]
    call = next(call for call in incident["calls"] if call["exhibit"] == evidence["exhibit"])
    assert call["channels"][item["channel"]] == item["channel_name"] == stated["channel"]
