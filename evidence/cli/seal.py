"""`evidence seal`."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.copying import Copying
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_option, passphrase_source, vault_option
from evidence.cli.question import ask, can_ask
from evidence.cli.sealed import print_pending, print_report, print_sealed, sealed_document
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import report_languages, t

if TYPE_CHECKING:
    from evidence.operations.seal import Sealer
    from evidence.operations.searching import Search


@new_command("seal")
@click.argument("incidents", nargs=-1, required=True, metavar=t("cli.metavar_incidents"))
@click.option("--check", is_flag=True, help=t("cli.seal_opt_check"))
@click.option("--search", type=click.Choice(["beginning", "whole", "off"]), help=t("cli.seal_opt_search"))
@click.option("--no-waveform", is_flag=True, help=t("cli.seal_opt_no_waveform"))
@click.option("--report", type=click.Choice([*report_languages(), "off"]), help=t("cli.seal_opt_report"))
@click.option("--yes", is_flag=True, help=t("cli.seal_opt_yes"))
@vault_option
@passphrase_option
@json_option
def command(
    incidents: Sequence[str],
    *,
    check: bool,
    search: str | None,
    no_waveform: bool,
    report: str | None,
    yes: bool,
    vault: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> int:
    """Seal incidents, one after another; the exit code is that of the first one that failed."""
    from evidence.cli.searchshown import Shown
    from evidence.media.probe import MediaProcess
    from evidence.media.search import SearchProcess
    from evidence.operations.incidents import locate
    from evidence.operations.inside import language_of
    from evidence.operations.opening import open_vault
    from evidence.operations.seal import Sealer
    from evidence.operations.seams import Seams
    from evidence.vault.vault import load_keys

    seams = Seams()
    with (
        open_vault(vault, seams) as opened,
        MediaProcess() as media,
        SearchProcess() as searcher,
        Telling() as events,
    ):
        folders = [locate(opened, incident) for incident in incidents]
        if check:
            return _check(opened, folders, media.probe_file, seams, extent=search, as_json=as_json)
        is_asked = not (yes or as_json) and can_ask()
        if is_asked and not _is_wanted(opened, folders, media.probe_file, seams, search):
            console.note(t("seal.not_sealed"))
            return ExitCode.REFUSED

        @cache
        def keys() -> Any:
            return load_keys(opened, passphrase_source(passphrase_fd))

        inside = language_of(opened.config, report)
        wanted = _search(opened, search, draws=not no_waveform)
        sealer = Sealer(
            opened,
            keys,
            media.probe_file,
            seams,
            events,
            search=wanted,
            searcher=Shown(searcher),
            report=inside,
        )
        sealer.recover()
        told = partial(_tell_sealed, opened, searcher, seams, is_reported=bool(inside), as_json=as_json)
        code = _seal_all(sealer, folders, events, told, as_json=as_json)
        _tell_waiting(opened, sealer.refusals)
        _tell_places(opened)
    return code


def _seal_all(
    sealer: "Sealer", folders: Sequence[Path], events: "Telling", told: Callable[..., None], *, as_json: bool
) -> int:
    """Seal incidents and tell of each; gives the exit code of the first one that failed."""
    from evidence.operations.seal import Failed

    code = ExitCode.DONE
    named = len(folders) > 1
    for outcome in sealer.seal_all(folders):
        events.finished()
        if isinstance(outcome, Failed):
            _tell_failed(outcome.path, outcome.error, named=named, as_json=as_json)
            code = code or outcome.error.exit_code
        else:
            told(outcome, named=named)
    return code


def _tell_failed(path: Path, error: EvidenceError, *, named: bool, as_json: bool) -> None:
    """Say why an incident wasn't sealed; of the only one the program's end says it."""
    if as_json:
        console.json_line(_failed_document(path, error))
    if not named:
        raise error
    folder = console.words("cli.seal_failed", folder=str(path))
    console.error(f"{folder} {error.message}", error.hint)


def _tell_sealed(
    vault: Any, searcher: Any, seams: Any, outcome: Any, *, named: bool, is_reported: bool, as_json: bool
) -> None:
    """Say what was sealed, and what is odd about it."""
    from evidence.cli.searchshown import Shown
    from evidence.operations.checking import findings
    from evidence.operations.incidents import called

    if as_json:
        found = findings(vault, outcome.folder, searcher)
        console.json_line(sealed_document(outcome, seams.clock(), found))
    else:
        name = called(vault, outcome.folder.path, outcome.number)
        found = findings(vault, outcome.folder, Shown(searcher, "seal.listening"))
        print_sealed(outcome, seams.clock(), name, found=found, named=named)
        print_report(outcome, is_wanted=is_reported)


def _tell_waiting(vault: Any, refusals: Any) -> None:
    """Say which archives wait for a time stamp, and what the authorities said."""
    from evidence.operations.stamping import pending

    print_pending(refusals, len(pending(vault)))


def _search(vault: Any, extent: str | None, *, draws: bool) -> "Search":
    """How recordings are searched; warns of versions of the notice that no archive can hold."""
    from evidence.operations.searching import search_of

    wanted = search_of(vault, extent, draws=draws)
    for version in wanted.gathered.damaged:
        console.warning(t("seal.version_damaged", id=version[:8]), t("seal.version_damaged_hint", id=version))
    return wanted


def _tell_places(vault: Any) -> None:
    """Tell which places outside the vault could not be looked at or written to."""
    if vault.unremembered:
        console.warning(console.words("vault.head_not_remembered", reason=vault.unremembered))
    for place, reason in vault.unseen:
        console.note(console.words("recover.place_unseen", place=str(place), reason=reason))


def _is_wanted(vault: Any, folders: Sequence[Path], probe: Any, seams: Any, extent: str | None) -> bool:
    """Whether to seal although something is missing: told and asked while it can still be mended."""
    from evidence.cli.prepared import Prepared
    from evidence.operations.checking import require_sealable

    missing = 0
    for folder in folders:
        try:
            require_sealable(vault, folder)
            found = Prepared(vault, folder, probe, seams.clock(), is_searched=True, extent=extent)
        except EvidenceError:  # told when it is sealed
            continue
        found.print_advice(named=len(folders) > 1)
        missing += len(found.gaps)
    return not missing or ask(t("seal.all_the_same", n=missing))


def _check(
    vault: Any, folders: Sequence[Path], probe: Any, seams: Any, *, extent: str | None, as_json: bool
) -> ExitCode:
    """Tell of each incident what hinders sealing it and what is missing; nothing is sealed or changed."""
    from evidence.cli.prepared import Prepared
    from evidence.operations.checking import require_sealable

    code = ExitCode.DONE
    for folder in folders:
        try:
            require_sealable(vault, folder)
            found = Prepared(vault, folder, probe, seams.clock(), is_searched=True, extent=extent)
        except EvidenceError as error:
            if len(folders) == 1:
                raise
            code = code or error.exit_code
            if as_json:
                console.json_line(_failed_document(folder, error))
            words = console.words("cli.check_failed", folder=str(folder))
            console.error(f"{words} {error.message}", error.hint)
            continue
        if as_json:
            console.json_line(found.document())
        else:
            found.print_summary()
            found.print_advice()
            console.line(
                t("incidents.complete" if not found.gaps else "incidents.sealable", number=found.number)
            )
    return code


def _failed_document(folder: Path, error: EvidenceError) -> dict[str, Any]:
    return {"folder": str(folder), "error": error.message, "exit_code": int(error.exit_code)}


class Telling(Copying):
    """Tells on stderr what a seal does; see operations.seal.Events."""

    def __init__(self) -> None:
        super().__init__(t("seal.progress"))

    def waiting(self) -> None:
        """Another process is sealing the same incident."""
        console.note(t("seal.waiting"))

    def recovered(self, what: Any) -> None:
        """An interrupted seal was settled."""
        values = {"archive_id": what.archive_id, "reason": what.reason}
        tell = console.note if what.outcome in {"published", "dropped"} else console.warning
        tell(console.words(f"seal.recovered_{what.outcome}", **values))
