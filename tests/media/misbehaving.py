"""A media process that misbehaves as its first argument says; run as a script by test_probe and test_search."""

import json
import os
import signal
import socket
import sys
import time
from typing import Any

CONNECTION = socket.socket(fileno=0)
FRAMES: dict[str, Any] = {
    "container": "wav",
    "codec": "pcm_s16le",
    "sample_rate": 8000,
    "channels": 1,
    "samples": 8000,
    "claims": {},
    "problems": [],
    "method": "frames",
    "tracks": [],
}
CLAIMS: dict[str, Any] = {"claims": {}, "problems": []}
SEARCHED: dict[str, Any] = {
    "algorithm": "a-1",
    "searched_ms": 1000,
    "is_whole": True,
    "channels": 0,
    "column_ms": 0,
    "peaks": [],
    "problems": [],
}
DRAWN: dict[str, Any] = {"algorithm": "a_1", "column_ms": 10, "channels": ["AA=="], "problems": []}


def say(answer: object) -> None:
    CONNECTION.sendall(json.dumps(answer).encode() + b"\n")


def busy() -> None:
    while True:
        pass


def memory(number: int) -> None:
    from evidence.media.confine import confine  # noqa: PLC0415

    confine()
    say({"n": number, **FRAMES, "samples": len(bytearray(1 << 30))})


def cpu_limit() -> None:
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CPU, (1, resource.RLIM_INFINITY))
    busy()


def alarm() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    time.sleep(60)


def deaf() -> None:
    """Close the connection and live on."""
    CONNECTION.close()
    time.sleep(60)


def flood() -> None:
    while True:
        CONNECTION.sendall(b"x" * 65536)


def misbehave(mode: str, number: int) -> None:
    """One answer of the given kind; the good part of it first."""
    right = {"n": number, **FRAMES}
    lines: dict[str, list[Any]] = {
        "not_json": ["}{"],
        "wrong_number": [{**right, "n": number + 1}],
        "true_number": [{**right, "n": True}],
        "missing_key": [{"n": number, **CLAIMS}],
        "float": [{**right, "samples": 1.5}],
        "huge": [{**right, "samples": 2**60}],
        "negative": [{**right, "samples": -1}],
        "codec": [{**right, "codec": "\x1b[31m"}],
        "bad_claims": [right, {"n": number, "claims": {"tag_x": ["y"]}, "problems": []}],
        "control": [right, {"n": number, "claims": {"tag_\x1b": "y"}, "problems": []}],
        "long_tag": [right, {"n": number, "claims": {"tag_x": "y" * 501}, "problems": []}],
        "many_tags": [right, {"n": number, "claims": {f"tag_{i}": "y" for i in range(34)}, "problems": []}],
        "bad_problem": [right, {"n": number, "claims": {}, "problems": ["FINE"]}],
        "crash_late": [right],
        "good": [right, {"n": number, **CLAIMS}],
        "searched": [{"n": number, **SEARCHED}],
        "other_version": [{"n": number, "match": {"version": 1}}, {"n": number, **SEARCHED}],
        "too_few": [{"n": number, **SEARCHED, "channels": 1}],
        "searched_only": [{"n": number, **SEARCHED}],
        "drawn_oddly": [{"n": number, **SEARCHED}, {"n": number, **DRAWN, "channels": ["AA==", "AAA="]}],
        "drawn_twice": [{"n": number, **SEARCHED}, {"n": number, **SEARCHED}],
        "endless": [{"n": number, "done": done} for done in range(2000)],
    }
    for line in lines.get(mode, []):
        say(line)
    actions = {"hang": busy, "flood": flood, "alarm": alarm, "cpu_limit": cpu_limit, "deaf": deaf}
    if mode in actions:
        actions[mode]()
    if mode == "memory":
        memory(number)
    if mode == "hang_drawing":
        say({"n": number, **SEARCHED})
        busy()
    if mode == "hang_late":
        say(right)
        busy()


def main() -> None:
    sys.path += sys.argv[2:]
    mode = sys.argv[1]
    if mode == "unready":
        say({"ready": False})
        busy()
    if mode == "no_start":
        sys.exit(3)
    say({"ready": True})
    while True:
        line, descriptors, _, _ = socket.recv_fds(CONNECTION, 4096, 1)
        if not line:
            return
        for descriptor in descriptors:
            os.close(descriptor)
        request = json.loads(line)
        if request.get("task") == "announcement" and mode != "unlearned":
            say({"n": request["n"], "problems": []})
            continue
        misbehave(mode, request["n"])
        if mode not in {"good", "searched"}:
            sys.exit(1)


if __name__ == "__main__":
    main()
