"""What a file is, by its first bytes: ours alone to say, so that no demuxer is ever chosen by probing.

A kind is a name of ``READERS`` or ``DEMUXERS`` of evidence.media.worker, or ``not_audio``, ``encrypted`` or
``unknown``. Marks of less than four bytes are weak: sound without a header may begin with them by chance.
"""

import codecs
import re
from collections.abc import Callable
from typing import BinaryIO

from evidence.media.mpegaudio import Frame, adts_frame, mpeg_frame
from evidence.media.section import read_at

_HEAD = 1024
SEARCH = 8192
"""Bytes in which the first frame of MPEG audio is looked for: a recording may begin inside one."""
_ID3_HEADER = 10
_FEWEST_CHARACTERS = 4

_STRONG = (
    (rb"(?:RIFF|RF64|BW64)....WAVE", "wav"),
    (rb"FORM....AIF[FC]", "aiff"),
    (rb"\.snd", "au"),
    (rb"OggS", "ogg"),
    (rb"fLaC", "flac"),
    (rb"#!AMR(?:-WB)?\n", "amr"),
    (rb"#!iLBC[23]0\n", "ilbc"),
    (rb"\x1a\x45\xdf\xa3", "matroska"),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "asf"),
    (rb"\0\0..ftyp(?!(?:avif|heic|heix|mif1|msf1|crx ))", "mp4"),
    (rb"....(?:moov|mdat|wide|skip|free)....", "mp4"),
    (rb"age-encryption\.org/v1|-----BEGIN (?:AGE ENCRYPTED|PGP )|Salted__", "encrypted"),
    (rb"%PDF-|PK(?:\x03\x04|\x05\x06|\x07\x08)|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\xfd7zXZ\0", "not_audio"),
    (rb"\x89PNG\r\n|GIF8[79]a|RIFF....WEBP|II\*\0|MM\0\*|....ftyp", "not_audio"),
    (rb"\x7fELF|\xca\xfe\xba\xbe|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|SQLite format 3\0", "not_audio"),
    (rb"\x28\xb5\x2f\xfd|MSCF\0\0\0\0|!<arch>\n|\0asm|wOF[F2]", "not_audio"),
)
_WEAK = (
    (rb"[\x84\x85].{1,2}\x03|\x8c.\x04|\xc1.{1,2}\x03|\xc3.\x04[\x07-\x09]", "encrypted"),
    (rb"\xff\xd8\xff[\xc0-\xfe]|BM.{4}\0\0\0\0|\x1f\x8b\x08|BZh[1-9]1AY|MZ.{58}", "not_audio"),
)
"""Binary OpenPGP: packets of type 1 and 3 with the versions that exist (RFC 4880 sections 5.1 and 5.3)."""


def kind(file: BinaryIO, size: int, *, strong_only: bool) -> str:
    """What a file is.

    Args:
        file: the recording.
        size: how many of its bytes count.
        strong_only: whether its name already says that it is sound without a header.
    """
    head = read_at(file, 0, _HEAD, size)
    found = _matched(head, _STRONG)
    if found:
        return found
    start = after_id3(head)
    if start:
        return _tagged(file, start, size)
    if _is_text(head):
        return "not_audio"
    if strong_only:
        return "unknown"
    return _matched(head, _WEAK) or synchronised(read_at(file, 0, SEARCH, size)) or "unknown"


def after_id3(head: bytes) -> int:
    """Where an ID3v2 tag at the beginning ends; 0 when there is none (ID3v2.4 section 3.1)."""
    if len(head) < _ID3_HEADER or head[:3] != b"ID3" or max(head[6:10]) > 127 or head[3] > 4:
        return 0
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte
    return _ID3_HEADER + length + (_ID3_HEADER if head[5] & 0x10 else 0)


def _tagged(file: BinaryIO, start: int, size: int) -> str:
    """What stands behind an ID3 tag: MPEG audio if nothing else."""
    behind = read_at(file, start, SEARCH, size)
    if behind[:4] == b"fLaC":
        return "flac"
    return synchronised(behind) or "mp3"


def _matched(head: bytes, marks: tuple[tuple[bytes, str], ...]) -> str:
    return next((name for mark, name in marks if re.match(mark, head, re.DOTALL)), "")


def _is_text(head: bytes) -> bool:
    """Whether it reads as text; silence doesn't, nor does A-law of one sign: letters without a space."""
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")()
    try:
        text = decoder.decode(head)  # a character cut off at the end is no error
    except UnicodeDecodeError:
        return False
    plain = all(character.isprintable() or character in "\t\r\n\f\ufeff" for character in text)
    return plain and len(set(text)) > _FEWEST_CHARACTERS and not set(' \t\n"<').isdisjoint(text)


def synchronised(data: bytes) -> str:
    """MPEG audio or ADTS, where three frames follow each other (or all there are, from the first byte on)."""
    at = data.find(0xFF)
    while at >= 0:
        for name, measure in (("adts", adts_frame), ("mp3", mpeg_frame)):
            if _chained(data, at, measure):
                return name
        at = data.find(0xFF, at + 1)
    return ""


def _chained(data: bytes, at: int, measure: Callable[[bytes], Frame | None]) -> bool:
    first = at
    for _ in range(3):
        frame = measure(data[at : at + 7])
        if frame is None:
            return False
        at += frame.length
        if at >= len(data):
            return first == 0
    return True
