"""Published archives: put there without overwriting, found again after a crash."""

from collections.abc import Iterator
from pathlib import Path

from evidence.digests import CHUNK
from evidence.errors import StoreError
from evidence.messages import t
from evidence.text import visible
from evidence.vault.durable import Durable
from evidence.vault.layout import Layout

SUFFIX = ".asice"


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


def publish(durable: Durable, layout: Layout, staged: Path, number: str) -> Path:
    """Give a finished archive its name; an earlier archive of the same number keeps its own.

    Returns:
        The archive. Its data is durable, its name is not yet.

    Raises:
        StoreError: the file system refuses; the archive stays in staging.
    """
    for name in _names(number):
        target = layout.archives / name
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


def find(layout: Layout, staged: Path, body_length: int, tail: bytes, number: str) -> Path | None:
    """The archive that was published from a staged file before a crash, if it was.

    Args:
        layout: the vault's paths.
        staged: the staged file: the body, perhaps with its tail.
        body_length: bytes of the body.
        tail: what follows the body.
        number: the incident's number.
    """
    for name in _names(number):
        target = layout.archives / name
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
