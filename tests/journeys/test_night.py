"""`evidence batch --print-unit`, and what it prints put to work: the batch runs as systemd and cron would run it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cli import systemd
from tests.cli.cron import by_cron
from tests.drills import scene
from tests.drills.scene import Scene
from tests.journeys.program import evidence


@pytest.fixture
def night(tmp_path: Path) -> Scene:
    """Three incidents wait in an inbox whose path is no easy one."""
    return scene.make(tmp_path / "100% Сховище 'доказів' \\n", 3)


def printed(night: Scene, *options: str) -> str:
    """The page, printed for somebody else's folder and environment."""
    done = evidence(
        "batch", str(night.inbox), "--vault", night.vault, "--print-unit", *options, env=night.environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def by_systemd(page: str) -> list[str]:
    """The command that systemd would start."""
    text = page.split("# ---- /etc/systemd/system/evidence-batch.service\n")[1].split("# ----", maxsplit=1)[0]
    assert systemd.complaints("evidence-batch.service", text) == ""
    return [word.replace("$$", "$") for word in systemd.read("evidence-batch.service", text).command]


def by_sh(page: str) -> list[str]:
    """The command that cron would start."""
    line = page.rstrip("\n").splitlines()[-1]
    return ["/bin/sh", "-c", by_cron(line.removeprefix("30 2 * * * "))[0]]


@pytest.mark.parametrize("command_of", [by_systemd, by_sh])
def test_what_is_printed_seals_the_inbox(
    night: Scene, tmp_path: Path, command_of: Callable[[str], list[str]]
) -> None:
    metrics = tmp_path / "evidence.prom"
    command = command_of(printed(night, "--workers", "2", "--metrics", str(metrics)))
    environment = {"PATH": os.environ["PATH"], **night.environment}
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    names = [path.name for path in sorted(night.vault.glob("archives/*/*.asice"))]
    assert names == [f"INC-2026-{place:06}.asice" for place in range(3)]
    families = text_string_to_metric_families(metrics.read_text(encoding="utf-8"))
    found = {(s.name, s.labels.get("outcome")): s.value for family in families for s in family.samples}
    assert found["evidence_batch_incidents", "sealed"] == 3
    assert found["evidence_batch_last_run_success", None] == 1


def test_printing_changes_nothing(night: Scene) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in night.root.rglob("*") if path.is_file())
    printed(night)
    after = sorted((path, path.stat().st_mtime_ns) for path in night.root.rglob("*") if path.is_file())
    assert [path for path in after if "sqlite" not in path[0].name] == [
        path for path in before if "sqlite" not in path[0].name
    ]


def test_a_path_that_no_unit_can_hold_is_a_usage_error(night: Scene) -> None:
    done = evidence("batch", "/srv/a\nb", "--vault", night.vault, "--print-unit", env=night.environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "can't be written into a unit file" in done.stderr
