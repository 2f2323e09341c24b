"""Seal with the real search in a process that kills itself: ``… search_killpoint VAULT STEP INCIDENT…``.

STEP is the number of the durable step ahead of which it dies, 0 for none, or ``s`` for the middle of a search.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from evidence.media.search import Heard, SearchProcess
from evidence.operations.seams import Seams
from tests.operations.durables import Killing
from tests.operations.searching_scene import sealed_all

MIDDLE = 0.1
"""Seconds after which a search of two minutes is at work, by a child that is at work already."""


class Dying(SearchProcess):
    """Kills its own process while the child searches the second recording."""

    searches = 0

    def hear(self, *given: Any, **named: Any) -> Heard:
        self.searches += 1
        if self.searches == 2:
            threading.Timer(MIDDLE, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return super().hear(*given, **named)


def main(vault: str, step: str, *incidents: str) -> None:
    """Seal, and die on the way."""
    seams = Seams(durable=Killing(0 if step == "s" else int(step)))
    with Dying() if step == "s" else SearchProcess() as searcher:
        sealed_all(Path(vault), [Path(incident) for incident in incidents], searcher, seams=seams)


if __name__ == "__main__":
    main(*sys.argv[1:])
