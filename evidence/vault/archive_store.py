"""Published archives: put there without overwriting, found again after a crash.

They stand in a folder for each day (UTC) on which they were entered in the register; those of 0.1.0 stand
beside these folders.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evidence.digests import CHUNK
from evidence.errors import StoreError
from evidence.messages import t
from evidence.text import visible
from evidence.vault.durable import Durable
from evidence.vault.layout import Layout

SUFFIX = ".asice"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


def _names(number: str) -> Iterator[str]:
    """File names for an incident's archives: the number itself, then ``number-2`` and so on.

    A number that would be hidden, taken for an option or be a device's name on Windows gets a word before it.
    """
    harmless = number[:1].isalnum() and number.partition(".")[0].lower() not in _DEVICES
    stem = number if harmless else f"incident-{number}"
    yield f"{stem}{SUFFIX}"
    further = 2
    while True:
        yield f"{stem}-{further}{SUFFIX}"
        further += 1


def require_links(layout: Layout) -> None:
    """Refuse a file system without hard links, by which archives are published without overwriting.

    Raises:
        StoreError: it has none.
    """
    probe = layout.archives / ".link"
    try:
        probe.hardlink_to(layout.config)
        probe.unlink()
    except OSError as error:
        raise StoreError(t("vault.no_links"), t("vault.no_links_hint")) from error


def published(layout: Layout) -> Iterator[Path]:
    """All archives, in the order of their days and names."""
    yield from sorted(layout.archives.glob(f"*{SUFFIX}"))
    for folder in days(layout):
        yield from sorted(folder.glob(f"*{SUFFIX}"))


def days(layout: Layout) -> list[Path]:
    """The folders of the days, the oldest first."""
    return sorted(path for path in layout.archives.iterdir() if _DAY.fullmatch(path.name))


def named(layout: Layout, number: str) -> Path | None:
    """The oldest archive that bears an incident's number as its name."""
    name = f"{number}{SUFFIX}"
    found = [layout.archives / name, *sorted(layout.archives.glob(f"*/{name}"))]
    return next((path for path in found if path.exists()), None)


def make_folder(durable: Durable, folder: Path) -> None:
    """Make the folder of a day, unless it is there.

    Raises:
        StoreError: the file system refuses.
    """
    if folder.is_dir():
        return
    try:
        durable.make_directory(folder)
    except FileExistsError:  # made by another process just now
        durable.sync_directory(folder.parent)
    except OSError as error:
        raise not_published(folder, error) from error


def require_publishable(layout: Layout) -> None:
    """Refuse a vault in which a staged archive couldn't be given its name, before anything is entered.

    Raises:
        StoreError: staging and archives aren't on one file system, or it has no hard links, or is read-only.
    """
    probe, link = layout.staging / "link-test.staged", layout.archives / ".link-test"
    try:
        for path in (probe, link):
            path.unlink(missing_ok=True)
        probe.touch(0o600)
        os.link(probe, link, follow_symlinks=False)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            t("vault.not_publishable", reason=reason), t("vault.not_publishable_hint")
        ) from error
    finally:
        for path in (probe, link):
            with suppress(OSError):
                path.unlink()


def publish(durable: Durable, folder: Path, staged: Path, number: str) -> Path:
    """Give a finished archive its name in a folder; an earlier archive of the same number keeps its own.

    Returns:
        The archive. Its data is durable, its name is not yet.

    Raises:
        StoreError: the file system refuses; the archive stays in staging.
    """
    for name in _names(number):
        target = folder / name
        try:
            durable.link(staged, target)
        except FileExistsError:
            continue
        except OSError as error:
            raise not_published(target, error) from error
        return target
    raise AssertionError


def not_published(path: Path, error: OSError) -> StoreError:
    """What to raise when an archive that is entered can't be finished now."""
    reason = error.strerror or str(error)
    return StoreError(t("vault.publish", path=visible(str(path)), reason=reason), t("vault.publish_hint"))


def find(folder: Path, staged: Path, body_length: int, tail: bytes, number: str) -> Path | None:
    """The archive that was published from a staged file before a crash, if it was.

    Args:
        folder: where archives of its day stand.
        staged: the staged file: the body, perhaps with its tail.
        body_length: bytes of the body.
        tail: what follows the body.
        number: the incident's number.
    """
    for name in _names(number):
        target = folder / name
        if not target.exists():
            return None
        if target.samefile(staged) or _is_made_of(target, staged, body_length, tail):
            return target
    raise AssertionError


def _is_made_of(target: Path, staged: Path, body_length: int, tail: bytes) -> bool:
    """Whether an archive holds exactly that body and that tail (a vault copied without its hard links)."""
    if target.stat().st_size != body_length + len(tail):
        return False
    with target.open("rb") as archive, staged.open("rb") as body:
        left = body_length
        while left:
            chunk = body.read(min(CHUNK, left))
            if not chunk or archive.read(len(chunk)) != chunk:
                return False
            left -= len(chunk)
        return archive.read() == tail
