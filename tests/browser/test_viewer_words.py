"""What the viewer says in words is what the command line says."""

from collections.abc import Iterator
from typing import Any

import pytest

from evidence import canonical
from evidence.messages import LANGUAGES, catalogue, plural_rule, speaking
from evidence.model.noticeevidence import CODES, Item
from evidence.verify import durations
from evidence.verify.noticewording import Known, clause
from tests import builder
from tests.browser.node import ran
from tests.builder import time

AREAS = ("noticeevidence", "media", "notice", "receive")
WORDS = """
import { Speech } from './src/texts';
import { Archive } from './src/viewer/records';
import { clause } from './src/viewer/noticewording';
export default ({ language, languages, records, items }) => {
  const archive = new Archive(records);
  const speech = new Speech(language, languages);
  return items.map((item) => clause(item, archive, speech));
};
"""
NUMBERS = """
import { Speech } from './src/texts';
import { clock, plainSeconds, duration, groups } from './src/wording';
export default ({ language, languages, all }) => {
  const speech = new Speech(language, languages);
  return all.map((n) => [clock(n), plainSeconds(n), duration(n, speech)]);
};
"""


def languages() -> dict[str, Any]:
    return {
        "texts": {of: {area: catalogue(of, area) for area in AREAS} for of in LANGUAGES},
        "plurals": {of: plural_rule(of) for of in LANGUAGES},
    }


def records(versions: int) -> list[dict[str, Any]]:
    """An exhibit, and versions of the announcement."""
    register = builder.Register()
    made = []
    for number in range(1, versions + 1):
        document = builder.notice(number, title=f"Версія {number}\u202e\\")
        made.append(builder.announcement_record(register, register.announce(document), document))
    exhibit = {"kind": "exhibit", "exhibit": "E1", "role": "pbx", "name": {"name_base64": "Y2Vs/y5jc3Y="}}
    return [*made, exhibit]


def items(version: str) -> Iterator[dict[str, Any]]:
    """Each code with much and with little to say."""
    full = {
        "version": version,
        "at": time(),
        "exhibit": "E1",
        "line": 12,
        "text": "Наталія\nКоваль \u202e" + "x" * 80,
        "milliseconds": 2100,
    }
    for code in (*CODES, "LATER_CODE"):
        yield {"code": code}
        yield {
            "code": code,
            **full,
            "channel": 0,
            "channel_name": "caller",
            "at_ms": 300,
            "coverage": 999,
            "clause_coverage": 1000,
        }
        yield {
            "code": code,
            **full,
            "channel": 1,
            "channel_name": "агент 1",
            "at_ms": -1500,
            "coverage": 5,
            "clause_coverage": 999,
        }
        yield {
            "code": code,
            "channel": 7,
            "at_ms": 3_723_004,
            "text": "off",
            "exhibit": "E9",
            "at": {**time(), "text": "1772475120"},
        }
        yield {"code": code, "text": "not_decodable", "milliseconds": 60_000}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("versions", [1, 2])
def test_notice_evidence_reads_alike(language: str, versions: int) -> None:
    known_records = records(versions)
    version = canonical.decode(known_records[0]["document"].encode(), 1 << 20)["notice_id"]
    given = list(items(version))
    argument = {"language": language, "languages": languages(), "records": known_records, "items": given}
    with speaking(language):
        expected = [clause(Item.from_document(item), Known.of(known_records)) for item in given]
    assert ran(WORDS, argument) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_and_lengths_read_alike(language: str) -> None:
    numbers = [
        0,
        1,
        999,
        1000,
        1010,
        59_999,
        60_000,
        61_001,
        3_599_999,
        3_600_000,
        86_399_999,
        86_400_000,
        604_800_000,
    ]
    with speaking(language):
        expected = [[durations.clock(n), durations.plain_seconds(n), durations.duration(n)] for n in numbers]
    assert ran(NUMBERS, {"language": language, "languages": languages(), "all": numbers}) == expected
