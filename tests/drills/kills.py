"""``python -m tests.drills.kills --runs 200``: batches killed with SIGKILL at random moments, then run again.

The moments are uniform over the time that an undisturbed run takes. Half of the runs have two workers, half commit
seven incidents at a time; in three of ten only the first process is killed, so that its workers are still there when the next run begins; in three of
ten the second run is killed, too. After each kill what must hold at any moment is checked, in the end everything
(tests.drills.checker).
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.drills import checker, scene
from tests.drills.checker import Original
from tests.drills.scene import Scene

INCIDENTS = 50
PATIENCE = 600.0
_ATTEMPTS = 5
_RUNS_ALREADY = 5
WAYS = tuple((workers, size) for workers in (1, 2) for size in (7, 256))
"""Workers, and incidents under one commit."""

Way = tuple[int, int]


def started(of: Scene, way: Way) -> "subprocess.Popen[bytes]":
    """The batch, in a process group of its own."""
    workers, size = way
    command = [sys.executable, "-m", "evidence", "batch", str(of.inbox), "--vault", str(of.vault)]
    with (of.root / "log").open("ab") as log:
        return subprocess.Popen(
            [*command, f"--workers={workers}", f"--size={size}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, **of.environment},
        )


def finish(of: Scene, way: Way) -> None:
    """Run until it is done, as cron would, night after night."""
    code = -1
    for _ in range(_ATTEMPTS):
        code = started(of, way).wait(PATIENCE)
        if code == 0:
            return
        assert code != _RUNS_ALREADY, f"a killed batch still holds its lock: {log_of(of)}"
    raise AssertionError(f"ended with {code} {_ATTEMPTS} times: {log_of(of)}")


def log_of(of: Scene) -> str:
    """The end of what the runs said."""
    return (of.root / "log").read_text(encoding="utf-8", errors="replace")[-2000:]


def kill(of: Scene, way: Way, after: float, *, everything: bool) -> int:
    """Start a batch and kill it after so many seconds; its process group, or 0 when it had ended by itself."""
    process = started(of, way)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        if everything:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        return process.pid
    return 0


def check_gone(group: int) -> None:
    """Workers whose first process was killed end by themselves."""
    for _ in range(100):
        if not _members(group):
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("workers of a killed batch are still there after 10 seconds")


def _members(group: int) -> list[str]:
    """Processes of a group; not those that ended and that nobody has asked for (zombies)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, of = path.read_text(errors="replace").rpartition(") ")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(path.parent.name)
    return found


def undisturbed(template: Scene, work: Path, way: Way) -> float:
    """How long a run takes that nobody disturbs."""
    copied = template.copy(work)
    originals = copied.originals()
    begin = time.perf_counter()
    finish(copied, way)
    taken = time.perf_counter() - begin
    checker.check(copied.vault, originals, copied.environment)
    shutil.rmtree(work)
    return taken


def one(of: Scene, originals: Sequence[Original], chance: random.Random, usual: dict[Way, float]) -> str:
    """One run: killed, perhaps twice, then finished and checked. Returns what the kill met."""
    way = chance.choice(WAYS)
    met: list[str] = []
    groups: list[int] = []
    for _ in range(2 if chance.random() < 0.3 else 1):
        everything = chance.random() >= 0.3
        begin = time.perf_counter()
        group = kill(of, way, chance.uniform(0, usual[way]), everything=everything)
        groups += [group] if group else []
        if not group:
            usual[way] = min(usual[way], time.perf_counter() - begin) if not met else usual[way]
            met.append("ended before")
        elif everything:
            met.append(_moment(checker.check_killed(of.vault, originals), len(originals)))
        else:
            met.append("first process alone")
    finish(of, way)
    for group in groups:
        check_gone(group)
    checker.check(of.vault, originals, of.environment)
    return ", ".join(met)


def _moment(found: tuple[int, int], incidents: int) -> str:
    entries, archives = found
    if entries == 1:
        return "before the first commit"
    if archives == incidents:
        return "all published"
    return "committed, not all published" if entries - 1 > archives else "between two groups"


def drill(work: Path, runs: int, incidents: int, seed: int) -> Counter[str]:
    """So many runs in a folder; how often the kills met what. AssertionError when something didn't hold."""
    chance = random.Random(seed)  # noqa: S311  no secret
    template = scene.make(work / "template", incidents)
    usual = {way: undisturbed(template, work / "undisturbed", way) for way in WAYS}
    met: Counter[str] = Counter()
    for number in range(runs):
        copied = template.copy(work / "run")
        try:
            met[one(copied, copied.originals(), chance, usual)] += 1
        except AssertionError as error:
            kept = work.with_name(f"{work.name}-failed-{seed}-{number}")
            shutil.copytree(copied.root, kept)
            error.add_note(f"run {number} of seed {seed}, kept in {kept}")
            raise
        shutil.rmtree(copied.root)
        if sys.stderr.isatty():
            print(f"\r{number + 1}/{runs}", end="", file=sys.stderr)
    return met


def main() -> None:
    """Run the drill and print what the kills met."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--incidents", type=int, default=INCIDENTS)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options.add_argument("--work", type=Path, default=None, help="a folder on the disk to try")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(dir=chosen.work) as name:
        met = drill(Path(name), chosen.runs, chosen.incidents, chosen.seed)
    for what, count in met.most_common():
        print(f"{count:6} {what}")
    print(f"{chosen.runs} runs of {chosen.incidents} incidents: every one sealed exactly once")


if __name__ == "__main__":
    main()
