"""What tests of recordings share: the process that examines them, a recording of each format, a call to search."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from evidence.media.probe import MediaProcess
from evidence.media.search import Announcement, SearchProcess
from tests.media.searching import make_call, true_notice
from tests.media.test_formats import Kind


@pytest.fixture(scope="package")
def media() -> Iterator[MediaProcess]:
    with MediaProcess() as process:
        yield process


@pytest.fixture(scope="package")
def recording_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Kind], Path]:
    """Makes a recording of a format, once; it isn't to be changed."""
    folder = tmp_path_factory.mktemp("recordings")

    @cache
    def made(kind: Kind) -> Path:
        path = folder / kind.name
        assert not path.exists(), "another format has that name"
        kind.make(path, kind.channels)
        return path

    return made


@pytest.fixture(scope="module")
def searcher() -> Iterator[SearchProcess]:
    with SearchProcess() as process:
        yield process


@pytest.fixture(scope="module")
def notice(tmp_path_factory: pytest.TempPathFactory) -> Announcement:
    return true_notice(tmp_path_factory.mktemp("notices"))


@pytest.fixture(scope="module")
def call(notice: Announcement, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_call(tmp_path_factory.mktemp("calls") / "call.wav", notice)
