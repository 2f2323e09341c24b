"""Two models, each with one process for all tests that only want speech recognised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.process import RecognisingProcess
from tests.media.asr import real, untrained


@pytest.fixture(scope="package")
def english() -> Path:
    """The folder of a real model for English."""
    return real.english()


@pytest.fixture(scope="package")
def recogniser(english: Path) -> Iterator[RecognisingProcess]:
    with RecognisingProcess(modelfolder.look(english)) as process:
        yield process


@pytest.fixture(scope="package")
def many_languages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that knows many languages and says nothing sensible."""
    return untrained.make(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture(scope="package")
def babbler(many_languages: Path) -> Iterator[RecognisingProcess]:
    with RecognisingProcess(modelfolder.look(many_languages)) as process:
        yield process
