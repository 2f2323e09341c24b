"""One media process for all tests that only want recordings examined, and one recording of each format."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from evidence.media.probe import MediaProcess
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
