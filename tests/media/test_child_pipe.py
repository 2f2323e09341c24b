"""The connection for systems without descriptors over sockets (Windows), as far as it runs here."""

import sys
import time

import pytest

from evidence.media.child import PipeChild

ECHO = """
import json, sys
print('{"ready":true}', flush=True)
for line in sys.stdin:
    print(json.dumps({"handle": json.loads(line)["handle"]}), flush=True)
"""


def started(code: str) -> PipeChild:
    return PipeChild([sys.executable, "-I", "-S", "-c", code])


def later(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_lines_go_both_ways() -> None:
    process = started(ECHO)
    try:
        assert process.answer(later(), 100) == b'{"ready":true}'
        process.ask({"n": 1}, 7)
        assert process.answer(later(), 100) == b'{"handle": 7}'
        assert process.alive()
    finally:
        process.end()
    assert not process.alive()


@pytest.mark.parametrize(
    ("code", "error", "seconds"),
    [
        ("import time; time.sleep(60)", TimeoutError, 0.3),
        ("print('x' * 200, flush=True); import time; time.sleep(60)", ValueError, 5.0),
        ("pass", EOFError, 5.0),
        ("print('half a line', end='')", EOFError, 5.0),
    ],
)
def test_no_line(code: str, error: type[Exception], seconds: float) -> None:
    process = started(code)
    try:
        with pytest.raises(error):
            process.answer(later(seconds), 100)
    finally:
        process.end()


def test_asking_a_process_that_is_gone() -> None:
    process = started("pass")
    try:
        process.process.wait()
        with pytest.raises(OSError, match="pipe"):
            process.ask({"n": 1}, 7)
    finally:
        process.end()
