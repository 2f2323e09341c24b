"""Documents that a signer with the true keys could write: whatever they hold, there is a verdict."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import canonical
from evidence.container.names import ENTRY, proof_name, token_name
from evidence.register import entries
from evidence.verify import documents
from tests import builder
from tests.builder import Changes, Document, changed
from tests.vectors.archives import source, world
from tests.verify.case import base, check
from tests.verify.test_tamper import consistent

FEW = settings(max_examples=60)
TEXTS = st.sampled_from(
    ["", "E1", "E2", "sealed", "exhibit", "marker", "weather", "00" * 32, "\x1b\u202e", "1"]
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS | st.text(max_size=8)
KEYS = st.sampled_from(
    ["utc", "text", "source", "bytes", "member", "exhibit", "salt", "id", "kind", "format"]
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=6
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*path, key))


@st.composite
def altered(draw: st.DrawFn, document: Document) -> Any:
    """A document with something in it replaced, removed or added."""
    made = copy.deepcopy(document)
    path = draw(st.sampled_from(list(_places(made))))
    if not path:
        return {**made, draw(KEYS): draw(VALUES)} if draw(st.booleans()) else draw(VALUES)
    parent = made
    for part in path[:-1]:
        parent = parent[part]
    if draw(st.booleans()):
        parent[path[-1]] = draw(VALUES)
    else:
        del parent[path[-1]]
    return made


RECORDS = builder.records(1, builder.recording(1))
MANIFEST = canonical.decode(dict(base().sealed.body)["manifest.json"], documents.MAX_MANIFEST)
SEALED_ENTRY = canonical.decode(base().register.chain[2], entries.MAX_ENTRY)


@FEW
@given(st.data())
def test_any_record_gets_a_verdict(data: st.DataObject) -> None:
    record_id = data.draw(st.sampled_from(sorted(RECORDS)))
    document = data.draw(altered(RECORDS[record_id]))
    consistent(check(world(Changes(records=lambda records: {**records, record_id: document})).file))


@FEW
@given(altered(MANIFEST))
def test_any_manifest_gets_a_verdict(document: Any) -> None:
    consistent(check(world(Changes(manifest=lambda _manifest: document)).file))


@FEW
@given(altered(SEALED_ENTRY))
def test_any_entry_gets_a_verdict(document: Any) -> None:
    register = base().register.copy()
    register.chain[2] = canonical.encode(document)
    parts = builder.members(base().sealed, register, 2)
    consistent(check(parts))
    consistent(check(parts, register_export=register.export()))


@FEW
@given(st.data())
def test_any_bytes_in_place_of_evidence_get_a_verdict(data: st.DataObject) -> None:
    parts = [*base().members, (token_name(1, 1), source("token.tsr"))]
    name = data.draw(st.sampled_from([ENTRY, proof_name(1), token_name(1, 1)]))
    old = dict(parts)[name]
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    new = old[:start] + data.draw(st.binary(max_size=20)) + old[end:]
    consistent(check(changed(parts, name, new)))


@FEW
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_export_and_checkpoint_get_a_verdict(export: bytes, note: bytes) -> None:
    consistent(check(base().file, register_export=export, checkpoint=note))
    consistent(check(base().file, register_export=b"evidence-register@v1\n" + export))


@FEW
@given(st.binary(max_size=400), st.integers(0, 40))
def test_any_bytes_behind_the_beginning_get_a_verdict(rest: bytes, cut: int) -> None:
    file = base().file
    consistent(check(file[: 77 + cut] + rest))
    consistent(check(file[: len(file) - cut] + rest))
