"""incident.json and markers.json made to hurt: refused in words, and left exactly as they are."""

import json
from typing import Any

import pytest

from tests.journeys.hostile import DONE, MALFORMED, Ground

GOOD = b'{"format": 1, "number": "N", "title": "\xd0\x87"}'
CALL = {"started": "2026-11-05T10:15:02+02:00", "recording": "call.wav"}
MARKER = {
    "recording": "call.wav",
    "start_ms": 1,
    "class": "insult",
    "asserted_by": "x",
    "asserted_at": "2026-11-05T10:15:02Z",
    "how": "listened",
}
BYTES = {
    "nothing": b"",
    "white space": b" \n\t",
    "one NUL": b"\0",
    "only a byte order mark": b"\xef\xbb\xbf",
    "two byte order marks": b"\xef\xbb\xbf" * 2 + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-16 without mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "windows-1251": GOOD.decode().encode("cp1251"),
    "not UTF-8": b'{"format": 1, "number": "N", "title": "\xff"}',
    "surrogate in UTF-8": b'{"format": 1, "number": "N", "title": "\xed\xa0\x80"}',
    "escaped surrogate": b'{"format": 1, "number": "N", "title": "\\ud800"}',
    "surrogates swapped": b'{"format": 1, "number": "N", "title": "\\udc00\\ud800"}',
    "NUL in a text": b'{"format": 1, "number": "N", "title": "a\0b"}',
    "ESC in a text": b'{"format": 1, "number": "N", "title": "\x1b[2J"}',
    "key twice": b'{"format": 1, "number": "N", "number": "M"}',
    "key twice, escaped": b'{"format": 1, "number": "N", "n\\u0075mber": "M"}',
    "float": b'{"format": 1.0, "number": "N"}',
    "exponent": b'{"format": 1e0, "number": "N"}',
    "infinity": b'{"format": Infinity, "number": "N"}',
    "no number": b'{"format": NaN, "number": "N"}',
    "huge integer": b'{"format": ' + b"9" * 5000 + b', "number": "N"}',
    "endless exponent": b'{"format": 1e999999999, "number": "N"}',
    "minus zero": b'{"format": -0, "number": "N"}',
    "leading zero": b'{"format": 01, "number": "N"}',
    "deep arrays": b"[" * 10_000 + b"]" * 10_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep and open": b"[" * 100_000,
    "array": b"[" + GOOD + b"]",
    "null": b"null",
    "text": b'"incident"',
    "number": b"1",
    "two documents": GOOD + GOOD,
    "comma at the end": b'{"format": 1, "number": "N",}',
    "comment": b'{"format": 1, /* x */ "number": "N"}',
    "single quotes": b"{'format': 1}",
    "curly quotes": "{“format”: 1}".encode(),
    "html": b"<html>\x1b[2J",
    "yaml": b"format: 1\nnumber: N\n",
    "a byte too long": GOOD.ljust(4 * 1024 * 1024 + 1),
    "half of it": GOOD[:20],
}
SAID: dict[str, dict[str, Any]] = {
    "format 2": {"format": 2},
    "format true": {"format": True},
    "format as text": {"format": "1"},
    "no number": {"number": ""},
    "number leads out": {"number": "../../x"},
    "number as number": {"number": 1},
    "number in Cyrillic": {"number": "ІНС-1"},
    "number with a line break": {"number": "N\n"},
    "unknown key": {"evil\u001b[2J\u202e": 1},
    "python's own": {"__class__": {"__init__": 1}},
    "title too long": {"title": "ї" * 301},
    "title as list": {"title": ["x"]},
    "subscriber as text": {"subscriber": "x"},
    "201 calls": {"calls": [{"started": CALL["started"]}] * 201},
    "call of another folder": {"calls": [{**CALL, "recording": "../../../etc/passwd"}]},
    "call of nothing": {"calls": [{**CALL, "recording": "gone\u202e.wav"}]},
    "call twice": {"calls": [CALL, CALL]},
    "call of the document": {"calls": [{**CALL, "recording": "incident.json"}]},
    "name in bad base64": {"calls": [{**CALL, "recording": {"name_base64": "/x8="}}, CALL]},
    "no such day": {"calls": [{**CALL, "started": "2026-02-30T10:15:02+02:00"}]},
    "leap second": {"calls": [{**CALL, "started": "2026-06-30T23:59:60Z"}]},
    "year 0": {"calls": [{**CALL, "started": "0000-01-01T00:00:00Z"}]},
    "first moment": {"calls": [{**CALL, "started": "0001-01-01T00:00:00Z"}]},
    "last moment": {"calls": [{**CALL, "started": "9999-12-31T23:59:59Z"}]},
    "before all time": {"calls": [{**CALL, "started": "0001-01-01T00:00:00+23:59"}]},
    "after all time": {"calls": [{**CALL, "started": "9999-12-31T23:59:59-23:59"}]},
    "no offset": {"calls": [{**CALL, "started": "2026-11-05T10:15:02"}]},
    "ends before it starts": {"calls": [{**CALL, "ended": "2026-11-05T10:15:01+02:00"}]},
    "33 channels": {"calls": [{**CALL, "channels": [str(n) for n in range(33)]}]},
    "a channel twice": {"calls": [{**CALL, "channels": ["a", "a"]}]},
    "notice below zero": {
        "notice": {"grade": "in_recording", "recording": "call.wav", "at_milliseconds": -1}
    },
    "notice far away": {
        "notice": {"grade": "in_recording", "recording": "call.wav", "at_milliseconds": 2**63}
    },
    "unknown grade": {"notice": {"grade": "certain"}},
    "two roles": {"exhibits": [{"file": "call.wav", "role": r} for r in ("recording", "other")]},
    "uid of zeros": {"uid": "00000000-0000-0000-0000-000000000000"},
    "uid leads out": {"uid": "../../../../../../../../../../../../etc"},
}
MARKED: dict[str, Any] = {
    "none": {},
    "list": [],
    "text": {"format": 1, "markers": "x"},
    "2001 markers": {"format": 1, "markers": [MARKER] * 2001},
    "below zero": {"format": 1, "markers": [{**MARKER, "start_ms": -1}]},
    "beyond a week": {"format": 1, "markers": [{**MARKER, "start_ms": 2**64}]},
    "reversed": {"format": 1, "markers": [{**MARKER, "start_ms": 2, "end_ms": 1}]},
    "true": {"format": 1, "markers": [{**MARKER, "start_ms": True}]},
    "unknown class": {"format": 1, "markers": [{**MARKER, "class": "crime"}]},
    "another recording": {"format": 1, "markers": [{**MARKER, "recording": "../call.wav"}]},
    "unknown channel": {"format": 1, "markers": [{**MARKER, "channel": "\u001b[2J"}]},
    "32nd channel": {"format": 1, "markers": [{**MARKER, "channel": 32}]},
    "words of a million": {"format": 1, "markers": [{**MARKER, "words": "x" * 1_000_000}]},
    "nobody": {"format": 1, "markers": [{**MARKER, "asserted_by": ""}]},
}


def refused_everywhere(ground: Ground) -> None:
    """Every command that reads the incident refuses it in the same way."""
    stated = ["N", "--by", "x", "--no-input"]
    ground.on_vault("add", *stated, "--title", "x", code=MALFORMED)
    ground.on_vault("mark", "add", *stated, "1", "--class", "insult", code=MALFORMED)
    ground.on_vault("mark", "list", "N", code=MALFORMED)
    ground.on_vault("measure", *stated, "warning", "--at", "2026-11-05T10:15:02Z", code=MALFORMED)
    ground.on_vault("list", "N", code=MALFORMED)
    ground.on_vault("seal", "--check", "N", code=MALFORMED)
    ground.on_vault("seal", "N", code=MALFORMED)
    (_ours, row) = ground.on_vault("list", code=DONE).lines
    assert (row["number"], row["state"]) == ("N", "unreadable")


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_incidents_that_are_no_documents(ground: Ground, data: bytes) -> None:
    folder = ground.script_made({"call.wav": b""})
    (folder / "incident.json").write_bytes(data)
    refused_everywhere(ground)


@pytest.mark.parametrize("stated", SAID.values(), ids=SAID)
def test_incidents_that_say_what_cannot_be(ground: Ground, stated: dict[str, Any]) -> None:
    ground.script_made({"call.wav": b""}, **stated)
    refused_everywhere(ground)


@pytest.mark.parametrize("data", list(BYTES.values())[::3], ids=list(BYTES)[::3])
def test_markers_that_are_no_documents(ground: Ground, data: bytes) -> None:
    ground.script_made({"call.wav": b"", "markers.json": data})
    refused_everywhere(ground)


@pytest.mark.parametrize("document", MARKED.values(), ids=MARKED)
def test_markers_that_say_what_cannot_be(ground: Ground, document: Any) -> None:
    ground.script_made({"call.wav": b"", "markers.json": json.dumps(document).encode()})
    refused_everywhere(ground)


def test_a_byte_order_mark_is_no_mistake(ground: Ground) -> None:
    folder = ground.script_made({"call.wav": b""})
    (folder / "incident.json").write_bytes(b"\xef\xbb\xbf" + GOOD)
    ground.on_vault("add", "N", "--title", "x", "--by", "x", "--no-input", code=DONE)
    assert ground.document("N")["title"] == "x"


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 37, b"\xff" * 37, b"../../../../../../../../etc/passwd12\n", b"x" * 10_000_000],
    ids=["empty", "NULs", "not text", "leads out", "huge"],
)
def test_uids_that_are_none(ground: Ground, data: bytes) -> None:
    ground.script_made({"call.wav": b"", "incident.uid": data})
    refused_everywhere(ground)


def test_more_files_than_an_incident_has(ground: Ground) -> None:
    folder = ground.script_made({f"{n}.txt": b"" for n in range(2000)})
    ground.on_vault("list", folder.name, code=MALFORMED)
    ground.on_vault("seal", folder.name, code=MALFORMED)
