"""Sections ``[pbx.NAME]`` of evidence.toml, and names by which logs are known."""

import json
import re
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.errors import FormatError
from evidence.intake import roles
from evidence.intake.pbx.checking import check
from evidence.intake.pbx.rules import FIELDS, PbxMapping
from evidence.vault.config import load
from tests.intake.inbox.test_configuration import toml
from tests.intake.pbx.logs import ZONE
from tests.schemas.test_schemas import SCHEMAS

EXAMPLE = json.loads((SCHEMAS / "examples" / "config.v1.pbx.json").read_text(encoding="utf-8"))


def test_the_example_is_what_a_vault_reads(tmp_path: Path) -> None:
    path = tmp_path / "evidence.toml"
    path.write_text(toml(EXAMPLE), encoding="utf-8")
    rules = load(path).pbx_rules
    assert rules.zone == ZONE
    ringostat, binotel, three, dialler = map(check, rules.mappings)
    assert ringostat.source("callee") == "dst"
    assert (binotel.rows, dict(binotel.directions)["1"]) == ("/callDetails", "outbound")
    assert (three.header, three.columns[0]) == (False, "historyid")
    assert (dialler.encoding, dialler.delimiter, dialler.played_when) == ("cp1251", ";", ("PLAY",))
    assert rules.mapping("binotel-2026.json") is rules.mappings[1]
    assert rules.mapping("Binotel.json") is None


def test_the_fields_are_those_of_the_schema() -> None:
    section = resources.schema("config.v1")["properties"]["pbx"]["additionalProperties"]["properties"]
    assert set(section["fields"]["properties"]) == set(FIELDS)
    assert set(section) == {field for field in PbxMapping.__slots__ if field != "name"}


def test_the_examples_of_the_readme_hold() -> None:
    readme = (SCHEMAS.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", readme, re.MULTILINE)
    (text,) = (block for block in blocks if "[pbx.ringostat]" in block)
    given = tomllib.loads(textwrap.dedent(text))
    whole = {key: EXAMPLE[key] for key in ("format", "organisation", "register", "seal")}
    assert resources.problem("config.v1", {**whole, **given}) == ""
    mappings = [check(PbxMapping.of(*section)) for section in given["pbx"].items()]
    assert [mapping.kind for mapping in mappings] == ["csv", "json", "csv", "csv"]


USUAL: dict[str, Any] = {"kind": "csv", "files": ["x"], "fields": {"started": "when"}}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"fields": {"id": "when"}}, "fields.started"),
        ({"time_zone": "Europe/Kiyv"}, "Europe/Kiyv"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"encoding": "cp037"}, "encoding"),
        ({"encoding": "rot13"}, "encoding"),
        ({"encoding": "none-such"}, "encoding"),
        ({"header": False}, "when"),
        ({"header": False, "columns": ["a"]}, "when"),
        ({"rows": "/x"}, "rows"),
        ({"kind": "json"}, "JSON pointers"),
        ({"kind": "json", "fields": {"started": "/when"}, "columns": ["a"]}, "JSON pointers"),
    ],
)
def test_sections_that_contradict_themselves(section: dict[str, Any], said: str) -> None:
    with pytest.raises(FormatError) as caught:
        check(PbxMapping.of("n", {**USUAL, **section}))
    assert said in caught.value.message
    assert "[pbx.n]" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        *("cdr.csv", "CDR.CSV", "cdr-2026-11-05.csv", "cdr_custom.csv", "cel.csv", "cel.1.csv", "Master.csv"),
        *("queue_log", "queue_log.1", "queue_log-20261105", "queue_log.csv", "queuelog.csv"),
        *("0f8e0a34-4fb1-4a08-9a57-aa4c30d5b0c1.cdr.json", "a_0f8e0a34.cdr.json"),
    ],
)
def test_names_of_logs(name: str) -> None:
    assert roles.by_name(name) == "pbx"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "cdrom.csv",
            "cells.csv",
            "celebration.csv",
            "cdr.csv.gz",
            "cdr.txt",
            "queue_log.gz",
            "my queue_log",
        ),
        *("masters.csv", "x.json", "cdr.json", "queue_log.bak", "incident.cdr.jsonx"),
    ],
)
def test_other_names(name: str) -> None:
    assert roles.by_name(name) == "other"
