"""Sound files of a PBX, compared with the versions of the notice that a vault holds."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from evidence.digests import CHUNK
from evidence.errors import UsageError
from evidence.findings import Finding
from evidence.intake.dialplan.sounds import ENDINGS, Names
from evidence.messages import t
from evidence.model.notice import Sound
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import open_regular
from evidence.operations.doctor.pbx.telling import shown
from evidence.operations.notices import SHORT, NoticeVersion
from evidence.text import visible

_FREESWITCH = "/freeswitch/sounds/"
_MOST = 200_000
"""More files than this aren't looked at."""


def check(folder: Path, versions: list[NoticeVersion], found: Found) -> None:
    """Compare the sounds by whose names the versions are played.

    Args:
        folder: the PBX's folder of sounds, such as /var/lib/asterisk/sounds.
        versions: those in force.
        found: takes findings.

    Raises:
        UsageError: there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(t("pbx.no_folder", folder=visible(str(folder))), t("pbx.sounds_hint"))
    files = list(_files(folder))
    for version in versions:
        notice = version.notice
        if notice is not None and notice.sound is not None and notice.played_as:
            _version(folder, files, version, found)


def _files(folder: Path) -> Iterator[str]:
    """Names of sound files below the folder; links to folders aren't followed."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > _MOST:
                return
            if name.rpartition(".")[2].lower() in ENDINGS:
                yield (Path(place) / name).relative_to(folder).as_posix()


def _version(folder: Path, files: list[str], version: NoticeVersion, found: Found) -> None:
    notice = version.notice
    if notice is None or notice.sound is None:
        return
    for name in notice.played_as:
        names = Names((name,))
        fitting = [file for file in files if names.find(file) or names.find(f"{_FREESWITCH}{file}")]
        values = {"name": name, "notice": version.id[:SHORT]}
        if not fitting:
            found(Finding("PBX_NOTICE_SOUND_MISSING", str(folder), values))
        else:
            _compare(folder, fitting, notice.sound, values, found)


def _compare(folder: Path, fitting: list[str], sound: Sound, values: dict[str, str], found: Found) -> None:
    ending = sound.file.rpartition(".")[2].lower()
    for file in fitting:
        path = folder / file
        if file.rpartition(".")[2].lower() != ending:
            found(Finding("PBX_NOTICE_SOUND_OTHER_FORMAT", str(path), {**values, "ending": ending}))
            continue
        try:
            digest = _digest(path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            found(Finding("PBX_CONFIG_UNREADABLE", str(path), {"reason": reason or shown(str(error))}))
            continue
        if digest != sound.sha256:
            found(Finding("PBX_NOTICE_SOUND_DIFFERS", str(path), {**values, "sha256": digest.hex()}))


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.digest()
