"""Inboxes that may be worked through: apart from each other, and from what the vault keeps.

Whatever lies in an inbox and isn't an incident goes to quarantine: in the vault's own folder that would be
its keys, and in an inbox that holds another one, the other one.
"""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from evidence.errors import UsageError
from evidence.messages import t
from evidence.text import visible
from evidence.vault.layout import FOLDERS, Layout


def require_apart(layout: Layout, done: Path, inboxes: Sequence[Path]) -> None:
    """Refuse inboxes that would make a batch take its own vault, or another inbox, for an incident.

    Args:
        layout: the vault's paths.
        done: where originals are moved to.
        inboxes: their real paths, each once.

    Raises:
        UsageError: one is the vault, holds it, or is one of the folders it keeps things in; or holds another.
    """
    kept = [layout.root / name for name in FOLDERS if layout.root / name != layout.incidents]
    kept += [layout.quarantine, layout.removed, layout.spool, layout.received, layout.hotkeys]
    kept += [layout.next_register, done]
    for inbox in inboxes:
        if layout.root.resolve().is_relative_to(inbox):
            raise _refused("batch.inbox_of_vault", inbox)
        if any(_overlap(inbox, path.resolve()) for path in kept):
            raise _refused("batch.inbox_kept", inbox)
    for one, other in combinations(inboxes, 2):
        if _overlap(one, other):
            raise _refused("batch.inbox_twice", one, other)


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _refused(key: str, *folders: Path) -> UsageError:
    shown = [visible(str(folder)) for folder in folders]
    return UsageError(t(key, folder=shown[0], other=shown[-1]), t("batch.inbox_apart_hint"))
