"""What an hour of sound costs in the search process: decoded and drawn, and searched for an announcement."""

from collections.abc import Iterator
from pathlib import Path

from evidence import digests
from evidence.media.search import Announcement, SearchProcess
from evidence.model.noticesearch import NoticeSearch
from tests.benchmarks.measure import NO_GOAL, Bench, Row, run

CALLS = (
    ("pcm.wav", ["-c:a", "pcm_s16le"], 0.5, 3.0),
    ("mulaw.wav", ["-c:a", "pcm_mulaw"], 0.5, 3.0),
    ("gsm.wav", ["-c:a", "gsm_ms"], 1.2, 8.0),
    ("call.mp3", ["-c:a", "libmp3lame", "-b:a", "32k"], 1.0, 5.0),
    ("call.opus", ["-c:a", "libopus", "-b:a", "24k"], 5.0, 15.0),
)
"""Names, encoders, and the CPU seconds that an hour may take: decoded and drawn, and searched, too."""
STEREO = ["-c:a", "pcm_s16le", "-ac", "2"]
MOST_MEMORY = 200.0
HOUR = 3600
ANNOUNCEMENT = 5


def rows(bench: Bench) -> Iterator[Row]:
    """Each format as one channel of an hour, then two channels and what memory they take."""
    folder = bench.work / "calls"
    folder.mkdir()
    seconds = bench.amount(HOUR, 20)
    notice = _notice(folder)
    for name, options, drawn, searched in CALLS:
        path = _recorded(folder / name, seconds, options)
        scale = HOUR / seconds
        with SearchProcess() as process:
            _search(process, path, [], 1)
            cpu, columns, peak = _draw(process, path)
            detail = f"{columns} columns at its own rate; {peak:.0f} MiB"
            yield Row(f"draw an hour of {name}, CPU", cpu * scale, drawn, "s", detail)
            cpu, found, peak = _search(process, path, [notice], None)
            detail = f"one announcement, {found.searched_ms / 60000:.0f} min; {peak:.0f} MiB"
            yield Row(f"search an hour of {name}, CPU", cpu * scale, searched, "s", detail)
            cpu, found, _ = _search(process, path, [notice], 120)
            detail = f"the first {found.searched_ms // 1000} s, as by default"
            yield Row(f"search {name}, CPU", cpu, NO_GOAL, "s", detail)
        path.unlink()
    with SearchProcess() as process:
        path = _recorded(folder / "two.wav", seconds, STEREO)
        cpu, found, peak = _search(process, path, [notice], None)
        detail = f"{found.searched_ms / 60000:.0f} min of 2 channels of PCM in {cpu:.1f} s"
        yield Row("search an hour of two channels, memory", peak, MOST_MEMORY, "MiB", detail)


def _recorded(path: Path, seconds: int, options: list[str]) -> Path:
    """A recording of something like a voice: noise that comes and goes."""
    voice = "anoisesrc=r=8000:a=0.3:c=pink:s=1,tremolo=f=3:d=0.9"
    run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", voice, "-t", str(seconds), *options, str(path)])
    return path


def _notice(folder: Path) -> Announcement:
    """An announcement that isn't in any of the recordings."""
    voice = "anoisesrc=r=8000:a=0.3:c=pink:s=2,tremolo=f=4:d=0.9"
    path = folder / "notice.wav"
    run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", voice, "-t", str(ANNOUNCEMENT), str(path)])
    return Announcement("v1", path, digests.sha256(path.read_bytes()), 0, ANNOUNCEMENT * 1000)


def _search(
    process: SearchProcess, path: Path, announcements: list[Announcement], seconds: int | None
) -> tuple[float, NoticeSearch, float]:
    """CPU seconds of the search process, what it found, and the most memory (MiB) that it had so far."""
    process.start()
    before = _cpu_of(process.process_id)
    with path.open("rb") as file:
        found = process.search(file, None, path.name, announcements, seconds)
    if found.problems:
        raise RuntimeError(f"{path.name}: {found.problems}")
    return _cpu_of(process.process_id) - before, found, _peak_of(process.process_id)


def _draw(process: SearchProcess, path: Path) -> tuple[float, int, float]:
    """CPU seconds of the process that draws a recording, columns, and the most memory (MiB) it had so far."""
    before = _cpu_of(process.process_id)
    with path.open("rb") as file:
        drawing = process.hear(file, None, path.name, None).drawing
    if drawing is None or drawing.problems:
        raise RuntimeError(f"{path.name}: {drawing}")
    return _cpu_of(process.process_id) - before, drawing.columns, _peak_of(process.process_id)


def _peak_of(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _cpu_of(pid: int | None) -> float:
    """Seconds that another process was running."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
