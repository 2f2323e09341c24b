"""The drill itself, ten times; ``python -m tests.drills.kills`` does it two hundred times."""

from pathlib import Path

from tests.drills import kills
from tests.requirements import need


def test_every_incident_is_sealed_exactly_once(tmp_path: Path) -> None:
    need("openssl")
    met = kills.drill(tmp_path / "drill", runs=10, incidents=12, seed=20261122)
    assert met.total() == 10
