"""What examining a recording costs in the media process, and what decoding it would: the analysis table."""

import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.media.probe import MediaProcess
from tests.benchmarks.measure import NO_GOAL, Bench, Row, run

RECORDING_BYTES = 2_400_000
RECORDINGS = (
    ("pcm.wav", ["-c:a", "pcm_s16le"], 25.0, 3.0),
    ("mulaw.wav", ["-c:a", "pcm_mulaw"], 25.0, 3.0),
    ("gsm.wav", ["-c:a", "gsm_ms"], 25.0, 8.0),
    ("call.mp3", ["-c:a", "libmp3lame", "-b:a", "64k"], 25.0, 5.0),
    ("low.mp3", ["-c:a", "libmp3lame", "-b:a", "32k"], NO_GOAL, 5.0),
    ("call.opus", ["-c:a", "libopus", "-b:a", "24k"], NO_GOAL, 15.0),
    ("call.m4a", ["-c:a", "aac", "-b:a", "24k"], NO_GOAL, NO_GOAL),
)
"""Names, encoders, the milliseconds that examining one may take, the seconds an hour of decoded sound may."""


def rows(bench: Bench) -> Iterator[Row]:
    """Each format: one file of 2.4 MB, then what an hour of sound costs, examined and decoded."""
    folder = bench.work / "recordings"
    folder.mkdir()
    source = ["-f", "lavfi", "-i", "anoisesrc=r=8000:a=0.1:c=pink:s=1"]
    size = ["-fs", str(bench.amount(RECORDING_BYTES, 100_000)), "-t", "6000"]
    for name, options, limit, hour in RECORDINGS:
        path = folder / name
        run(["ffmpeg", "-v", "error", *source, *options, *size, str(path)])
        seconds, spent, detail = _examined(path, bench.amount(20, 2))
        yield Row(f"examine {name}, CPU", spent * 1000, limit, "ms", detail)
        yield Row(f"examine an hour of {name}, CPU", spent * 3600 / seconds, hour, "s", "both processes")
        decoded, samples, rate = _decoded(path)
        detail = f"PyAV alone, one thread; {samples / rate / 60:.1f} min"
        yield Row(f"decode an hour of {name}, CPU", decoded * 3600 * rate / samples, hour, "s", detail)


def _examined(path: Path, rounds: int) -> tuple[float, float, str]:
    """Seconds of sound, CPU seconds of both processes for each time it is examined, and what it is."""
    with MediaProcess() as media:
        facts = media.probe(path)
        before = _cpu_of(media.process_id) + time.process_time()
        for _ in range(rounds):
            media.probe(path)
        spent = _cpu_of(media.process_id) + time.process_time() - before
        status = Path(f"/proc/{media.process_id}/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    seconds = (facts.milliseconds or 0) / 1000
    detail = f"{path.stat().st_size / 1e6:.1f} MB, {seconds / 60:.1f} min, {peak / 1024:.0f} MiB RSS"
    return seconds, spent / rounds, detail


def _decoded(path: Path) -> tuple[float, int, int]:
    """CPU seconds of decoding a file, its samples, and their rate."""
    av: Any = importlib.import_module("av")
    samples, before = 0, time.process_time()
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        stream.thread_count = 1
        for frame in container.decode(stream):
            samples += frame.samples
        rate = stream.rate
    return time.process_time() - before, samples, int(rate)


def _cpu_of(pid: int | None) -> float:
    """Seconds that another process was running."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
