"""What starting costs."""

from collections.abc import Iterator

from evidence.cli.program import SECTIONS
from tests.benchmarks import inputs
from tests.benchmarks.measure import Bench, Row, interleaved, middle, ratio, run


def rows(bench: Bench) -> Iterator[Row]:
    """Commands of which a hook or a person waits for the start alone."""
    vault = inputs.new_vault(bench.work / "vault")
    inbox = inputs.usual(bench.work / "inbox", 1)
    run([*inputs.EVIDENCE, "seal", str(inbox / "INC-000000"), "--vault", str(vault)])
    archive = next(vault.glob("archives/*/*.asice"))
    commands = [
        ("evidence --help / PASS", ["--help"], 5.0),
        ("verify a small archive / PASS", ["verify", str(archive)], 12.0),
    ]
    if any("receive" in section for section in SECTIONS.values()):
        recording = inbox / "INC-000000" / "call.wav"
        commands.append(
            ("receive a recording / PASS", ["receive", str(recording), "--vault", str(vault)], 8.0)
        )
    for name, arguments, limit in commands:
        yield from _started(name, [*inputs.EVIDENCE, *arguments], limit, bench.amount(15, 2))


def _started(name: str, command: list[str], limit: float, rounds: int) -> Iterator[Row]:
    mine, theirs = interleaved(lambda: run(command), lambda: run(inputs.PASS), rounds)
    for what in ("cpu", "wall"):
        detail = f"{middle(mine, what) * 1000:.0f} ms against {middle(theirs, what) * 1000:.0f} ms"
        yield Row(f"{name}, {what.replace('cpu', 'CPU')}", ratio(mine, theirs, what), limit, "x", detail)
