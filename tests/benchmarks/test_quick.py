"""The benchmarks work; what they measure in a quick run means nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks.measure import Cost, ratio
from tests.requirements import MUSIC, SOUNDS, need, need_file


@pytest.mark.parametrize("part", benchmarks.PARTS)
def test_each_part_gives_its_rows(tmp_path: Path, part: str) -> None:
    need("openssl")
    need("ffmpeg")
    if part in {"finder", "sidebyside"}:
        need("espeak-ng")
        need_file(SOUNDS / "ru", "asterisk-core-sounds-ru-wav")
        need_file(SOUNDS / "en", "asterisk-core-sounds-en-wav")
        need_file(MUSIC, "asterisk-moh-opsound-wav")
    (tmp_path / "work").mkdir()
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--only", part]
    done = subprocess.run(
        [*command, "--json", str(tmp_path / "figures"), str(tmp_path / "work")],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "figures").read_text(encoding="utf-8"))
    table = [line for line in done.stdout.splitlines() if line.startswith("| ")][1:]
    assert [line.split(" | ")[0].removeprefix("| ") for line in table] == list(found["figures"])
    assert found["figures"]
    assert all(row["figure"] > 0 for row in found["figures"].values() if row["unit"] != "ms")
    assert found["machine"]["cores"] == os.cpu_count()
    assert list((tmp_path / "work").iterdir()) == []


def test_ratios_are_taken_round_by_round() -> None:
    mine, theirs = (
        [Cost(1, 0, 0), Cost(8, 0, 0), Cost(3, 0, 0)],
        [Cost(1, 0, 0), Cost(2, 0, 0), Cost(2, 0, 0)],
    )
    assert ratio(mine, theirs, "cpu") == 1.5


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        benchmarks.options(["--only", "everything"])
