"""What journeys share: an empty desk, and the ground on which hostile input meets the commands."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.desk import Desk
from tests.journeys.hostile import BY, NUMBER, RECORDING, Ground
from tests.journeys.live import new
from tests.journeys.program import done


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one incident, made once by the program; tests copy it."""
    root = tmp_path_factory.mktemp("prepared")
    env = {name: str(root / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    vault = root / "ground" / "vault"
    vault.parent.mkdir()
    (vault.parent / "there").mkdir()
    done(
        *("init", vault, "--organisation", "ТОВ Приклад", "--plain-keys", "--zone", "Europe/Kyiv"),
        env=env,
    )
    call = root / "call.wav"
    call.write_bytes(RECORDING)
    started = "2026-11-05T10:15:02+02:00"
    done(
        *("new", call, "--vault", vault, "--number", NUMBER, "--by", BY, "--started", started, "--no-input"),
        env=env,
    )
    return root / "ground"


@pytest.fixture
def ground(
    prepared: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Ground:
    """A copy of the vault that the test may spoil; the test stands in the folder of hostile things."""
    shutil.copytree(prepared, tmp_path / "ground")
    made = Ground(tmp_path / "ground", capfd)
    monkeypatch.chdir(made.there)
    monkeypatch.delenv("EVIDENCE_BY", raising=False)
    monkeypatch.delenv("EVIDENCE_DEBUG", raising=False)
    return made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def ground_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("mistakes"))
    new(made)
    return made
