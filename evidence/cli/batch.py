"""`evidence batch`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli.batchtelling import Telling
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_option, passphrase_source, vault_option
from evidence.errors import StateError, UsageError
from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from evidence.operations.batch import Batch
    from evidence.vault.vault import Vault

_CHUNK, _CLUSTER_CHUNK = 16, 100
_Path = click.Path(path_type=Path)


@new_command("batch")
@click.argument("inboxes", nargs=-1, metavar=t("cli.metavar_inboxes"))
@click.option("--retry", is_flag=True, help=t("cli.batch_opt_retry"))
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help=t("cli.batch_opt_workers"))
@click.option("--executor", metavar="dask://HOST:PORT", help=t("cli.batch_opt_executor"))
@click.option("--size", type=click.IntRange(1, 10000), metavar="N", help=t("cli.batch_opt_size"))
@vault_option
@passphrase_option
@json_option
def command(
    inboxes: Sequence[str],
    *,
    retry: bool,
    workers: int | None,
    executor: str | None,
    size: int | None,
    vault: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> int:
    """Seal what is in the inboxes; what can't be sealed is set aside with a reason."""
    from evidence.operations.batch import Batch, Options
    from evidence.operations.batchgroup import Means
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams
    from evidence.vault import locks
    from evidence.vault.vault import load_keys

    seams = Seams()
    with open_vault(vault, seams) as opened, locks.tried(opened.layout.batch_lock) as is_alone:
        if not is_alone:
            raise StateError(t("batch.running"), t("batch.running_hint"))
        settings = opened.config.batch
        folders = _folders(opened, inboxes, is_retry=retry)

        @cache
        def keys() -> Any:
            return load_keys(opened, passphrase_source(passphrase_fd))

        count = workers or (1 if executor else settings.workers)
        with _workers(count, executor) as force, Telling(seams, as_json=as_json) as events:
            chunk = _CLUSTER_CHUNK if executor else _CHUNK
            overlapped = bool(executor) or count > 1
            done = opened.layout.root / settings.done
            options = Options(size or settings.size, overlapped, settings.originals, done)
            batch = Batch(Means(opened, keys, seams, force, chunk), options, events)
            try:
                batch.recover()
                if retry:
                    _retry(batch, opened, inboxes)
                for folder in folders:
                    batch.run(folder, rules_of(opened, folder))
            finally:
                batch.close()
            return events.summary(opened)


def rules_of(vault: "Vault", folder: Path) -> Any:
    """The rules for an inbox."""
    from evidence.intake.inbox import Rules

    return Rules(vault.config.batch.quiet_seconds)


def _folders(vault: "Vault", named: Sequence[str], *, is_retry: bool) -> list[Path]:
    """The inboxes to look through; those of the configuration where none is named."""
    if is_retry:
        return []
    folders = [Path(name) for name in named]
    if not folders:
        folders = [vault.layout.root / inbox for inbox in vault.config.batch.inboxes]
    for folder in folders:
        if not folder.is_dir() and folder != vault.layout.inbox:
            message = t("batch.no_inbox", folder=visible(str(folder)))
            raise UsageError(message, t("batch.no_inbox_hint"))
    return [folder.resolve() for folder in folders if folder.is_dir()]


def _retry(batch: "Batch", vault: "Vault", named: Sequence[str]) -> None:
    """Try again what is in quarantine, or what of it is named."""
    from evidence.operations import quarantine

    there = {found.folder.name: found for found in quarantine.listed(vault.layout)}
    wanted = [Path(name).name for name in named] or list(there)
    for name in wanted:
        if name not in there:
            known = ", ".join(map(visible, list(there)[:10])) or "-"
            raise UsageError(
                t("batch.not_quarantined", name=visible(name)), t("batch.not_quarantined_hint", list=known)
            )
        found = there[name]
        origin = quarantine.origin(found)[0] if found.reason else found.content
        batch.retry(found, rules_of(vault, origin))


@contextmanager
def _workers(count: int, executor: str | None) -> "Iterator[Executor]":
    from evidence.operations import workforce

    if executor:
        with workforce.cluster(executor) as force:
            yield force
    elif count > 1:
        with workforce.processes(count) as force:
            yield force
    else:
        yield workforce.Inline()
