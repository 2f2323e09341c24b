"""Recover in a process of its own that kills itself: ``python -m … VAULT STEP restore|new``."""

import sys
from pathlib import Path

from evidence.operations.exchange import exchange, is_begun
from evidence.operations.recovery import Ground, survey
from evidence.operations.recovery_act import restore
from evidence.operations.retire import new_register
from evidence.operations.seams import Seams
from evidence.vault.durable import Durable
from tests.operations.durables import Killing


def recover(vault: Path, what: str, durable: Durable) -> None:
    """What ``evidence register recover`` does."""
    ground = Ground.at(vault, Seams(durable=durable))
    if is_begun(ground.layout):
        exchange(ground)
        return
    found = survey(ground, ())
    if what == "restore":
        restore(found, ())
    else:
        new_register(found, (), "lost", lambda: b"")


if __name__ == "__main__":
    recover(Path(sys.argv[1]), sys.argv[3], Killing(int(sys.argv[2])))
