"""A vault with one version of the notice, a call, and the stand-in for the search."""

from dataclasses import replace
from pathlib import Path

import pytest

from evidence.media import search as media
from evidence.operations.notices import NoticeVersion
from tests.cli.noticefind.standin import StandIn, found
from tests.operations.notice_scene import a_draft, add_notice, make_sound
from tests.operations.scene import make_vault


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    instead = StandIn(found)
    monkeypatch.setattr(media, "SearchProcess", instead)
    monkeypatch.setattr(media, "is_installed", lambda: True)
    return instead


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_vault(tmp_path / "vault")
    monkeypatch.setenv("EVIDENCE_VAULT", str(root))
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def notice(vault: Path, tmp_path: Path) -> NoticeVersion:
    return add_notice(vault, replace(a_draft(make_sound(tmp_path / "notice.wav")), title="Вітання"))


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "дзвінок.wav"
    path.write_bytes(b"RIFF the call")
    return path
