"""A true notice, a call in which it is played, and the search for it."""

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence import digests
from evidence.media.search import Announcement, SearchProcess
from evidence.model.noticesearch import NoticeSearch
from tests.media import speech, wav
from tests.requirements import SOUNDS, need, need_file

AT = 2.1
"""Seconds into the call at which the announcement begins."""
PEAK = 200 * 2**20
"""Bytes of memory that a search may take."""


def announcement(path: Path, start: int = 0, end: int = 1000, name: str = "v1") -> Announcement:
    """An announcement as it is looked for, with its key clause in milliseconds."""
    return Announcement(name, path, digests.sha256(path.read_bytes()), start, end)


def samples(path: Path) -> NDArray[np.int16]:
    """Of a WAV file, by sox."""
    command = [need("sox"), str(path), "-t", "raw", "-e", "signed", "-b", "16", "-r", "8000", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.int16)


def true_notice(folder: Path) -> Announcement:
    """A true notice that calls are recorded; all of it is the key clause."""
    sounds = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    path = folder / "notice.wav"
    path.write_bytes((sounds / "conf-now-recording.wav").read_bytes())
    return announcement(path, 0, 2000)


def make_call(path: Path, notice: Announcement) -> Path:
    """Speech in the first channel; in the second the notice, from AT on, and then other speech."""
    heard = samples(notice.path)
    first = np.frombuffer(speech.pcm(), np.int16)
    second = np.concatenate([np.zeros(round(AT * 8000), np.int16), heard, first])
    both = np.zeros((second.size, 2), np.int16)
    both[: first.size, 0], both[:, 1] = first, second
    path.write_bytes(wav.riff(wav.form(channels=2), wav.chunk(b"data", both.astype("<i2").tobytes())))
    return path


def searched(
    process: SearchProcess, path: Path, *announcements: Announcement, seconds: int | None = 120
) -> NoticeSearch:
    """Search a recording, whose position must stay."""
    with path.open("rb") as file:
        found = process.search(file, None, path.name, announcements, seconds)
        assert file.tell() == 0
    return found
