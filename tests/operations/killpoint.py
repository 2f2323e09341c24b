"""Seal in a process of its own that kills itself: ``python -m tests.operations.killpoint VAULT STEP INCIDENT…``.

STEP is the number of the durable step ahead of which it dies, or ``p7`` for the seventh report of progress.
"""

import os
import signal
import sys
from pathlib import Path

from evidence.operations.seams import Seams
from evidence.vault.durable import Durable
from tests.operations.durables import Killing
from tests.operations.scene import Heard, seal_all


def main(vault: str, step: str, *incidents: str) -> None:
    """Seal, and die on the way."""
    heard = Heard()
    durable: Durable = Durable()
    if step.startswith("p"):
        left = [int(step[1:])]

        def die() -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        heard.on_progress = die
    else:
        durable = Killing(int(step))
    seal_all(Path(vault), [Path(incident) for incident in incidents], Seams(durable=durable), heard)


if __name__ == "__main__":
    main(*sys.argv[1:])
