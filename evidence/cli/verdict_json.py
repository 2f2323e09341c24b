"""What ``verify --json`` and ``show --json`` say of an archive: its verification, and a summary of it."""

from pathlib import Path
from typing import Any

from evidence.cli import summary
from evidence.verify import answer
from evidence.verify.results import Verification


def document(name: str, found: Verification, proof: Path | None = None) -> dict[str, Any]:
    """A verification and a summary of the contents as one JSON value; arguments as of ``verify.answer``."""
    contents = summary.document(found.contents.records.values()) if found.contents else None
    return {**answer.document(name, found, proof), "contents": contents}
