"""`evidence report`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.progress import progress
from evidence.cli.verifying import verification_options
from evidence.errors import ExitCode, UsageError
from evidence.messages import language, report_languages, t

if TYPE_CHECKING:
    from evidence.operations.report import Wanted
    from evidence.operations.verification import Request

_DOCUMENTS = ("pdf", "short", "html", "verifier")


def _target_option(name: str) -> click.Option:
    return click.Option(
        [f"--{name}"],
        type=click.Path(path_type=Path, dir_okay=False),
        metavar=t("cli.metavar_file"),
        help=t(f"reporting.opt_{name}"),
    )


@new_command("report", speaks=report_languages(), params=[_target_option(name) for name in _DOCUMENTS])
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar=t("reporting.metavar_file"))
@click.option("--sound/--no-sound", default=True, help=t("reporting.opt_sound"))
@verification_options
def command(
    file: Path | None,
    *,
    request: "Request",
    lang: str | None,
    sound: bool,
    verifier: Path | None,
    **targets: Path | None,
) -> ExitCode:
    """Verify an archive, then write what people look at; or write the page that verifies."""
    from evidence.operations.report import Wanted, prepare

    chosen = {name: path for name, path in targets.items() if path is not None}
    if file is None and (chosen or verifier is None):
        raise UsageError(t("reporting.no_archive"), t("reporting.no_archive_hint"))
    if file is not None and not chosen and verifier is None:
        chosen = {"pdf": Path(f"{file.stem}.pdf")}
    prepare(chosen if verifier is None else {**chosen, "verifier": verifier}, file)
    code = ExitCode.DONE
    if file is not None and chosen:
        code = _report(file, request, Wanted(chosen, lang or language()), sound=sound)
    if verifier is not None:
        _verifier(verifier)
    return code


def _report(file: Path, request: "Request", wanted: "Wanted", *, sound: bool) -> ExitCode:
    from evidence.cli import verdict
    from evidence.operations.report import report
    from evidence.operations.seams import Seams
    from evidence.operations.verification import Verifier

    seams = Seams()
    with progress(0, str(file)) as bar:
        found = Verifier(request, seams).verify(file, bar)
    verdict.print_verdict(str(file), found)
    if found.contents is None:
        wanted = _refused(wanted)
    console.line()
    report(file, found, wanted, seams.clock(), sound=sound)
    for name, path in wanted.files.items():
        console.line(console.words(f"reporting.written_{name}", path=str(path)))
    return verdict.EXIT[found.verdict]


def _refused(wanted: "Wanted") -> "Wanted":
    """Say that the verdict alone is reported, and what is left of that which was wanted."""
    console.warning(t("reporting.refused"), t("reporting.refused_hint"))
    if "short" in wanted.files:
        console.warning(t("reporting.short_refused"))
    return replace(wanted, files={name: path for name, path in wanted.files.items() if name != "short"})


def _verifier(path: Path) -> None:
    from evidence.operations.report import verifier

    digest = verifier(path)
    console.line(console.words("reporting.written_verifier", path=str(path)))
    console.line(t("reporting.verifier_digest", sha256=digest))
    console.note(t("reporting.verifier_compare"))
