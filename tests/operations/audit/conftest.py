"""A vault that is made once; tests spoil copies of it."""

from pathlib import Path

import pytest

from tests.operations.audit import ground


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with four archives."""
    return ground.make(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def vault(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return ground.copied(prepared, tmp_path / "vault")
