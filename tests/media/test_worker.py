"""The child's parts in process: its window on a file, its two answers."""

import io
import os
import tempfile

from hypothesis import given
from hypothesis import strategies as st

from evidence.media import link, worker
from tests.media import wav

CALL = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))

moves = st.lists(
    st.tuples(st.sampled_from(["seek", "read"]), st.integers(0, 300), st.sampled_from([0, 1, 2])), max_size=20
)


@given(st.binary(max_size=200), st.integers(0, 250), moves)
def test_window_reads_as_a_file_of_that_size(
    data: bytes, size: int, steps: list[tuple[str, int, int]]
) -> None:
    model = io.BytesIO(data[:size])
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        file.seek(3)
        with io.BufferedReader(link.Window(os.dup(file.fileno()), min(size, len(data))), 16) as window:
            for step, count, whence in steps:
                if step == "read":
                    assert window.read(count) == model.read(count)
                else:
                    assert window.seek(count, whence) == model.seek(count, whence)
                assert window.tell() == model.tell()
        assert os.lseek(file.fileno(), 0, os.SEEK_CUR) == 3


class Unreadable(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error", size)


def test_a_disk_error_is_a_problem() -> None:
    found = worker.frames(Unreadable(CALL), len(CALL))
    assert found.problems == ("unreadable",)
    assert worker.claimed(Unreadable(CALL), len(CALL), found) == {"claims": {}, "problems": ()}


def test_two_answers() -> None:
    found = worker.frames(io.BytesIO(CALL), len(CALL))
    assert (found.samples, found.problems) == (8000, ())
    said = worker.claimed(io.BytesIO(CALL), len(CALL), found)
    assert said == {"claims": {"mutagen_milliseconds": 1000}, "problems": ()}
