"""The programs that are compared: what they are started with, and what their answers mean.

Each is started as its documentation tells a user to, with its defaults, and reads the same GSM file itself.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from evidence.model.noticesearch import FOUND, NOT_DETECTED, PARTIAL

OURS = "evidence"
_AUDIOLOCATE = """
import json, sys
from audiolocate import AudioFingerprint
result = AudioFingerprint().find_match(sys.argv[1], sys.argv[2])
print(json.dumps({"found": bool(result["found"]), "time_seconds": result["time_seconds"],
                  "match_count": int(result["match_count"]), "threshold": float(result["threshold"])}))
"""
"""The example under "Basic Matching" of its documentation; it has no command of its own."""
_LIKELY, _UNLIKELY = 10, 5
"""audio-offset-finder's documentation: "a score greater than ten is likely to be correct", one "less than five is
unlikely". Its command tells a place always."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said of a call.

    Attributes:
        at: second at which the announcement begins; None when the program tells no place.
        is_sure: whether that is a match by the program's own rule.
        grade: in one word.
        scores: its own figures.
    """

    at: float | None
    is_sure: bool
    grade: str
    scores: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for and where.

    Attributes:
        call: the recording.
        notice: the announcement.
        clause: where its key clause begins and ends, milliseconds.
        is_late: the call begins in the middle of the announcement, and who asks knows that.
    """

    call: Path
    notice: Path
    clause: tuple[int, int]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Program:
    """A program in an environment of its own.

    Attributes:
        name: its own.
        command: how it is started.
        meaning: of what it printed.
        megabytes: what it and all it needs take on the disk.
    """

    name: str
    command: Callable[[Question], Sequence[str]]
    meaning: Callable[[Any, Question], Answer]
    megabytes: float

    def ask(self, question: Question) -> tuple[Answer, float, float]:
        """Its answer, and the seconds of the whole process: by the clock, and of CPU.

        Raises:
            RuntimeError: the program failed.
        """
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.perf_counter()
        done = subprocess.run(self.command(question), capture_output=True, encoding="utf-8", check=False)
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {done.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return self.meaning(json.loads(done.stdout.splitlines()[-1]), question), wall, cpu


def ours() -> Program:
    """Our search; "found" is its sure answer, any place from "similar" up is a place."""
    script = str(Path(__file__).with_name("ours.py"))

    def command(question: Question) -> list[str]:
        start, end = map(str, question.clause)
        return [sys.executable, script, str(question.call), str(question.notice), start, end]

    return Program(OURS, command, _our_answer, sum(map(_size_of, ("numpy", "av"))))


def others(folder: Path) -> list[Program]:
    """Both others, in environments below the folder, which are made where they aren't there yet."""
    finder = _environment(folder / "audio-offset-finder", "audio-offset-finder==0.5.5")
    locate = _environment(folder / "audiolocate", "audiolocate==0.1.1")

    def find(question: Question) -> list[str]:
        program = str(finder / "bin" / "audio-offset-finder")
        sought, within = question.notice, question.call
        if question.is_late:  # it tells no place before the longer file: the other way round it can
            sought, within = within, sought
        return [program, "--find-offset-of", str(sought), "--within", str(within), "--json"]

    def located(question: Question) -> list[str]:
        program = str(locate / "bin" / "python")
        return [program, "-c", _AUDIOLOCATE, str(question.call), str(question.notice)]

    return [
        Program("audio-offset-finder", find, _scored, _megabytes(finder)),
        Program("audiolocate", located, _found, _megabytes(locate)),
    ]


def _our_answer(document: Any, _question: Question) -> Answer:
    if document["problems"]:
        raise RuntimeError(str(document["problems"]))
    match = document["matches"][0]
    scores = " ".join(f"{name} {match[name]}" for name in ("coverage", "clause_coverage", "similarity"))
    at = match["at_ms"] / 1000 if match["result"] != NOT_DETECTED else None
    return Answer(at, match["result"] in {FOUND, PARTIAL}, match["result"], scores)


def _scored(document: Any, question: Question) -> Answer:
    score = float(document["standard_score"])
    offset = float(document["time_offset"])
    grade = "likely" if score > _LIKELY else "unlikely" if score < _UNLIKELY else "unsure"
    return Answer(-offset if question.is_late else offset, score > _LIKELY, grade, f"{score:.1f}")


def _found(document: Any, _question: Question) -> Answer:
    scores = f"{document['match_count']} of more than {document['threshold']:.1f}"
    is_found = document["found"]
    return Answer(document["time_seconds"], is_found, "match" if is_found else "none", scores)


def _environment(folder: Path, requirement: str) -> Path:
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, requirement], check=True, stdout=subprocess.DEVNULL)
    return folder


def _megabytes(folder: Path) -> float:
    """All files of an environment but those of pip and setuptools, which each has."""
    total = 0
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name.partition("-")[0] not in {"pip", "setuptools"}]
        total += sum((Path(parent) / name).lstat().st_size for name in names)
    return total / 1e6


def _size_of(distribution: str) -> float:
    files = metadata.files(distribution) or []
    paths = [Path(str(file.locate())) for file in files]
    return sum(path.stat().st_size for path in paths if path.exists()) / 1e6
