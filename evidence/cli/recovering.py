"""`evidence register recover`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_option, passphrase_source, vault_option
from evidence.cli.question import ask, can_ask
from evidence.errors import ExitCode, StateError, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.operations.recovery import Survey
    from evidence.operations.seams import Seams

_SHOWN = 10
"""Rows of missing entries that an error names; --json names all."""


@new_command("register recover")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_file"),
    help=t("cli.register_recover_opt_from"),
)
@click.option("--yes", is_flag=True, help=t("cli.register_recover_opt_yes"))
@click.option("--new-register", is_flag=True, help=t("cli.register_recover_opt_new_register"))
@click.option("--reason", metavar=t("cli.metavar_text"), help=t("cli.register_recover_opt_reason"))
@vault_option
@passphrase_option
@json_option
def recover(
    *,
    sources: Sequence[Path],
    yes: bool,
    new_register: bool,
    reason: str | None,
    vault: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> int:
    """Bring back what the register lacks."""
    import os

    from evidence.operations.exchange import is_begun
    from evidence.operations.recovery import Ground, survey
    from evidence.operations.seams import Seams
    from evidence.vault.vault import locate

    if new_register != bool(reason and reason.strip()):
        raise UsageError(t("recover.reason_needed"), t("recover.reason_needed_hint"))
    seams = Seams()
    ground = Ground.at(locate(vault, os.environ, Path.cwd(), seams.user), seams)
    try:
        if is_begun(ground.layout):
            return _finish(ground, as_json=as_json)
        found = survey(ground, sources)
        if not as_json:
            _explain(found)
        if not new_register and found.outcome not in {"whole", "behind", "rebuild"}:
            if as_json:
                console.json_line({**_document(found), "done": False})
            raise _impossible(found)
        _require_consent(found, yes=yes, new_register=new_register)
        if new_register:
            _begin_anew(found, sources, str(reason), passphrase_fd, as_json=as_json)
        else:
            _restore(found, sources, as_json=as_json)
    finally:
        seams.durable.close()
    _put(ground.layout.root, seams)
    return ExitCode.DONE


def _explain(found: "Survey") -> None:
    console.line(t(f"recover.state_{found.state}", n=found.size))
    for source in found.sources:
        if source.entries:
            console.line(console.words("recover.source", place=source.name, n=len(source.entries)))
    newest = found.chain.newest
    if newest is not None:
        console.line(console.words("recover.newest", place=newest.place, n=newest.head.size))
    for path in found.archives.unreadable:
        console.warning(console.words("recover.archive_unreadable", path=str(path)))
    if found.archives.foreign:
        console.note(t("recover.archives_foreign", n=found.archives.foreign))
    if found.outcome in {"whole", "behind", "rebuild"}:
        console.line(t(f"recover.plan_{found.outcome}", n=len(found.chain.documents)))


def _impossible(found: "Survey") -> StateError:
    """Why a register can't be recovered, and what is left to do."""
    fork = found.chain.fork
    if fork is not None:
        words = t("recover.forked", n=fork.size, one=fork.one, other=fork.other)
        return StateError(words, t("recover.forked_hint"))
    if found.outcome == "unknown":
        return StateError(t("recover.nothing_left"), t("recover.nothing_left_hint"))
    rows = [str(first) if first == last else f"{first}-{last}" for first, last in found.chain.missing]
    more = ", …" if len(rows) > _SHOWN else ""
    listed = ", ".join(rows[:_SHOWN]) + more
    return StateError(t("recover.incomplete", n=found.missing, list=listed), t("recover.incomplete_hint"))


def _require_consent(found: "Survey", *, yes: bool, new_register: bool) -> None:
    if yes or (found.outcome == "whole" and not new_register):
        return
    if not can_ask():
        raise UsageError(t("recover.yes_needed"), t("recover.yes_needed_hint"))
    if new_register:
        console.note(t("recover.plan_new"))
    if not ask(t("recover.question")):
        raise StateError(t("recover.not_done"))


def _restore(found: "Survey", sources: Sequence[Path], *, as_json: bool) -> None:
    from evidence.operations.recovery_act import restore

    done = restore(found, sources)
    if as_json:
        what = {
            "added": done.added,
            "claimed": done.claimed,
            "nameless": done.nameless,
            "absent": done.absent,
        }
        console.json_line({**_document(found), "done": True, **what})
    else:
        console.line(t("recover.done", n=done.size))
    if done.nameless:
        console.warning(t("recover.nameless", n=len(done.nameless)), t("recover.nameless_hint"))
    if done.absent:
        listed = ", ".join(map(str, done.absent[:_SHOWN])) + (", …" if len(done.absent) > _SHOWN else "")
        console.warning(t("recover.absent", n=len(done.absent), list=listed), t("recover.absent_hint"))
    if done.unremembered:
        console.warning(console.words("vault.head_not_remembered", reason=done.unremembered))


def _begin_anew(
    found: "Survey", sources: Sequence[Path], reason: str, passphrase_fd: int | None, *, as_json: bool
) -> None:
    from evidence.operations.retire import new_register

    done = new_register(found, tuple(sources), reason.strip(), passphrase_source(passphrase_fd))
    if as_json:
        what = {"retired": str(done.folder), "origin": done.origin, "register_key": done.register_key}
        console.json_line({**_document(found), "done": True, **what})
    else:
        console.line(console.words("recover.retired", folder=str(done.folder), origin=done.origin))
        console.exact(done.register_key)
    if done.nameless:
        console.warning(t("recover.nameless", n=done.nameless), t("recover.nameless_hint"))
    console.note(t("recover.tell_others"))


def _finish(ground: Any, *, as_json: bool) -> int:
    """Finish an exchange of registers that was interrupted; it was consented to when it began."""
    from evidence.operations.exchange import exchange
    from evidence.vault import locks

    with locks.held(ground.layout.lock):
        folder = exchange(ground)
    _put(ground.layout.root, ground.seams)
    if as_json:
        console.json_line({"outcome": "finished", "done": True, "retired": str(folder)})
    else:
        console.line(console.words("recover.finished", folder=str(folder)))
    return ExitCode.DONE


def _put(root: Path, seams: "Seams") -> None:
    """Let the user's own folder and the second places know how the register is now."""
    from evidence.operations.second_place import put
    from evidence.vault import locks
    from evidence.vault.vault import Vault

    vault = Vault(root, seams.durable, seams.user)
    try:
        with locks.held(vault.layout.lock):
            vault.write_head()
        tell(put(vault, seams))
    finally:
        vault.close()


def tell(problems: Sequence[Any]) -> int:
    """Tell of second places that aren't as they should be; 9 where one of them is an alarm."""
    for problem in problems:
        key = "recover.place_alarm" if problem.is_alarm else "recover.place_problem"
        hint = t("recover.place_alarm_hint") if problem.is_alarm else ""
        console.warning(t(key, place=problem.place, problem=problem.message), hint)
    return ExitCode.QUARANTINED if any(problem.is_alarm for problem in problems) else ExitCode.DONE


def _document(found: "Survey") -> dict[str, Any]:
    newest, fork = found.chain.newest, found.chain.fork
    return {
        "outcome": found.outcome,
        "state": found.state,
        "entries": found.size,
        "newest": None if newest is None else {"size": newest.head.size, "place": newest.place},
        "found": len(found.chain.documents),
        "missing": [list(row) for row in found.chain.missing],
        "fork": None if fork is None else {"size": fork.size, "one": fork.one, "other": fork.other},
        "unreadable_archives": [str(path) for path in found.archives.unreadable],
    }
