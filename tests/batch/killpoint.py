"""A batch in a process of its own that kills itself: ``python -m tests.batch.killpoint VAULT INBOX STEP MODE``."""

import sys
from pathlib import Path

from evidence.operations.seams import Seams
from tests.batch.scene import run_batch
from tests.operations.durables import Killing


def main(vault: str, inbox: str, step: str, mode: str) -> None:
    """Run a batch that dies ahead of a durable step."""
    run_batch(Path(vault), Path(inbox), Seams(durable=Killing(int(step))), originals=mode)


if __name__ == "__main__":
    main(*sys.argv[1:])
