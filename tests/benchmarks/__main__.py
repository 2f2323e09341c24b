"""``python -m tests.benchmarks [FOLDER]``: the speed and memory figures, as a table and as JSON.

References of the same run: SAFE is one ``cp -r`` of the input, one ``sync`` and one ``openssl dgst -sha256`` over
sources and copies, with a warm page cache; DIGEST is ``openssl dgst -sha256`` of the archive; PASS is
``python -c pass``. FOLDER needs 5 GB on a real disk (default: a temporary folder).
"""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from evidence import __version__
from evidence.media.probe import MediaProcess
from tests.benchmarks.measure import Row, interleaved, middle, ratio, run, shell
from tests.operations.scene import make_incident

GIB = 1024**3
SMALL = 200
EVIDENCE = [sys.executable, "-m", "evidence"]
PASS = [sys.executable, "-c", "pass"]
RECORDING_BYTES = 2_400_000
NO_GOAL = 1000.0
RECORDINGS = (
    ("pcm.wav", ["-c:a", "pcm_s16le"], 25.0),
    ("mulaw.wav", ["-c:a", "pcm_mulaw"], 25.0),
    ("gsm.wav", ["-c:a", "gsm_ms"], 25.0),
    ("call.mp3", ["-c:a", "libmp3lame", "-b:a", "64k"], 25.0),
    ("low.mp3", ["-c:a", "libmp3lame", "-b:a", "32k"], NO_GOAL),
    ("call.opus", ["-c:a", "libopus", "-b:a", "24k"], NO_GOAL),
    ("call.m4a", ["-c:a", "aac", "-b:a", "24k"], NO_GOAL),
)
"""Names, encoders, and the milliseconds that examining one may take."""


def large_wav(path: Path) -> None:
    """A PCM recording of 1 GiB: a header, then noise that repeats every MiB."""
    noise = os.urandom(1024 * 1024)
    size = GIB - 44
    header = b"RIFF" + (size + 36).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    header += bytes.fromhex("0100 0200 401f0000 007d0000 0400 1000") + b"data" + size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(header)
        left = size
        while left:
            left -= file.write(noise[:left])


def incident_of(folder: Path, number: str) -> Path:
    """A minimal incident folder without its recording."""
    folder.mkdir(parents=True)
    (folder / "incident.json").write_text(json.dumps({"format": 1, "number": number}), encoding="utf-8")
    return folder


def new_vault(root: Path) -> Path:
    """A fresh vault in place of what was there."""
    shutil.rmtree(root, ignore_errors=True)
    run([*EVIDENCE, "init", str(root), "--organisation", "Benchmark", "--plain-keys"])
    return root


def large(work: Path) -> Iterator[Row]:
    """Sealing and verifying 1 GiB."""
    incident, vault, copy = incident_of(work / "large", "LARGE"), work / "vault", work / "copy"
    large_wav(incident / "call.wav")

    def reset() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        (incident / "incident.uid").unlink(missing_ok=True)
        new_vault(vault)
        os.sync()

    safe = shell(f"cp -r '{incident}' '{copy}'; sync; openssl dgst -sha256 '{incident}'/* '{copy}'/*")
    seal = [*EVIDENCE, "seal", str(incident), "--vault", str(vault)]
    mine, theirs = interleaved(lambda: run(seal), safe, 3, reset)
    detail = f"{middle(mine, 'cpu'):.2f} s against {middle(theirs, 'cpu'):.2f} s"
    yield Row("seal 1 GiB, CPU / SAFE", ratio(mine, theirs, "cpu"), 1.25, "x", detail)
    detail = f"{middle(mine, 'wall'):.2f} s against {middle(theirs, 'wall'):.2f} s"
    yield Row("seal 1 GiB, wall / SAFE", ratio(mine, theirs, "wall"), 1.25, "x", detail)
    yield Row("seal 1 GiB, memory", max(cost.peak for cost in mine), 96, "MiB", "peak RSS")
    archive = next(vault.glob("archives/*/LARGE.asice"))
    verify = [*EVIDENCE, "verify", str(archive)]
    mine, theirs = interleaved(lambda: run(verify), shell(f"openssl dgst -sha256 '{archive}'"), 5)
    detail = f"{middle(mine, 'cpu'):.2f} s against {middle(theirs, 'cpu'):.2f} s"
    yield Row("verify 1 GiB, CPU / DIGEST", ratio(mine, theirs, "cpu"), 1.3, "x", detail)
    yield Row("verify 1 GiB, memory", max(cost.peak for cost in mine), 96, "MiB", "peak RSS")


def many(work: Path) -> Iterator[Row]:
    """What one archive costs beyond its bytes: sealing many, less sealing one, less SAFE of the same folders."""
    folders = [str(make_incident(work / "many" / str(n), f"INC-{n}")) for n in range(SMALL)]
    vault, copy = work / "vault", work / "copy"

    def reset() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        new_vault(vault)
        for folder in folders:
            (Path(folder) / "incident.uid").unlink(missing_ok=True)
        os.sync()

    every = work / "many"
    safe = shell(f"cp -r '{every}' '{copy}'; sync; openssl dgst -sha256 '{every}'/*/* '{copy}'/*/*")
    seal = [*EVIDENCE, "seal", "--vault", str(vault)]
    mine, theirs = interleaved(lambda: run([*seal, *folders]), safe, 3, reset)
    reset()
    one = run([*seal, folders[0]])
    with_bytes = (middle(mine, "cpu") - one.cpu) / (SMALL - 1) * 1000
    of_bytes = middle(theirs, "cpu") / SMALL * 1000
    wall = (middle(mine, "wall") - one.wall) / (SMALL - 1) * 1000
    detail = f"{SMALL} incidents of 205 kB and 7 records in one command: {with_bytes:.1f} ms with bytes, SAFE {of_bytes:.1f} ms; {wall:.1f} ms wall"
    yield Row("seal, CPU an archive beyond its bytes", with_bytes - of_bytes, 5, "ms", detail)


def start(work: Path) -> Iterator[Row]:
    """What starting costs."""
    vault = new_vault(work / "vault")
    run([*EVIDENCE, "seal", str(make_incident(work / "small")), "--vault", str(vault)])
    archive = next(vault.glob("archives/*/*.asice"))
    rows = [
        ("evidence --help / PASS", [*EVIDENCE, "--help"], 6.0),
        ("verify a small archive / PASS", [*EVIDENCE, "verify", str(archive)], 14.0),
        (
            "receive a recording of 175 kB / PASS",
            [*EVIDENCE, "receive", str(work / "small" / "call.wav"), "--vault", str(vault)],
            8.0,
        ),
    ]
    for name, command, limit in rows:
        mine, theirs = interleaved(lambda command=command: run(command), lambda: run(PASS), 15)  # type: ignore[misc]
        detail = f"{middle(mine, 'cpu') * 1000:.0f} ms against {middle(theirs, 'cpu') * 1000:.0f} ms CPU"
        yield Row(f"{name}, CPU", ratio(mine, theirs, "cpu"), limit, "x", detail)
        detail = f"{middle(mine, 'wall') * 1000:.0f} ms against {middle(theirs, 'wall') * 1000:.0f} ms"
        yield Row(f"{name}, wall", ratio(mine, theirs, "wall"), limit, "x", detail)


def probing(work: Path) -> Iterator[Row]:
    """What examining a recording costs, once the media process is there; for some formats there is no goal."""
    folder = work / "recordings"
    folder.mkdir()
    source = ["-f", "lavfi", "-i", "anoisesrc=r=8000:a=0.1:c=pink:s=1"]
    for name, options, limit in RECORDINGS:
        size = ["-fs", str(RECORDING_BYTES), "-t", "6000"]
        run(["ffmpeg", "-v", "error", *source, *options, *size, str(folder / name)])
        detail, spent = examined(folder / name)
        yield Row(f"examine {name}, CPU", spent * 1000, limit, "ms", detail)


def examined(path: Path) -> tuple[str, float]:
    """What the file is, and CPU seconds of both processes for each time it is examined."""
    rounds = 20
    with MediaProcess() as media:
        facts = media.probe(path)
        before = cpu_of(media.process_id) + time.process_time()
        for _ in range(rounds):
            media.probe(path)
        spent = cpu_of(media.process_id) + time.process_time() - before
        status = Path(f"/proc/{media.process_id}/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    minutes = (facts.milliseconds or 0) / 60000
    return f"{path.stat().st_size / 1e6:.1f} MB, {minutes:.1f} min, {peak / 1024:.0f} MiB RSS", spent / rounds


def cpu_of(pid: int | None) -> float:
    """Seconds that another process was running."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def machine() -> dict[str, str | int]:
    """Facts about where this ran."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    return {
        "evidence": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": models[0].partition(": ")[2] if models else platform.processor(),
        "cores": os.cpu_count() or 0,
    }


def main() -> None:
    """Measure everything and print it."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        work = Path(name)
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[variable] = str(work / variable)
        rows = [*start(work), *probing(work), *many(work), *large(work)]
    print("| work | figure | limit | |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row.work} | {row.figure:.2f} {row.unit} | {row.limit:g} {row.unit} | {row.detail} |")
    figures = {
        row.work: {"figure": round(row.figure, 3), "limit": row.limit, "unit": row.unit} for row in rows
    }
    print(json.dumps({"machine": machine(), "figures": figures}))


if __name__ == "__main__":
    main()
