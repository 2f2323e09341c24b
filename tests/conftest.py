"""What every test has: its own user folders, English messages, and no hypothesis deadline."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from evidence import messages
from tests.network.tsaserver import Served, serving
from tests.tsa import Authority

settings.register_profile("evidence", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("evidence")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders of this test; nothing of the real user is read or written."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in (
        "EVIDENCE_VAULT",
        "EVIDENCE_BY",
        "EVIDENCE_PASSPHRASE_FILE",
        "LANG",
        "LC_ALL",
        "LC_MESSAGES",
    ):
        monkeypatch.delenv(name, raising=False)
    messages.set_language("en")
    return home


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A time-stamping authority of this module's tests."""
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Served]:
    """That authority behind HTTP."""
    with serving(authority.answer) as served:
        yield served
