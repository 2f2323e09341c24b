"""`evidence verify`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option
from evidence.cli.progress import progress
from evidence.cli.verifying import verification_options
from evidence.errors import ExitCode, FormatError, UsageError
from evidence.messages import t

_SEVERITY = (ExitCode.FAILED, ExitCode.STORE, ExitCode.MALFORMED, ExitCode.INDETERMINATE, ExitCode.DONE)

if TYPE_CHECKING:
    from evidence.operations.verification import Request, Verifier


@new_command("verify")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar=t("cli.metavar_files")
)
@verification_options
@json_option
def command(
    files: Sequence[Path],
    *,
    request: "Request",
    as_json: bool,
) -> int:
    """Verify archives; of several the gravest exit code counts."""
    from evidence.operations.seams import Seams
    from evidence.operations.verification import Verifier, beside

    if request.proof is not None and len(files) > 1:
        raise UsageError(t("cli.verify_one_proof"), t("cli.verify_one_proof_hint"))
    verifier = Verifier(request, Seams())
    codes = []
    for number, path in enumerate(files):
        if number and not as_json:
            console.line()
        proof = request.proof or beside(path)
        codes.append(_verify(verifier, path, proof, as_json=as_json, is_only=len(files) == 1))
    return min(codes, key=_SEVERITY.index)


def _verify(
    verifier: "Verifier", path: Path, proof: Path | None, *, as_json: bool, is_only: bool
) -> ExitCode:
    from evidence.cli import summary, verdict, verdict_json

    try:
        with progress(0, str(path)) as bar:
            found = verifier.verify(path, bar)
    except (FormatError, OSError) as error:
        if is_only and not as_json:
            raise
        return _report(path, error, as_json=as_json)
    if as_json:
        console.json_line(verdict_json.document(str(path), found, proof))
    else:
        verdict.print_verdict(str(path), found)
        verdict.print_identity(found)
        if found.contents is not None:
            summary.print_summary(found.contents.records.values())
        verdict.print_steps(found)
        verdict.print_proof(found)
    return verdict.EXIT[found.verdict]


def _report(path: Path, error: FormatError | OSError, *, as_json: bool) -> ExitCode:
    from evidence.cli import failures

    if isinstance(error, FormatError):
        code, message, hint = ExitCode.MALFORMED, error.message, error.hint
    elif error.filename in {None, str(path)}:
        code, message, hint = ExitCode.STORE, failures.reason(error), ""
    else:  # another file: the register export, or the archive's later proofs
        code, (message, hint) = ExitCode.STORE, failures.system_words(error)
    console.error(console.words("cli.verify_failed", file=str(path)) + " " + message, hint)
    if as_json:
        console.json_line({"file": str(path), "error": message, "exit_code": int(code)})
    return code
