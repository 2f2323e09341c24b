"""The program, stopped on the way: ``python -m tests.journeys.stopped STEP ARGUMENT…`` kills itself there.

STEP is the number of the durable step (evidence.vault.durable) ahead of which it dies.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from evidence.cli import main
from evidence.vault.durable import Durable

STEPS = ("make_directory", "create", "sync", "sync_directory", "link", "replace")
"""The steps that change something on the disk."""


def watch(before: Callable[[int, str], None], put: Callable[[str, Any], None]) -> None:
    """Have ``before`` called with its number, from 1, and its name ahead of every durable step.

    Args:
        before: what to do then; what it raises, the step raises.
        put: replaces a method of Durable.
    """
    done = [0]

    def watched(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*arguments: Any) -> Any:
            done[0] += 1
            before(done[0], name)
            return step(*arguments)

        return instead

    for name in STEPS:
        put(name, watched(name, getattr(Durable, name)))


def _die_at(step: int) -> Callable[[int, str], None]:
    def die(number: int, _name: str) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


if __name__ == "__main__":
    watch(_die_at(int(sys.argv[1])), lambda name, step: setattr(Durable, name, step))
    sys.exit(main(sys.argv[2:]))
