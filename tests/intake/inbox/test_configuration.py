"""Sections ``[inbox.NAME]`` of evidence.toml, as the vault reads them."""

import json
import re
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.intake.inbox.checking import check
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.vault.config import load
from tests.intake.inbox.boxes import KYIV
from tests.schemas.test_schemas import SCHEMAS

EXAMPLE = json.loads((SCHEMAS / "examples" / "config.v1.inbox.json").read_text(encoding="utf-8"))


def toml(document: dict[str, Any], prefix: str = "") -> str:
    """A document as TOML: tables after values."""
    plain = {key: value for key, value in document.items() if not isinstance(value, dict)}
    text = "".join(
        f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in plain.items()
    )
    for key, value in document.items():
        if isinstance(value, dict):
            name = f"{prefix}{json.dumps(key)}"
            text += f"[{name}]\n{toml(value, f'{name}.')}"
    return text


def test_the_example_is_what_a_vault_reads(tmp_path: Path) -> None:
    path = tmp_path / "evidence.toml"
    path.write_text(toml(EXAMPLE), encoding="utf-8")
    rules = load(path).inbox_rules
    assert (rules.zone, rules.quiet_seconds, rules.unfinished_hours, rules.sidecar_hours) == (KYIV, 120, 6, 4)
    assert [mapping.name for mapping in rules.mappings] == ["pbx1", "pbx2", "avaya", "crm"]
    pbx1, pbx2, avaya, crm = (check(mapping, rules) for mapping in rules.mappings)
    assert (pbx1.header, pbx1.source("started"), pbx1.missing) == (False, "start", "tell")
    assert pbx1.columns[9:12] == ("start", "answer", "end")
    assert len(pbx1.columns) == 18
    assert pbx1.where == (("userfield", ("insult", "threat")),)
    assert (pbx2.source("caller"), pbx2.source("queue"), pbx2.header) == ("src", "did", True)
    assert pbx2.recording == "{year}/{month}/{day}/{recordingfile}"
    assert (avaya.encoding, avaya.delimiter, rules.zone_of(avaya)) == ("cp1251", ";", "Europe/Warsaw")
    assert (crm.kind, crm.files, crm.source("id")) == ("json", ("crm-*.json",), "/call/uuid")


@pytest.mark.parametrize("name", ["fields", "recording", "files", "columns", "where"])
def test_every_field_is_in_the_schema(name: str) -> None:
    section = resources.schema("config.v1")["properties"]["inbox"]["additionalProperties"]
    assert name in section["properties"]


def test_without_sections_an_inbox_has_rules_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "evidence.toml"
    kept = {
        key: value for key, value in EXAMPLE.items() if key in {"format", "organisation", "register", "seal"}
    }
    path.write_text(toml(kept), encoding="utf-8")
    rules = load(path).inbox_rules
    assert (rules.zone, rules.mappings, rules.sidecar_hours) == ("", (), 0)


def test_the_examples_of_the_readme_hold() -> None:
    readme = (SCHEMAS.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", readme, re.MULTILINE)
    (text,) = (block for block in blocks if "[inbox.pbx1]" in block)
    given = tomllib.loads(textwrap.dedent(text))
    whole = {
        key: value for key, value in EXAMPLE.items() if key in {"format", "organisation", "register", "seal"}
    }
    assert resources.problem("config.v1", {**whole, **given}) == ""
    mappings = [InboxMapping.of(*section) for section in given["inbox"].items()]
    assert [check(mapping, Rules(KYIV)).kind for mapping in mappings] == ["csv", "csv", "csv", "json"]
