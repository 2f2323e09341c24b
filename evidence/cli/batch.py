"""`evidence batch`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_option, passphrase_source, vault_option
from evidence.errors import ExitCode, UsageError
from evidence.messages import report_languages, t
from evidence.text import visible

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from evidence.cli.batchtelling import Telling
    from evidence.operations.batch import Batch
    from evidence.vault.vault import Vault

_CHUNK, _CLUSTER_CHUNK = 16, 100
_FILE = click.Path(path_type=Path, dir_okay=False)


@new_command("batch")
@click.argument("inboxes", nargs=-1, metavar=t("cli.metavar_inboxes"))
@click.option("--retry", is_flag=True, help=t("cli.batch_opt_retry"))
@click.option("--workers", type=click.IntRange(1, 256), metavar="N", help=t("cli.batch_opt_workers"))
@click.option("--search", type=click.Choice(["beginning", "whole", "off"]), help=t("cli.seal_opt_search"))
@click.option("--no-waveform", is_flag=True, help=t("cli.seal_opt_no_waveform"))
@click.option("--report", type=click.Choice([*report_languages(), "off"]), help=t("cli.seal_opt_report"))
@click.option("--executor", metavar="dask://HOST:PORT", help=t("cli.batch_opt_executor"))
@click.option("--size", type=click.IntRange(1, 10000), metavar="N", help=t("cli.batch_opt_size"))
@click.option("--log", type=click.Choice(["stderr", "syslog"]), default="stderr", help=t("cli.batch_opt_log"))
@click.option("--metrics", type=_FILE, metavar=t("cli.metavar_file"), help=t("cli.batch_opt_metrics"))
@click.option("--print-unit", is_flag=True, help=t("cli.batch_opt_print_unit"))
@vault_option
@passphrase_option
@json_option
def command(inboxes: Sequence[str], *, vault: Path | None, print_unit: bool, **options: Any) -> int:
    """Seal what is in the inboxes; what can't be sealed is set aside with a reason."""
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened:
        if print_unit:
            return _print_unit(opened, inboxes, options)
        return _run(opened, inboxes, seams, options)


def _run(vault: "Vault", inboxes: Sequence[str], seams: Any, options: dict[str, Any]) -> int:
    """One batch, and what is told and measured about it, however it ends."""
    from evidence.cli.batchtelling import Telling
    from evidence.cli.logbook import logbook
    from evidence.operations import metrics
    from evidence.vault.locks import NamedLock

    begun, code = seams.clock(), int(ExitCode.BUG)
    settings = vault.config.batch
    place = options["metrics"] or (vault.layout.root / settings.metrics if settings.metrics else None)
    with logbook(options["log"]) as book, NamedLock(vault.layout.batch_lock, "batch", seams.clock):
        telling = Telling(book, begun, as_json=options["as_json"])
        summary = None
        try:
            with telling:
                _seal(vault, inboxes, seams, options, telling)
            summary = telling.summary(vault, seams.clock())
            code = telling.exit_code()
        except Exception as error:
            code = int(getattr(error, "exit_code", ExitCode.STORE))
            raise
        finally:
            if place is not None:
                run = metrics.Run(vault.config.origin, begun, seams.clock(), code, summary)
                reason = metrics.write(place, run)
                if reason:
                    console.warning(t("batch.metrics", reason=reason), t("batch.metrics_hint"))
    return code


def _seal(
    vault: "Vault", inboxes: Sequence[str], seams: Any, options: dict[str, Any], telling: "Telling"
) -> None:
    from evidence.operations.batch import Batch, Options
    from evidence.operations.batchgroup import Means
    from evidence.operations.inside import language_of
    from evidence.operations.searching import search_of
    from evidence.vault.vault import load_keys

    settings, executor = vault.config.batch, options["executor"]
    folders = _folders(vault, () if options["retry"] else inboxes, telling)

    @cache
    def keys() -> Any:
        return load_keys(vault, passphrase_source(options["passphrase_fd"]))

    report = language_of(vault.config, options["report"])
    if report and executor:
        raise UsageError(t("batch.report_executor"), t("batch.report_executor_hint"))
    search = search_of(vault, options["search"], draws=not options["no_waveform"])
    for version in search.gathered.damaged:
        telling.problem(t("seal.version_damaged", id=version[:8]), t("seal.version_damaged_hint", id=version))
    workers = options["workers"] or (1 if executor else settings.workers)
    with _workforce(workers, executor) as force:
        chunk = _CLUSTER_CHUNK if executor else _CHUNK
        done = vault.layout.root / settings.done
        how = Options(
            options["size"] or settings.size, bool(executor) or workers > 1, settings.originals, done
        )
        batch = Batch(Means(vault, keys, seams, force, chunk, search, report), how, telling)
        try:
            batch.recover()
            if options["retry"]:
                folders = _retry(batch, vault, inboxes, folders)
            for folder in folders:
                batch.run(folder, vault.config.inbox_rules)
            batch.finish()
        finally:
            batch.close()


def _folders(vault: "Vault", named: Sequence[str], telling: "Telling") -> list[Path]:
    """The inboxes that are named, else those of the configuration, of which missing ones are told.

    Raises:
        UsageError: a named one isn't there, or they aren't apart.
    """
    from evidence.intake.inbox.scanning import places
    from evidence.operations.inboxes import require_apart

    folders = [Path(name) for name in named]
    if not folders:
        folders = [vault.layout.root / inbox for inbox in vault.config.batch.inboxes]
    for folder in folders:
        if not folder.is_dir():
            error = UsageError(t("batch.no_inbox", folder=visible(str(folder))), t("batch.no_inbox_hint"))
            if named:
                raise error
            if folder == vault.layout.inbox:
                vault.durable.make_directory(folder)
            else:
                telling.alarm(folder.name, error)
    there = list(dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()))
    require_apart(vault.layout, vault.layout.root / vault.config.batch.done, there)
    return there if named else list(dict.fromkeys(places(there, vault.config.inbox_rules)))


def _retry(batch: "Batch", vault: "Vault", named: Sequence[str], own: Sequence[Path]) -> list[Path]:
    """Try again what is in quarantine, or what of it is named; returns own inboxes to look at again.

    Raises:
        UsageError: nothing is called so.
    """
    from evidence.operations import quarantine

    folders: list[Path] = []
    there = {found.folder.name: found for found in quarantine.listed(vault.layout)}
    for name in [Path(name).name for name in named] or list(there):
        if name not in there:
            known = ", ".join(map(visible, list(there)[:10])) or "-"
            message = t("batch.not_quarantined", name=visible(name))
            raise UsageError(message, t("batch.not_quarantined_hint", list=known))
        again = batch.retry(there[name], vault.config.inbox_rules, own)
        if again is not None and again not in folders:
            folders.append(again)
    return folders


@contextmanager
def _workforce(count: int, executor: str | None) -> "Iterator[Executor]":
    from evidence.operations import workforce

    if executor:
        with workforce.cluster(executor) as force:
            yield force
    elif count > 1:
        with workforce.processes(count) as force:
            yield force
    else:
        yield workforce.Inline()


def _print_unit(vault: "Vault", inboxes: Sequence[str], options: dict[str, Any]) -> int:
    """Print files for systemd and a line for cron that start this very batch."""
    from evidence.cli import units

    arguments = [
        word
        for name in ("workers", "executor", "size", "search", "report")
        if options[name] is not None
        for word in (f"--{name}", str(options[name]))
    ]
    arguments += ["--no-waveform"] if options["no_waveform"] else []
    if options["log"] != "stderr":
        arguments += ["--log", options["log"]]
    setup = units.setup_of(vault, [Path(inbox) for inbox in inboxes], arguments, options["metrics"])
    console.page(units.page(setup))
    return ExitCode.DONE
