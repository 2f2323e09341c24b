"""The browser's verifier and the command line's say the same of archives that are broken in one place.

``python -m tests.browser.test_differential`` tries all of them, which takes minutes; here it is a part, another one
for each value of SAMPLE.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import pytest

from tests.browser import both
from tests.browser.both import Given
from tests.browser.broken import Case, encoded, files, mixed, records, register
from tests.vectors.test_vectors import NAMES, content, read

SAMPLE = 7
STEPS = {"records": 45, "register": 30, "mixed": 1, "files": 1, "encoded": 1}
MAKERS: dict[str, Callable[[], Iterator[Case]]] = {
    "records": records.cases,
    "register": register.cases,
    "mixed": mixed.cases,
    "files": files.cases,
    "encoded": encoded.cases,
}
MOST = 110
"""Of each kind, in one run."""
PART = 400
Named = tuple[str, Given]


def every(what: str, start: int = 0, step: int = 1) -> Iterator[Named]:
    """Broken archives of one kind; values that no archive can be built with are passed over."""
    for name, make in islice(MAKERS[what](), start, None, step):
        try:
            yield name, make()
        except ValueError:
            continue


def disagreements(cases: Sequence[Named]) -> dict[str, object]:
    """By name, the parts of the answers that differ."""
    answers = zip(cases, both.there([given for _name, given in cases]), strict=True)
    found = {name: both.differences(both.here(given), there) for (name, given), there in answers}
    return {name: parts for name, parts in found.items() if parts}


@pytest.mark.parametrize("what", STEPS)
def test_broken_archives_are_judged_alike(what: str) -> None:
    cases = list(islice(every(what, SAMPLE, STEPS[what]), MOST))
    assert len(cases) > 100
    assert disagreements(cases) == {}


def test_vectors_are_judged_alike() -> None:
    assert disagreements([(name, vector(name)) for name in NAMES]) == {}


def vector(name: str) -> Given:
    told = read(name)
    archive, sidecar, export, checkpoint = (
        content(file) or b""
        for file in (f"{name}.asice", told["proof"], told["register"], told["checkpoint"])
    )
    return Given(
        archive,
        sidecar,
        export,
        checkpoint,
        told["trust"],
        told["trust_tsa"],
        told["now"],
        told["at"] or "",
        told["require"] or "",
    )


def main() -> int:
    """Try everything in parts, or the kinds that are named."""
    status = 0
    for what in sys.argv[1:] or STEPS:
        cases = islice(every(what), 10_000)
        while part := list(islice(cases, PART)):
            found = disagreements(part)
            print(what, part[0][0], len(part), found or "agree", flush=True)
            status |= bool(found)
    return status


if __name__ == "__main__":
    sys.exit(main())
