"""Taking exhibits out of an archive that was changed after it was verified."""

import io
from pathlib import Path

import pytest

from evidence.crypto.trust import Anchors
from evidence.errors import StateError
from evidence.operations.extract import extract
from evidence.verify.results import Options
from evidence.verify.verifier import verify
from tests import builder


def test_an_archive_that_changed_since_is_refused(tmp_path: Path) -> None:
    sealed, register = builder.seal(), builder.Register()
    archive = builder.pack(builder.members(sealed, register, register.seal(sealed.facts)))
    trusted = Anchors((builder.sealer().chain[0],))
    contents = verify(io.BytesIO(archive), Options(trusted, Anchors(), builder.NOW)).contents
    assert contents is not None
    changed = io.BytesIO(builder.flipped(archive, archive.index(b"RIFF") + 300))
    with pytest.raises(StateError, match="changed since it was verified"):
        list(extract(changed, contents, tmp_path, ["E1"]))
    assert list(tmp_path.iterdir()) == []
    for now in (b"", archive[: len(archive) // 2]):
        with pytest.raises(StateError, match="changed since it was verified"):
            list(extract(io.BytesIO(now), contents, tmp_path, ["E1"]))
