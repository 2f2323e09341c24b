"""Writes the vectors: ``python -m tests.vectors.build``. Building again gives the same bytes."""

import json
from pathlib import Path

from tests.vectors import cases
from tests.vectors.archives import Case, code_of

FOLDER = Path(__file__).parent


def files(name: str, case: Case) -> dict[str, bytes]:
    """The files of one vector, by name."""
    made = {f"{name}.asice": case.archive}
    if case.register:
        made[f"{name}.export"] = case.register
    if case.sidecar:
        made[f"{name}.asice.proof"] = case.sidecar
    if case.checkpoint:
        made[f"{name}.checkpoint"] = case.checkpoint
    document = {
        "made_by": case.made_by,
        "trust": list(case.trust),
        "trust_tsa": list(case.trust_tsa),
        "now": case.now,
        "at": case.at or None,
        "register": f"{name}.export" if case.register else None,
        "checkpoint": f"{name}.checkpoint" if case.checkpoint else None,
        "require": case.require or None,
        "proof": f"{name}.asice.proof" if case.sidecar else None,
        "exit": case.exit,
        "findings": [code_of(name)] if code_of(name) else [],
    }
    made[f"{name}.json"] = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    return made


def all_files() -> dict[str, bytes]:
    """The files of every vector, by name."""
    return {file: data for name, case in cases.cases().items() for file, data in files(name, case).items()}


def build() -> None:
    """Write every vector, and remove those that are none any more."""
    made = all_files()
    for path in FOLDER.iterdir():
        if path.suffix in {".asice", ".json", ".export", ".checkpoint", ".proof"} and path.name not in made:
            path.unlink()
    for name, data in made.items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    build()
