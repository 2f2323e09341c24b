"""The newest checkpoint is put where a restored vault can't take it back: files, a command, witnesses.

What goes wrong is returned, and never keeps anything from being sealed. A place that holds a newer or a
contradicting checkpoint is an alarm: it is left as it is.
"""

from collections.abc import Iterator
from pathlib import Path

from evidence.messages import t
from evidence.operations import second_command, witnessing
from evidence.operations.problem import Problem
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import heads, locks, places
from evidence.vault.durable import save
from evidence.vault.heads import Standing
from evidence.vault.vault import Vault

__all__ = ["Problem", "put"]


class _Alarm(Exception):
    """A place must not be written to; holds the words that say why."""


def put(vault: Vault, seams: Seams) -> tuple[Problem, ...]:
    """Put the newest checkpoint into every second place of the configuration.

    Args:
        vault: an open vault; nothing of its register is changed.
        seams: the file system.

    Returns:
        What didn't succeed, place by place; empty when all did, or none is configured.
    """
    configured = vault.config.second_place
    if not (configured.files or configured.command or configured.witnesses):
        return ()
    with locks.held(vault.layout.second_place_lock):
        note = vault.store.checkpoint()
        problems = list(_files(vault, note, seams))
        if configured.command:
            problems += second_command.run(configured.command, note)
        for witness in configured.witnesses:
            problems += witnessing.ask(vault, witness, note, seams)
    return tuple(problems)


def _files(vault: Vault, note: bytes, seams: Seams) -> Iterator[Problem]:
    for path in vault.config.second_place.files:
        try:
            _put_file(vault, path, note, seams)
        except OSError as error:
            reason = visible(error.strerror or str(error))
            yield Problem(visible(str(path)), t("recover.place_unwritable", reason=reason))
        except _Alarm as alarm:
            yield Problem(visible(str(path)), str(alarm), is_alarm=True)


def _put_file(vault: Vault, path: Path, note: bytes, seams: Seams) -> None:
    """Write a place that is behind; an empty file is what a crash of its file system may have left."""
    try:
        old = places.read(path)
    except FileNotFoundError:
        old = b""
    if old:
        found = heads.compare(vault.store, old)
        if found.standing is Standing.SAME and old == note:
            return
        if found.standing is Standing.FOREIGN:
            raise _Alarm(t("recover.place_foreign"))
        if found.standing is Standing.AHEAD:
            raise _Alarm(t("recover.place_ahead", seen=found.size, size=vault.store.size()))
        if found.standing in {Standing.CONTRADICTS, Standing.FORMER_AHEAD}:
            raise _Alarm(t("recover.place_contradicts", n=found.size))
    save(seams.durable, path, note)
