"""``python -m tests.benchmarks [FOLDER]``: the speed and memory figures, as a table and as JSON.

References of the same run: REF is ``cp`` of the input, then ``openssl dgst -sha256`` of it; SAFE is one ``cp -r`` of
the input, one ``sync`` and one ``openssl dgst -sha256`` over sources and copies, with a warm page cache; DIGEST is
``openssl dgst -sha256`` of the archive; PASS is ``python -c pass``.

FOLDER lies on the disk to measure (default: a temporary folder); ``batch`` needs 11 GB there, the others 5 GB.
``--only`` chooses parts, ``--quick`` shows only that everything works, ``--json FILE`` keeps the figures, and with
``--check`` the exit code is 1 when a figure is more than twice its goal. ``--environments FOLDER`` keeps the
programs that ``sidebyside`` installs to compare ours with, and all their answers.
"""

import argparse
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.measure import Bench, Row

PARTS = (
    "start",
    "overhead",
    "large",
    "batch",
    "examining",
    "decode",
    "register",
    "lexicon",
    "report",
    "finder",
    "sidebyside",
)
"""Those that load much into this process come last: what it holds is taken for its children's peak memory."""


def measured(chosen: argparse.Namespace) -> Iterator[Row]:
    """The rows of the chosen parts; each has a folder of its own, which is gone when it is done."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for part in chosen.only or PARTS:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
            for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                os.environ[variable] = f"{name}/user"
            bench = Bench(Path(name), chosen.quick, chosen.environments)
            yield from import_module(f"tests.benchmarks.{part}").rows(bench)


def options(arguments: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--environments", type=Path, metavar="FOLDER")
    parser.add_argument("--check", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measure what was asked for and print it."""
    chosen = options(arguments)
    facts = machine.facts(chosen.folder or Path(tempfile.gettempdir()))
    print("| work | figure | goal | |\n|---|---|---|---|", flush=True)
    figures, is_slow = {}, False
    for row in measured(chosen):
        print(f"| {row.work} | {row.figure:.2f} {row.unit} | {_goal(row)} | {row.detail} |", flush=True)
        figures[row.work] = {
            "figure": round(row.figure, 3),
            "goal": row.limit if math.isfinite(row.limit) else None,
            "unit": row.unit,
        }
        is_slow |= row.figure > 2 * row.limit
    document = json.dumps({"machine": facts, "quick": chosen.quick, "figures": figures})
    if chosen.json:
        chosen.json.write_text(f"{document}\n", encoding="utf-8")
    else:
        print(document)
    return 1 if chosen.check and is_slow else 0


def _goal(row: Row) -> str:
    return f"{row.limit:g} {row.unit}" if math.isfinite(row.limit) else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
