"""`evidence explain`: a code, or an archive's verdict, in plain words."""

from pathlib import Path

import click

from evidence.cli.group import new_command
from evidence.cli.options import trust_option
from evidence.cli.verified import verified
from evidence.errors import ExitCode, UsageError
from evidence.messages import t
from evidence.text import visible


@new_command("explain")
@click.argument("subject", required=False, metavar=t("cli.metavar_explain"))
@trust_option
def command(subject: str | None, *, trust: tuple[Path | str, ...]) -> int:
    """Explain a code, or an archive with its verdict's exit code; without either list all codes."""
    from evidence.cli import explanation

    if subject is None:
        for code in explanation.KNOWN:
            explanation.print_line(code)
    elif subject.upper() in explanation.KNOWN:
        explanation.print_code(subject.upper())
    elif Path(subject).exists():
        return _archive(Path(subject), trust)
    else:
        raise UsageError(t("cli.explain_unknown", subject=visible(subject)), t("cli.explain_unknown_hint"))
    return ExitCode.DONE


def _archive(path: Path, trust: tuple[Path | str, ...]) -> ExitCode:
    from evidence.cli import explanation, notice_statements, summary, verdict

    found = verified(path, trust)
    verdict.print_verdict(str(path), found)
    for code in dict.fromkeys(finding.code for finding in found.findings):
        explanation.print_code(code)
    if found.contents is not None:
        summary.print_summary(found.contents.records.values())
        codes = notice_statements.codes(found.contents.records.values())
        for code in dict.fromkeys((*summary.COLOURS, *codes)):
            explanation.print_code(code)
    verdict.print_proof(found)
    return verdict.EXIT[found.verdict]
