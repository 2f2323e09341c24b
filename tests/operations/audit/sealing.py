"""Seal incidents one after another: ``python -m tests.operations.audit.sealing VAULT INCIDENT…``."""

import sys
from pathlib import Path

from tests.operations.scene import seal

if __name__ == "__main__":
    for incident in sys.argv[2:]:
        seal(Path(sys.argv[1]), Path(incident))
