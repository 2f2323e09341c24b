"""Receipts in a process that kills itself: ``python -m tests.operations.receive_killpoint WHAT VAULT STEP FILE…``.

WHAT is ``receive`` or ``enter``; STEP the number of the durable step ahead of which it dies.
"""

import sys
from pathlib import Path

from evidence.operations.seams import Seams
from tests.operations.durables import Killing
from tests.operations.receive_scene import enter, receive


def main(what: str, vault: str, step: str, *files: str) -> None:
    """Note recordings or enter receipts, and die on the way."""
    seams = Seams(durable=Killing(int(step)))
    if what == "receive":
        receive(Path(vault), *map(Path, files), seams=seams)
    else:
        enter(Path(vault), seams)


if __name__ == "__main__":
    main(*sys.argv[1:])
