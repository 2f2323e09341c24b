"""Sounds for the HTML viewer: recordings as they are where browsers play them, else listening copies.

Everything comes out of a verified archive and is hashed once more while it is read.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO

from evidence.container.reader import open_archive
from evidence.digests import CHUNK
from evidence.media.access import CODEC, MEDIA_TYPE, AccessProcess, TooLarge, Wanted
from evidence.model import names
from evidence.verify.results import VerifiedArchive
from evidence.verify.unchanged import changed, unchanged

Record = Mapping[str, Any]

MOST_SOUND = 200 * 1024 * 1024
"""Bytes of sound in a page, if nobody asks for more: browsers take long to open larger pages."""

_TYPES = {
    **{
        ("wav", codec): "audio/wav"
        for codec in ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "mulaw", "alaw")
    },
    ("mp3", "mp3"): "audio/mpeg",
    ("ogg", "opus"): "audio/ogg",
    ("ogg", "vorbis"): "audio/ogg",
    ("flac", "flac"): "audio/flac",
    ("mp4", "aac"): "audio/mp4",
}
"""Container and codec of what browsers play with every place where the program finds it.

Left out: AAC and MP3 in streams or containers that don't say what a coder put before the sound.
"""
_NOT_EVERYWHERE = {("wav", "mulaw"), ("wav", "alaw")}
"""Chromium plays these, other browsers don't reliably."""
_MISLEADING = {
    "header_length_differs",
    "truncated",
    "unfinished_header",
    "ambiguous_chunks",
    "contradictory_format",
    "damaged",
    "hidden_sound",
    "several_tracks",
}
"""Problems of a recording by which a browser may play something else than is there, or nothing."""


@dataclass(frozen=True, slots=True)
class PageSound:
    """One recording's sound in a page.

    Attributes:
        exhibit: id of the recording.
        kind: ``master``, ``access`` or ``none``.
        reason: why it isn't the master, or may not play: ``codec``, ``browsers``, ``misleading``,
            ``in_part``, ``asked``, ``too_large``, ``not_decodable``; else empty. A page has words
            for each.
        media_type: of the bytes.
        size: how many bytes there are.
        chunks: the bytes; they can be gone through once, before the next sound is asked for.
    """

    exhibit: str
    kind: str
    reason: str = ""
    media_type: str = ""
    size: int = 0
    chunks: Iterable[bytes] = ()

    def facts(self) -> dict[str, str]:
        """What the page says of it."""
        told = {"kind": self.kind}
        if self.reason:
            told["reason"] = self.reason
        if self.kind == "access":
            told["codec"] = CODEC
        return {**told, "type": self.media_type} if self.media_type else told


def page_sounds(
    file: BinaryIO, contents: VerifiedArchive, most: int = MOST_SOUND, process: AccessProcess | None = None
) -> Iterator[PageSound]:
    """The sound of each recording in order, as long as there is room.

    Args:
        file: the archive, the same one that was verified.
        contents: what verification made of it.
        most: bytes of sound in all; 0: none is wanted.
        process: makes listening copies; one of its own, ended at the end, if None.

    Raises:
        StateError: the archive has changed since it was verified.
        OSError: it can't be read, or there is no room for a copy.
    """
    with unchanged(), process or AccessProcess() as access:
        source = _Source(file, contents, access)
        left = most
        for record in source.recordings:
            with ExitStack() as kept:
                sound = source.sound(record, left, kept) if most else _none(record, "asked")
                left -= sound.size
                yield sound


class _Source:
    """An archive whose recordings are wanted."""

    def __init__(self, file: BinaryIO, contents: VerifiedArchive, access: AccessProcess) -> None:
        self._container = open_archive(file)
        self._contents = contents
        self._access = access
        exhibits = [record for record in contents.records.values() if record["kind"] == "exhibit"]
        found = [record for record in exhibits if "recording" in record and "member" in record]
        self.recordings = sorted(found, key=lambda record: int(record["exhibit"][1:]))

    def sound(self, record: Record, most: int, kept: ExitStack) -> PageSound:
        """The sound of one recording in at most so many bytes; ``kept`` holds it until it was taken."""
        facts = record["recording"]
        form = facts["container"], facts["codec"]
        reason = _why_not(form, facts)
        if not reason:
            return self._master(record, form, "", most)
        copy = self._copy(record, reason, most, kept)
        is_missing = copy.kind == "none" and copy.reason == "not_decodable"
        return self._master(record, form, reason, most) if is_missing and form in _TYPES else copy

    def _master(self, record: Record, form: tuple[str, str], reason: str, most: int) -> PageSound:
        if record["size"] > most:
            return _none(record, "too_large")
        chunks = self._chunks(record)
        return PageSound(record["exhibit"], "master", reason, _TYPES[form], record["size"], chunks)

    def _copy(self, record: Record, reason: str, most: int, kept: ExitStack) -> PageSound:
        """A listening copy, made of a copy of the member: the decoder sees that and nothing else."""
        out = kept.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  closed by what is kept
        with tempfile.TemporaryFile() as master:
            for chunk in self._chunks(record):
                master.write(chunk)
            master.flush()
            try:
                made = self._access.copy(
                    master, names.from_document(record["name"]), _wanted(record, most), out
                )
            except TooLarge:
                return _none(record, "too_large")
        if not made.size:
            return _none(record, "not_decodable")
        told = reason if made.is_whole else "in_part"
        return PageSound(record["exhibit"], "access", told, MEDIA_TYPE, made.size, _taken(out))

    def _chunks(self, record: Record) -> Iterator[bytes]:
        """The bytes of a recording; StateError at the end if they aren't those that were verified."""
        member = self._container.find(record["member"])
        if member is None:
            raise changed()
        digest = hashlib.sha256()
        for chunk in self._container.chunks(member):
            digest.update(chunk)
            yield bytes(chunk)
        if digest.digest() != self._contents.digests[member.name]:
            raise changed()


def _why_not(form: tuple[str, str], facts: Record) -> str:
    """Why a page doesn't hold the recording itself; empty if it does."""
    if form not in _TYPES:
        return "codec"
    if _MISLEADING.intersection(facts["problems"]) or "tracks" in facts:
        return "misleading"
    return "browsers" if form in _NOT_EVERYWHERE else ""


def _taken(out: BinaryIO) -> Iterator[bytes]:
    out.seek(0)
    while chunk := out.read(CHUNK):
        yield chunk


def _none(record: Record, reason: str) -> PageSound:
    return PageSound(record["exhibit"], "none", reason)


def _wanted(record: Record, most: int) -> Wanted:
    facts = record["recording"]
    tracks = [facts, *facts.get("tracks", ())]
    channels = sum(track["channels"] or 0 for track in tracks)
    rate = max(track["sample_rate"] or 0 for track in tracks)
    samples = facts["samples"] or 0
    milliseconds = samples * 1000 // facts["sample_rate"] if facts["sample_rate"] else 0
    return Wanted.of(rate, channels, milliseconds, most)
