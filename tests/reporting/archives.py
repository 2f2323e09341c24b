"""Verified archives to report about: one that says everything it can, long ones, hostile ones.

None goes through the product's own seal operation: tests.builder puts them together and the verifier reads them.
"""

import base64
import json
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from evidence import canonical
from evidence.digests import sha256_hex
from evidence.intake.folder import ensure_uid, open_exhibit, read_folder
from evidence.intake.records import build_records
from evidence.verify.results import Verification
from tests import builder
from tests.builder import Changes, Document, Members, Register
from tests.entropy import counting
from tests.schemas import announced, case
from tests.verify.case import check

Records = dict[str, Document]


def verified(
    records: Callable[[Register], Iterable[Document]], exhibits: Members, **options: Any
) -> Verification:
    """The answer about an archive with these records and recordings.

    Args:
        records: given a register, in which it may enter things, all records but for salt and id.
        exhibits: members and bytes; the first is E1.
        options: of the verifier.
    """
    return check(archive(records, exhibits), **options)


def archive(records: Callable[[Register], Iterable[Document]], exhibits: Members) -> Members:
    """The members of that archive, entered in a register."""
    register = Register()
    told = list(records(register))
    ids = [f"r-{place:08x}" for place in range(1, len(told) + 1)]
    found: Records = {
        name: {**record, "salt": builder.salt(name), "id": name}
        for name, record in zip(ids, told, strict=True)
    }
    (first, sound), *rest = exhibits
    assert first == builder.RECORDING
    sealed = builder.seal(1, Changes(records=lambda _usual: found), sound=sound, extra=rest)
    return builder.members(sealed, register, register.seal(sealed.facts))


def time(utc: str = builder.CLAIMED, source: str = "incident.json") -> Document:
    """A stated time of Kyiv's winter."""
    hour = int(utc[11:13]) + 2
    return {"utc": utc, "text": f"{utc[:11]}{hour:02d}{utc[13:19]}+02:00", "source": source}


# The case of the examples, with what they leave out


@cache
def fullest() -> Verification:
    """An archive whose records say everything that records can say, or nearly."""
    with tempfile.TemporaryDirectory() as name:
        case.make_folder(Path(name))
        draw = counting("report")
        folder = case.with_announcement(ensure_uid(read_folder(Path(name)), draw), Path(name))
        facts = [case.facts(folder, file) for file in folder.files]
        told = dict(build_records(folder, facts, draw, further=announced.subjects(facts)))
        sounds = []
        for file in folder.files:
            if file.member is not None:
                with open_exhibit(folder, file) as source:
                    sounds.append((file.member, source.read()))
    known = {fact.id: fact.sha256.hex() for fact in facts}

    def records(register: Register) -> Iterable[Document]:
        for record in told.values():
            if record["kind"] == "waveform":
                continue
            yield _entered(register, record) if record["kind"] == "announcement" else record
        yield from _further(register, known)

    return verified(records, sounds)


def _entered(register: Register, record: Document) -> Document:
    """An announcement in the register that the archive stands in."""
    text = record["document"].encode()
    return {**record, **builder.announcement_record(register, register.announce(text), text)}


def _further(register: Register, known: dict[str, str]) -> Iterable[Document]:
    """What the case hasn't: a waveform, a receipt, a log, a withdrawn marker, one that a program suggested."""
    of_first = {"exhibit": "E1", "recording_sha256": known["E1"]}
    peaks = [bytes((place * step) % 256 for place in range(600)) for step in (7, 3)]
    yield waveform("E1", known["E1"], 313, *peaks)
    size = case.wav(*case.SAMPLES[case.INBOUND]).__len__()
    document = builder.receipt(
        facts={
            "name": case.INBOUND,
            "path": f"/var/spool/asterisk/monitor/{case.INBOUND}",
            "size": str(size),
            "sha256": known["E1"],
            "mtime": "2026-03-02T08:59:58.125Z",
            "operator": "asterisk",
            "host": "pbx1",
            "software": "0.2.0",
            "note": "1772475120.41",
        }
    )
    yield {**builder.receipt_record(register, register.receive(document), document), **of_first}
    yield {**_withdrawn_marker(), **of_first}
    yield {
        "kind": "measure",
        "measure": "notice_of_termination",
        "at": time("2026-11-06T07:00:00.000Z"),
        "by": "Юрисконсульт",
        "basis": "пункт 32 Правил від 11.04.2012 № 295; Закон України № 1089-IX",
    }
    yield _log()
    yield {"kind": "dissent", "dissent": "warning", "person": "204"}


def _withdrawn_marker() -> Document:
    """A marker that a program suggested, and that was withdrawn later."""
    return {
        "kind": "marker",
        "number": 41,
        "channel": "agent",
        "start_ms": 61_500,
        "class": "bribe_offer",
        "class_names": {"uk": "пропозиція хабаря", "en": "offer of a bribe"},
        "words": "Домовимося по-хорошому?\nЯ в боргу не лишуся.",
        "language": "uk",
        "asserted_by": "Оператор Мирослава",
        "asserted_at": time("2026-11-05T09:30:00.000Z", "markers.json"),
        "how": "transcript_confirmed",
        "confidence": "possible",
        "withdrawn": {
            "at": time("2026-11-05T10:30:00.000Z", "markers.json"),
            "by": "Старший зміни Левко",
            "reason": "Після повторного прослуховування: це жарт.",
        },
        "suggestion": {
            "class": "threat",
            "start_ms": 61_000,
            "end_ms": 63_250,
            "words": "домовимось по хорошому",
            "entry": "домовлятися по-хорошому",
            "lexicon_sha256": sha256_hex(b"lexicon"),
            "transcript": "transcript-E1.vtt",
            "transcript_sha256": sha256_hex(b"transcript"),
            "transcribed_by": "whisper-small 2026",
            "probability": 725,
        },
        "note": "Сумнівне місце.",
    }


def _log() -> Document:
    """What a table of calls says of one."""
    return {
        "kind": "pbx",
        "exhibit": "E3",
        "format": "asterisk_cdr",
        "zone": "Europe/Kyiv",
        "lines": 19,
        "events": [
            {
                "line": 18,
                "last_line": 19,
                "kind": "call",
                "at": time("2026-11-05T08:15:02.000Z", "cdr.csv"),
                "until": time("2026-11-05T08:18:09.000Z", "cdr.csv"),
                "values": {"src": "380990000123", "disposition": "ANSWERED"},
            }
        ],
        "is_cut": True,
        "logs_playback": False,
        "problems": [{"line": 3, "code": "columns"}, {"line": 0, "code": "zone_differs", "text": "2"}],
    }


def waveform(exhibit: str, digest: str, column: int, *channels: bytes) -> Document:
    """The record of a recording's loudness."""
    return {
        "kind": "waveform",
        "exhibit": exhibit,
        "recording_sha256": digest,
        "algorithm": "evidence_waveform_1",
        "column_ms": column,
        "channels": [base64.b64encode(channel).decode() for channel in channels],
        "problems": [],
    }


# Long incidents


def recording(number: int) -> tuple[str, bytes]:
    """A member with a recording of its own."""
    return f"exhibits/E{number}.wav", builder.recording(number)


def exhibit(number: int, name: str | Document, **changes: Any) -> Document:
    """The record of that recording, which is said to last ten minutes (a claim of its sample rate)."""
    member, data = recording(number)
    return {
        "kind": "exhibit",
        "exhibit": f"E{number}",
        "role": "recording",
        "name": name,
        "size": len(data),
        "sha256": sha256_hex(data),
        "member": member,
        "recording": {
            "container": "wav",
            "codec": "mulaw",
            "sample_rate": 8000,
            "channels": 1,
            "samples": 4_800_000,
            "method": "frames",
            "claims": {},
            "problems": [],
        },
        **changes,
    }


CLASSES = ("insult", "profanity", "threat", "discrimination", "sexual_harassment", "malicious_call", "other")


def marker(number: int, place: int, **changes: Any) -> Document:
    """A marker of a recording, at a place that depends on its own number alone."""
    start = place * 7919 % 590 * 1000
    return {
        "kind": "marker",
        "exhibit": f"E{number}",
        "recording_sha256": sha256_hex(recording(number)[1]),
        "number": place,
        "start_ms": start,
        "end_ms": start + 1500 + place * 10,
        "class": CLASSES[place % len(CLASSES)],
        "words": f"Слова позначки {place}: ви там усі нероби, я на вас управу знайду.",
        "language": "uk",
        "asserted_by": f"Оператор {200 + place % 7}",
        "asserted_at": time(),
        "how": "listened",
        **changes,
    }


def incident(**changes: Any) -> Document:
    """A small incident."""
    return {
        "kind": "incident",
        "number": "INC-2026-000777",
        "uid": builder.archive_id(777),
        "calls": [],
        **changes,
    }


@cache
def long(recordings: int, markers: int, *, with_waveforms: bool = True) -> Verification:
    """An incident of many recordings; the markers are spread over them."""
    numbers = range(1, recordings + 1)

    def records(_register: Register) -> Iterable[Document]:
        calls = [
            {
                "started": time(f"2026-03-02T{6 + n // 6:02d}:{n % 6 * 10:02d}:00.000Z"),
                "exhibit": f"E{n}",
                "direction": "inbound",
                "caller": f"38099000{n:04d}",
                "channels": ["caller"],
            }
            for n in numbers
        ]
        yield incident(title="Багато дзвінків за одну зміну", calls=calls)
        yield {"kind": "notice", "grade": "none", "exhibits": []}
        for n in numbers:
            yield exhibit(n, f"in-0443900000-38099000{n:04d}-20260302-{n:06d}.wav")
            if with_waveforms:
                peaks = bytes((place * place * n) % 251 for place in range(600))
                yield waveform(f"E{n}", sha256_hex(recording(n)[1]), 1000, peaks)
        for place in range(1, markers + 1):
            yield marker(1 + place % recordings, place)

    return verified(records, [recording(n) for n in numbers])


def small(*changed: Document, **changes: Any) -> Verification:
    """An incident of one recording, with further records; the changes are to its incident record."""

    def records(_register: Register) -> Iterable[Document]:
        yield incident(**changes)
        yield {"kind": "notice", "grade": "none", "exhibits": []}
        yield exhibit(1, "call.wav")
        yield from changed

    return verified(records, [recording(1)])


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Every value in a document that isn't a list or an object, with the keys above it."""
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*path, key))
        case list():
            for inner in value:
                yield from leaves(inner, path)
        case _:
            yield path, value


def document(text: str) -> Document:
    """A document that a record holds as text."""
    read: Document = json.loads(canonical.encode(json.loads(text)))
    return read
