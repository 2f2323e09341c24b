"""One loopback server for all tests of a module that don't disturb it."""

from collections.abc import Iterator

import pytest

from tests.network.loopbackclient import Served, serving


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def served(shared: Served) -> Served:
    shared.taken.clear()
    shared.told.clear()
    return shared
