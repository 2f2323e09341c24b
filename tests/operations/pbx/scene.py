"""A PBX's configuration, examined with and without versions of the notice."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from evidence.findings import Finding
from evidence.model.notice import Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.recording import RecordingFacts
from evidence.operations.doctor.pbx.run import examine
from evidence.operations.notices import NoticeVersion
from tests.operations.pbx.configurations import write

NAME = "custom/recording-notice"


def version(*played_as: str, sound: bytes | None = None) -> NoticeVersion:
    """A version of the notice; its sound by digest."""
    time = StatedTime("2025-12-31T22:00:00.000Z", "2026-01-01", "test")
    kept = Sound("notice.wav", "sound.wav", 1, sound, RecordingFacts()) if sound is not None else None
    notice = Notice(
        "7a40ed4c-6a3c-4a51-9a0e-7f1d6e2c9b35",
        "uk",
        KeyClause(0, 1),
        time,
        "x",
        Added("2026-01-01T00:00:00.000Z", "x", "y", "z"),
        sound=kept,
        played_as=played_as,
    )
    return NoticeVersion(notice.id, 1, Path("nowhere"), notice)


def examined(
    root: Path,
    files: Mapping[str, str],
    versions: Sequence[NoticeVersion] | None = (version(NAME),),
    sounds: Path | None = None,
) -> list[Finding]:
    """The findings in a directory with these files."""
    found: list[Finding] = []
    examine(write(root, files), sounds, versions, found.append)
    return found


def codes(findings: Sequence[Finding]) -> list[str]:
    """Codes without the prefix that all have."""
    return [finding.code.removeprefix("PBX_") for finding in findings]
