"""What one archive costs beyond its bytes."""

import os
import shutil
from collections.abc import Iterator

from tests.benchmarks import inputs
from tests.benchmarks.measure import Bench, Row, interleaved, middle, run, shell


def rows(bench: Bench) -> Iterator[Row]:
    """Sealing many in one command, less sealing one, less SAFE of the same folders."""
    count = bench.amount(200, 5)
    inbox = inputs.usual(bench.work / "inbox", count)
    folders = [str(path) for path in sorted(inbox.iterdir())]
    vault, copy = bench.work / "vault", bench.work / "copy"

    def reset() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        inputs.new_vault(vault)
        inputs.forget_seals(inbox)
        os.sync()

    safe = shell(f"cp -r '{inbox}' '{copy}'; sync; openssl dgst -sha256 '{inbox}'/*/* '{copy}'/*/*")
    seal = [*inputs.EVIDENCE, "seal", "--vault", str(vault)]
    mine, theirs = interleaved(lambda: run([*seal, *folders]), safe, bench.amount(3, 1), reset)
    reset()
    one = run([*seal, folders[0]])
    with_bytes = (middle(mine, "cpu") - one.cpu) / (count - 1) * 1000
    of_bytes = middle(theirs, "cpu") / count * 1000
    wall = (middle(mine, "wall") - one.wall) / (count - 1) * 1000
    detail = f"{count} incidents of 205 kB and 9 records in one command: {with_bytes:.1f} ms with bytes, "
    detail += f"SAFE {of_bytes:.1f} ms; {wall:.1f} ms wall"
    yield Row("seal, CPU an archive beyond its bytes", with_bytes - of_bytes, 3.9, "ms", detail)
