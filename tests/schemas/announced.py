"""The announcement of the examples' case: its register entry, what a search found of it, and what shows it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidence import canonical
from evidence.crypto import keys
from evidence.digests import sha256
from evidence.model.announcement import Announcement, Embedded
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import FOUND, NOT_DETECTED, Match, NoticeSearch, Segment, Waveform
from evidence.model.records import ExhibitFacts
from evidence.model.waveform import Drawing
from evidence.operations.noticework import About
from evidence.register import entries, proof
from evidence.register.checkpoint import Checkpoint, sign
from evidence.register.merkle import leaf_hash, root
from tests import builder

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
ORIGIN = "zrazok-telecom.example/evidence"
ALGORITHM = "evidence-notice-search-1"
SEARCHED = 120_000
COLUMN = 2000
PLACE = 1240
HEARD = 940
"""Score of the pieces that are heard; of the one that the caller talks over there is less."""


def register_key() -> keys.RegisterKey:
    """The key of the case's register."""
    return keys.load_register_key((builder.SOURCES / "register-key.pem").read_bytes(), ORIGIN, None)


def announcement() -> Announcement:
    """The version of the example notice.v1.sound, entered in the case's register as entry 1 of 2."""
    document = canonical.encode(json.loads((EXAMPLES / "notice.v1.sound.json").read_text(encoding="utf-8")))
    key = register_key()
    created = entries.make_created(ORIGIN, key.vkey, "2026-01-05T08:00:00.000Z")
    version = json.loads(document)["notice_id"]
    entry = entries.make_notice(
        ORIGIN, 1, "2026-03-05T10:00:00.250Z", leaf_hash(created), version, sha256(document)
    )
    leaves = [leaf_hash(created), leaf_hash(entry)]
    note = sign(Checkpoint(ORIGIN, 2, root(leaves)), key.sign_note)
    proven = proof.encode(proof.Proof(1, (leaves[0],), note))
    return Announcement(document.decode(), entry.decode(), proven.decode())


def subjects(exhibits: Sequence[ExhibitFacts]) -> list[tuple[str, Any]]:
    """The kinds and subjects of the records about it.

    Args:
        exhibits: of the case, the announcement's sound among them.
    """
    announced = announcement()
    version = announced.notice.id
    recorded = announced.notice.sound
    sound = next(exhibit for exhibit in exhibits if recorded and exhibit.sha256 == recorded.sha256)
    inbound, outbound = exhibits[:2]
    log = next(exhibit.id for exhibit in exhibits if exhibit.role == "pbx")
    return [
        ("announcement", Embedded(announced, sound.id)),
        ("notice_search", About(inbound, _search(version))),
        ("notice_search", About(outbound, _nothing(version))),
        ("notice_evidence", About(inbound, _evidence(version, log))),
        ("notice_evidence", About(outbound, NoticeEvidence(unseen=(_unlogged(log),)))),
        ("waveform", About(inbound, _drawing(2, 94))),
        ("waveform", About(outbound, _drawing(1, 24))),
    ]


def _search(version: str) -> NoticeSearch:
    """It stands at 1.24 s in the caller's channel; half a second of it is covered by the caller's voice."""
    starts = range(0, 5500, 500)
    segments = [
        Segment(start, start + 500, 310 if start == 1000 else HEARD, start // 1000, start != 1000)
        for start in starts
    ]
    found = Match(version, 0, FOUND, PLACE, 909, 1000, 870, 912, -35, tuple(segments))
    nothing = Match(version, 1, NOT_DETECTED, None, 0, 0, 41, 122)
    columns = SEARCHED // COLUMN
    peaks = bytes(160 if column < 4 else 40 + column for column in range(columns))
    return NoticeSearch(
        ALGORITHM, SEARCHED, False, 2, (found, nothing), Waveform(COLUMN, (peaks, peaks[::-1]))
    )


def _nothing(version: str) -> NoticeSearch:
    """The call back, which is shorter; nothing was detected in it."""
    nothing = Match(version, 0, NOT_DETECTED, None, 0, 0, 52, 140)
    return NoticeSearch(ALGORITHM, 48_000, True, 1, (nothing,), Waveform(COLUMN, (bytes([70] * 24),)))


def _drawing(channels: int, columns: int) -> Drawing:
    """As loud as the examples' searches say, and on to the recording's end."""
    peaks = bytes(160 if column < 4 else 40 + column % 60 for column in range(columns))
    return Drawing("evidence_waveform_1", COLUMN, (peaks, peaks[::-1])[:channels])


def _evidence(version: str, log: str) -> NoticeEvidence:
    place = Item("HEARD", channel=0, channel_name="caller", at_ms=PLACE)
    found = replace(place, code="FOUND", version=version, coverage=909, clause_coverage=1000)
    heard = replace(place, text="Старший зміни прослухав запис 05.11.2026")
    return NoticeEvidence((found, heard), (), (_unlogged(log),))


def _unlogged(log: str) -> Item:
    return Item("PLAYBACK_NOT_LOGGED", exhibit=log)
