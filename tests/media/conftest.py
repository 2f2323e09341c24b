"""One media process for all tests that only want recordings examined."""

from collections.abc import Iterator

import pytest

from evidence.media.probe import MediaProcess


@pytest.fixture(scope="package")
def media() -> Iterator[MediaProcess]:
    with MediaProcess() as process:
        yield process
