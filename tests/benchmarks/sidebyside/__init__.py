"""Our search for the notice beside two programs of PyPI that locate one sound in another, in one run.

Twenty announcements of 4.5 to 6 s, each in a call of five minutes that went through GSM. A place counts that is
within 50 ms of the truth. Errors are medians over the places that count, seconds medians over calls and those of
the whole process. Every answer is added to ``answers.jsonl`` in the folder of the environments.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from evidence.media.decode import Sound
from evidence.media.finder import Finder, Reference
from evidence.media.resample import Samples
from tests.benchmarks.finder.sounds import RATE
from tests.benchmarks.measure import NO_GOAL, Bench, Row
from tests.benchmarks.sidebyside.calls import CONDITIONS, LENGTH, Call, Case, cases, write
from tests.benchmarks.sidebyside.programs import OURS, Answer, Program, Question, others, ours

_NEAR = 0.050
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Result:
    """An answer, and how good it is.

    Attributes:
        truth: second at which the announcement begins; None where it isn't played.
        early: seconds by which a place may be earlier: where it is faster, a program that knows one speed only
            is right when the middle is in its place.
        wall: seconds by the clock.
        cpu: seconds of CPU.
        search: seconds of the search alone, of ours.
    """

    answer: Answer
    truth: float | None
    early: float
    wall: float
    cpu: float
    search: float = 0.0

    @property
    def error(self) -> float | None:
        """Seconds by which its place is too late; None without a place or a truth."""
        return None if self.answer.at is None or self.truth is None else self.answer.at - self.truth

    @property
    def is_near(self) -> bool:
        """Whether its place counts."""
        return self.error is not None and -_NEAR - self.early <= self.error <= _NEAR


Results = dict[tuple[str, str], list[Result]]
"""By condition and program."""


def rows(bench: Bench) -> Iterator[Row]:
    """Each condition and program; a quick run compares ours with nothing."""
    programs = [ours()]
    if not bench.quick:
        programs += others(bench.environments or bench.work)
    for program in programs:
        yield Row(
            f"{program.name}, installed", program.megabytes, NO_GOAL, "MB", "with all it needs but Python"
        )
    some = cases(bench.amount(20, 1), bench.amount(LENGTH, 20))
    answers = (bench.environments or bench.work) / "answers.jsonl"
    results = compared(some, programs, bench.work, answers)
    for (condition, name), of_these in results.items():
        seconds = median(result.wall for result in of_these)
        yield Row(f"{condition}: {name}", seconds, NO_GOAL, "s a call", _detail(of_these))


def compared(some: Iterable[Case], programs: list[Program], work: Path, answers: Path) -> Results:
    """All results by condition and program; the programs take turns."""
    results: Results = {(condition, each.name): [] for condition in CONDITIONS for each in programs}
    with answers.open("a", encoding="utf-8") as kept:
        for case in some:
            for condition, call_of in CONDITIONS.items():
                call = call_of(case)
                question = _written(work, case, call)
                for program in programs:
                    result = _result(program, question, call)
                    results[condition, program.name].append(result)
                    kept.write(_line(case, condition, program.name, result))
                    kept.flush()
    return results


def _written(folder: Path, case: Case, call: Call) -> Question:
    is_late = call.begins is not None and call.begins < 0
    question = Question(folder / "call.wav", folder / "notice.wav", case.clause, is_late)
    write(case.notice, question.notice, is_gsm=False)
    write(call.sound, question.call, is_gsm=True)
    return question


def _result(program: Program, question: Question, call: Call) -> Result:
    answer, wall, cpu = program.ask(question)
    truth = None if call.begins is None else call.begins / RATE
    search = _search_alone(question) if program.name == OURS else 0.0
    return Result(answer, truth, call.early / RATE, wall, cpu, search)


def _search_alone(question: Question) -> float:
    """Seconds of our search of sound that is decoded already."""
    notice = np.concatenate(_decoded(question.notice))
    blocks = _decoded(question.call)
    begin = time.perf_counter()
    finder = Finder([Reference("v1", notice, *question.clause)], 0)
    for block in blocks:
        finder.feed(block)
    finder.finish()
    return time.perf_counter() - begin


def _decoded(path: Path) -> list[Samples]:
    with path.open("rb") as file:
        return [block.samples[0] for block in Sound(file, path.stat().st_size).blocks()]


def _detail(results: list[Result]) -> str:
    """How many places, how many of each answer, how many sure ones that are wrong; error and cost."""
    errors = [abs(result.error) for result in results if result.error is not None and result.is_near]
    wrong = sum(result.answer.is_sure and not result.is_near for result in results)
    grades = Counter(sorted(result.answer.grade for result in results))
    search = median(result.search for result in results)
    parts = [
        f"{len(errors)} of {len(results)} places",
        *(f"{count} {grade}" for grade, count in grades.items()),
        f"{wrong} of the sure ones wrong",
        f"error {1000 * median(errors):.1f} ms" if errors else "no error",
        f"{median(result.cpu for result in results):.2f} s CPU",
    ]
    return ", ".join([*parts, f"search alone {search:.2f} s"] if search else parts)


def _line(case: Case, condition: str, program: str, result: Result) -> str:
    answer = result.answer
    document = {
        "case": case.name,
        "condition": condition,
        "program": program,
        "truth": result.truth,
        "at": answer.at,
        "error": result.error,
        "is_near": result.is_near,
        "is_sure": answer.is_sure,
        "grade": answer.grade,
        "scores": answer.scores,
        "seconds": round(result.wall, 3),
        "cpu": round(result.cpu, 3),
        "search": round(result.search, 3),
        "clause": case.clause,
        "length": round(case.notice.size / RATE, 3),
    }
    return json.dumps(document, ensure_ascii=False) + "\n"
