"""`evidence report`: what people look at, written from an archive that was verified just before."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evidence.digests import sha256_hex
from evidence.errors import StateError, UsageError
from evidence.messages import t
from evidence.operations.newfile import exists, new_file
from evidence.reporting.installed import is_installed
from evidence.reporting.pages import verifier_page
from evidence.reporting.pdf import report_pdf, short_pdf
from evidence.reporting.sounds import MOST_SOUND, page_sounds
from evidence.reporting.viewer import ViewerPage, viewer_page
from evidence.text import visible
from evidence.verify import answer
from evidence.verify.results import Verification


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written.

    Attributes:
        files: by what it is (``pdf``, ``short``, ``html``) the file to write; none exists yet.
        language: of the reports, one of messages.report_languages.
    """

    files: Mapping[str, Path]
    language: str


def prepare(files: Mapping[str, Path], archive: Path | None) -> None:
    """See that everything can be written, before an archive of gigabytes is read.

    Args:
        files: as of Wanted, and perhaps ``verifier``.
        archive: the file that is to be verified.

    Raises:
        UsageError: one file is named twice.
        StateError: a file exists, or the extra for PDF isn't installed.
        OSError: the folder for a file isn't there.
    """
    taken = {archive.resolve()} if archive else set()
    for path in files.values():
        if path.resolve() in taken:
            told = visible(str(path))
            raise UsageError(t("reporting.same_twice", path=told), t("reporting.same_twice_hint"))
        taken.add(path.resolve())
        if path.is_symlink() or path.exists():
            raise exists(path, t("reporting.exists_hint"))
        path.parent.resolve(strict=True)
    if {"pdf", "short"} & set(files):
        _require_typst()


def _require_typst() -> None:
    if not is_installed():
        raise StateError(t("reporting.no_typst"), t("reporting.no_typst_hint"))


def report(archive: Path, found: Verification, wanted: Wanted, made: dt.datetime, *, sound: bool) -> None:
    """Write what was asked for, one file after another; one that fails is removed and ends it.

    Args:
        archive: the file that was verified.
        found: the answer about it.
        wanted: what is to be written.
        made: the host's clock.
        sound: whether the page gets the recordings' sound.

    Raises:
        StateError: a file has come into being meanwhile, or the archive was changed.
        OSError: the archive can't be read, or a file can't be written.
    """
    for name, path in wanted.files.items():
        with new_file(path, t("reporting.exists_hint")) as out:
            for piece in _pieces(name, archive, found, wanted.language, made, sound=sound):
                out.write(piece)


def verifier(path: Path) -> str:
    """Write the page that verifies archives; gives its SHA-256 in hexadecimal.

    Raises:
        StateError: the file exists.
        OSError: it can't be written.
    """
    page = verifier_page()
    with new_file(path, t("reporting.exists_hint")) as out:
        out.write(page)
    return sha256_hex(page)


def _pieces(
    name: str, archive: Path, found: Verification, language: str, made: dt.datetime, *, sound: bool
) -> Iterator[bytes]:
    if name == "html":
        yield from _page(archive, found, language, made, sound=sound)
        return
    yield report_pdf(found, language) if name == "pdf" else short_pdf(found, language)


def _page(
    archive: Path, found: Verification, language: str, made: dt.datetime, *, sound: bool
) -> Iterator[bytes]:
    records = found.contents.records.values() if found.contents else ()
    page = ViewerPage(archive.name, answer.document(archive.name, found), records, language, made)
    if found.contents is None:
        yield from viewer_page(page, ())
        return
    with archive.open("rb") as file:
        yield from viewer_page(page, page_sounds(file, found.contents, MOST_SOUND if sound else 0))
