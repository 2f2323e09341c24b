"""One recording of 1 GiB."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import inputs
from tests.benchmarks.measure import NO_GOAL, Bench, Row, interleaved, middle, ratio, run, shell


def rows(bench: Bench) -> Iterator[Row]:
    """Sealing it, against REF and SAFE, and verifying the archive."""
    incident = inputs.incident(bench.work / "large", "LARGE")
    inputs.wav(incident / "call.wav", bench.amount(inputs.GIB, 16 * 1024 * 1024))
    vault = bench.work / "vault"
    yield from _sealing(bench, incident, vault)
    archive = next(vault.glob("archives/*/LARGE.asice"))
    verify = [*inputs.EVIDENCE, "verify", str(archive)]
    digest = shell(f"openssl dgst -sha256 '{archive}'")
    mine, theirs = interleaved(lambda: run(verify), digest, bench.amount(5, 1))
    detail = f"{middle(mine, 'cpu'):.2f} s against {middle(theirs, 'cpu'):.2f} s"
    yield Row("verify 1 GiB, CPU / DIGEST", ratio(mine, theirs, "cpu"), 1.2, "x", detail)
    yield Row("verify 1 GiB, memory", max(cost.peak for cost in mine), 96, "MiB", "peak RSS")


def _sealing(bench: Bench, incident: Path, vault: Path) -> Iterator[Row]:
    copy = bench.work / "copy"

    def reset() -> None:
        shutil.rmtree(copy, ignore_errors=True)
        (incident / "incident.uid").unlink(missing_ok=True)
        inputs.new_vault(vault)
        os.sync()

    seal = [*inputs.EVIDENCE, "seal", str(incident), "--vault", str(vault)]
    references = {
        "REF": f"cp '{incident}/call.wav' '{copy}'; openssl dgst -sha256 '{copy}'; rm '{copy}'",
        "SAFE": f"cp -r '{incident}' '{copy}'; sync; openssl dgst -sha256 '{incident}'/* '{copy}'/*",
    }
    limits = {"REF cpu": NO_GOAL, "REF wall": NO_GOAL, "SAFE cpu": 1.0, "SAFE wall": 0.75}
    for name, script in references.items():
        mine, theirs = interleaved(lambda: run(seal), shell(script), bench.amount(3, 1), reset)
        for what in ("cpu", "wall"):
            detail = f"{middle(mine, what):.2f} s against {middle(theirs, what):.2f} s"
            title = f"seal 1 GiB, {what.replace('cpu', 'CPU')} / {name}"
            yield Row(title, ratio(mine, theirs, what), limits[f"{name} {what}"], "x", detail)
    yield Row("seal 1 GiB, memory", max(cost.peak for cost in mine), 96, "MiB", "peak RSS")
    shutil.rmtree(copy, ignore_errors=True)
