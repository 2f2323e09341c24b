"""Problems of a log, collected: the first few of each kind, however many there are."""

from evidence.model.pbxlog import MOST_PROBLEMS, PbxProblem

_OF_A_KIND = 5


class Problems:
    """Collects problems."""

    def __init__(self) -> None:
        self._found: list[PbxProblem] = []

    def add(self, line: int, code: str, text: str = "") -> None:
        """There is a problem at a line; 0 stands for the whole log. One that was told before isn't again."""
        problem = PbxProblem(line, code, text)
        alike = sum(other.code == code for other in self._found)
        if alike < _OF_A_KIND and len(self._found) < MOST_PROBLEMS and problem not in self._found:
            self._found.append(problem)

    def all(self) -> tuple[PbxProblem, ...]:
        """All of them, in the order of their lines."""
        return tuple(sorted(self._found, key=lambda problem: (problem.line, problem.code)))
