"""Deliver time stamps and kill oneself: ``python -m tests.operations.stamp_killpoint VAULT STEP``."""

import sys
from pathlib import Path

from evidence.operations.seams import Seams
from tests.operations.durables import Killing
from tests.operations.stamp_scene import caught_up


def main(vault: str, step: str) -> None:
    """What `evidence timestamp` does, as far as that durable step."""
    caught_up(Path(vault), Seams(durable=Killing(int(step))))


if __name__ == "__main__":
    main(*sys.argv[1:])
