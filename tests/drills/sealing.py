"""Seals incidents one after another and puts each checkpoint into the second places: ``… VAULT INCIDENT…``."""

import sys
from pathlib import Path

from evidence.operations.seams import Seams
from evidence.operations.second_place import put
from evidence.vault.vault import Vault
from tests.operations.scene import seal


def main(root: Path, incidents: list[Path]) -> None:
    """What a night's batch does, an incident at a time."""
    for incident in incidents:
        seal(root, incident)
        vault = Vault(root, Seams().durable, Seams().user)
        assert put(vault, Seams()) == ()
        vault.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
