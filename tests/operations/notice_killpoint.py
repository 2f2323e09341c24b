"""Add a notice in a process that kills itself: ``python -m tests.operations.notice_killpoint VAULT STEP SOUND``.

STEP is the number of the durable step ahead of which it dies; 0 for none.
"""

import sys
from pathlib import Path

from evidence.operations.seams import Seams
from tests.operations.durables import Killing
from tests.operations.notice_scene import a_draft, add_notice


def main(vault: str, step: str, sound: str) -> None:
    """Add, and die on the way."""
    add_notice(Path(vault), a_draft(Path(sound)), Seams(durable=Killing(int(step))))


if __name__ == "__main__":
    main(*sys.argv[1:])
