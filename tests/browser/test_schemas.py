"""The validators made of the schemas for the browser say what the command line's say."""

import copy
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from tests.browser.node import installed, ran
from tests.requirements import need

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
DOCUMENTS = {
    "record": "record.v1",
    "manifest": "manifest.v1",
    "entry": "register-entry.v1",
    "custody": "custody.v1",
    "notice": "notice.v1",
}
SOURCE = """
import * as schemas from "./generated/schemas";
export default ([name, texts]) => texts.map((text) => schemas[name](JSON.parse(text)));
"""
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    16,
    2**53 - 1,
    "",
    "x",
    "Є" * 65,
    "\U0001f4de" * 255,
    "\U0001f4de" * 256,
    "x" * 20_001,
    "AA==",
    "AA=",
    "0" * 64 + "\n",
    [],
    ["x", "x"],
    {},
    {"x": 1},
)
"""One of them breaks most rules; the pictograms are two UTF-16 units each."""


@pytest.fixture(scope="module", autouse=True)
def generated() -> None:
    """What the build makes of the schemas."""
    subprocess.run(
        [need("node"), "schemas.mjs"], cwd=installed(), check=True, capture_output=True, timeout=60
    )


def examples(schema: str) -> list[Any]:
    prefix = schema if (EXAMPLES / f"{schema}.schema.json").exists() else schema.removesuffix(".v1")
    found = [*EXAMPLES.glob(f"{schema}.*.json"), *EXAMPLES.glob(f"{prefix}.*.json")]
    assert found, schema
    return [json.loads(path.read_bytes()) for path in sorted(set(found))]


def places(value: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a document but itself; of long lists the first values'."""
    inner = (
        value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    )
    for key, item in inner:
        yield (*path, key)
        yield from places(item, *path, key)


def changed(document: Any, path: tuple[str | int, ...]) -> Iterator[Any]:
    """The document with another value at that place, without it, with more beside it."""
    for value in (*VALUES, lambda old: [old, old], lambda old: {**old, "extra": 1}, lambda old: old * 2):
        made = copy.deepcopy(document)
        holder = made
        for key in path[:-1]:
            holder = holder[key]
        try:
            holder[path[-1]] = value(holder[path[-1]]) if callable(value) else value
        except TypeError:
            continue
        yield made
    made = copy.deepcopy(document)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    yield made
    if isinstance(holder, dict):
        made = copy.deepcopy(made)
        made["__proto__"] = {}
        yield made


@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_validators_accept_and_refuse_the_same(name: str) -> None:
    schema = DOCUMENTS[name]
    documents = [
        made
        for example in examples(schema)
        for made in (example, *(made for path in places(example) for made in changed(example, path)))
    ]
    here = [resources.problem(schema, document) == "" for document in documents]
    there = ran(SOURCE, [name, [json.dumps(document) for document in documents]])
    wrong = [document for document, a, b in zip(documents, here, there, strict=True) if a != b]
    # an id twice is refused by the verifier itself, at less cost than by the schema
    assert [made for made in wrong if name != "manifest" or not has_twins(made)] == []
    assert min(here.count(True), here.count(False)) >= 5


def has_twins(manifest: Any) -> bool:
    return any(manifest[part][0] in manifest[part][1:] for part in ("records", "exhibits"))
