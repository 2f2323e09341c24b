"""A notice to add, and what must hold of a vault's notices after whatever happened to an add."""

import datetime as dt
import hashlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

from evidence.crypto import notes
from evidence.errors import StateError
from evidence.intake import notices as intake
from evidence.media.probe import MediaProcess
from evidence.model.notice import KeyClause
from evidence.operations import notices
from evidence.operations.notice_add import add
from evidence.operations.notice_folder import Draft
from evidence.operations.notices import NoticeVersion
from evidence.operations.seams import Seams
from evidence.register import checkpoint
from evidence.vault.vault import Vault, load_keys
from tests.media import wav

TEXT = "Доброго дня! Звертаємо увагу: розмова записується."
SECONDS = 2


def make_sound(path: Path, seed: int = 0) -> Path:
    """Two seconds of 8 kHz mono PCM."""
    data = bytes((seed + i) % 256 for i in range(SECONDS * 8000 * 2))
    path.write_bytes(wav.riff(wav.form(), wav.chunk(b"data", data)))
    return path


def a_draft(sound: Path | None) -> Draft:
    """A draft that holds; without a sound the wording's."""
    clause = KeyClause(500, 1500) if sound else KeyClause(text="розмова записується")
    return Draft(
        language="uk",
        key_clause=clause,
        valid_from=intake.stated("2026-01-01", "Europe/Kyiv", "--valid-from"),
        approved_by="Наказ № 14",
        text=TEXT,
        sound=sound,
    )


def from_time(draft: Draft, begin: str, end: str = "") -> Draft:
    """The draft with another validity, RFC 3339."""
    to = intake.stated(end, "", "--valid-to") if end else None
    return replace(draft, valid_from=intake.stated(begin, "", "--valid-from"), valid_to=to)


def open_vault(root: Path, seams: Seams | None = None) -> Vault:
    seams = seams or Seams()
    return Vault(root, seams.durable, seams.user)


def add_notice(vault_root: Path, draft: Draft, seams: Seams | None = None) -> NoticeVersion:
    """Add it as `evidence notice add` does."""
    seams = seams or Seams()
    vault = open_vault(vault_root, seams)
    try:
        with MediaProcess() as media:
            return add(vault, draft, lambda: load_keys(vault, lambda: b"")[1], media.probe_file, seams)
    finally:
        vault.close()


def versions(vault_root: Path) -> list[NoticeVersion]:
    vault = open_vault(vault_root)
    try:
        return notices.versions(vault)
    finally:
        vault.close()


def find(vault_root: Path, id_prefix: str) -> NoticeVersion:
    vault = open_vault(vault_root)
    try:
        return notices.find(vault, id_prefix)
    finally:
        vault.close()


def utc(text: str) -> dt.datetime:
    """A time with its offset, in UTC."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def in_force(vault_root: Path, at: str) -> list[str]:
    """Ids of the versions of the notice that are in force at a time."""
    vault = open_vault(vault_root)
    try:
        return [version.id for version in notices.in_force(vault, utc(at))]
    finally:
        vault.close()


def add_unless_added(vault_root: Path, draft: Draft) -> None:
    """What a person does after a crash: the same command again."""
    try:
        add_notice(vault_root, draft)
    except StateError as error:
        assert "in the vault already" in error.message  # noqa: PT017


def check_notices(vault_root: Path, count: int = 1) -> None:
    """So many versions are entered, each whole; nothing else lies about; the heads are the register's.

    Read with the standard library alone, from the files and the database.
    """
    with sqlite3.connect(vault_root / "register" / "register.sqlite") as connection:
        documents = [row[0] for row in connection.execute("SELECT document FROM entries ORDER BY sequence")]
        note = connection.execute("SELECT note FROM checkpoints ORDER BY size DESC").fetchone()[0]
    connection.close()
    parsed = [json.loads(document) for document in documents]
    for before, entry in zip(documents, parsed[1:], strict=False):
        assert entry["previous"] == hashlib.sha256(b"\x00" + before).hexdigest()
    assert checkpoint.parse(notes.parse(note).text).size == len(documents)
    assert (vault_root / "register" / "head").read_bytes() == note
    assert (vault_root / "archives" / ".register-head").read_bytes() == note
    entered = {e["notice_id"]: e["custody_sha256"] for e in parsed if e["type"] == "notice"}
    assert len(entered) == count
    assert {path.name for path in (vault_root / "notices").iterdir()} == set(entered)
    for notice_id, digest in entered.items():
        folder = vault_root / "notices" / notice_id
        data = (folder / "notice.json").read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        document = json.loads(data)
        assert document["notice_id"] == notice_id
        files = {"notice.json"}
        if "sound" in document:
            files.add(document["sound"]["file"])
            sound = (folder / document["sound"]["file"]).read_bytes()
            assert hashlib.sha256(sound).hexdigest() == document["sound"]["sha256"]
        assert {path.name for path in folder.iterdir()} == files
    assert [(v.id, v.problem) for v in versions(vault_root)] == [(notice_id, "") for notice_id in entered]
