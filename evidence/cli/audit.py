"""`evidence audit`."""

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.cli.progress import Progress
from evidence.errors import UsageError
from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.findings import Finding
    from evidence.operations.audit.run import Audited

_FRACTION = re.compile(r"(?:1/)?([1-9][0-9]{0,4})", re.ASCII)
MOST_SHOWN = 100
"""Findings of one code that are shown in words; JSON shows all."""


def parse_fraction(text: str) -> int:
    """In how many runs everything is read: 30 for ``1/30`` and for ``30``.

    Raises:
        UsageError: neither.
    """
    found = _FRACTION.fullmatch(text)
    if found is None:
        raise UsageError(t("audit.fraction_bad", text=visible(text)), t("audit.fraction_bad_hint"))
    return int(found[1])


@new_command("audit")
@click.option("--fraction", type=parse_fraction, default="1", metavar="1/N", help=t("cli.audit_opt_fraction"))
@click.option(
    "--cdr", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"), help=t("cli.audit_opt_cdr")
)
@click.option(
    "--warn-days",
    type=click.IntRange(min=0, max=36500),
    default=60,
    metavar="N",
    help=t("cli.audit_opt_warn_days"),
)
@vault_option
@json_option
def command(*, fraction: int, cdr: Path | None, warn_days: int, vault: Path | None, as_json: bool) -> int:
    """Compare what stands in a vault with its register; the exit code is that of the gravest finding."""
    from evidence.operations.audit.run import Request, audit
    from evidence.operations.opening import open_for_reading
    from evidence.operations.seams import Seams

    seams = Seams()
    request = Request(fraction, cdr, dt.timedelta(days=warn_days))
    with open_for_reading(vault, seams) as (opened, reader), Telling(as_json=as_json) as events:
        answer = audit(opened, reader, request, seams, events)
        events.close()
    if answer.memory:
        console.warning(console.words("audit.memory", reason=answer.memory), t("audit.memory_hint"))
    if as_json:
        console.json_line(_summary(answer))
    else:
        _print_summary(answer, events)
    return answer.exit_code


class Telling:
    """Tells of findings as they are made, and how far the audit is; see operations.audit.run.Events."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._bar: Progress | None = None
        self._done = 0
        self.codes: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def step(self, name: str, total: int) -> None:
        """The next step begins."""
        self.close()
        self._bar, self._done = Progress(total, t(f"audit.step_{name}")), 0

    def progress(self, count: int) -> None:
        """So many bytes more."""
        self._done += count
        if self._bar is not None:
            self._bar(self._done)

    def found(self, finding: "Finding") -> None:
        """Print a finding."""
        shown = self.codes[finding.code] = self.codes.get(finding.code, 0) + 1
        if self._as_json:
            console.json_line(finding_document(finding))
        elif shown <= MOST_SHOWN:
            print_finding(finding)


def finding_document(finding: "Finding") -> dict[str, Any]:
    """A finding as a JSON value."""
    from evidence.operations.audit.findings import grade, next_step, sentence

    return {
        "event": "finding",
        "code": finding.code,
        "status": grade(finding).value,
        "subject": finding.subject,
        "message": sentence(finding),
        "next": next_step(finding),
        "params": dict(finding.params),
    }


def print_finding(finding: "Finding") -> None:
    """Print a finding: how grave, what, and what to do."""
    from evidence.operations.audit.findings import Grade, grade, next_step, sentence

    found = grade(finding)
    colour = "red" if found in {Grade.FAILED, Grade.UNREADABLE} else "yellow"
    mark = t(f"audit.grade_{found.name}")
    console.line((mark, "cyan" if found is Grade.NOTE else colour), f" {finding.code}: {sentence(finding)}")
    console.line(f"    {next_step(finding)}")


def counts_document(answer: "Audited") -> dict[str, int]:
    """How many findings there were of each grade."""
    from evidence.operations.audit.findings import Grade

    return {grade.value: answer.counts[grade] for grade in Grade if grade is not Grade.NOTE}


def _summary(answer: "Audited") -> dict[str, Any]:
    return {
        "event": "summary",
        "entries": answer.entries,
        "archives": answer.archives,
        "read": answer.read,
        "bytes": answer.size,
        "findings": counts_document(answer),
        "exit_code": int(answer.exit_code),
    }


def _print_summary(answer: "Audited", events: Telling) -> None:
    for code, count in events.codes.items():
        if count > MOST_SHOWN:
            console.line(t("audit.more", code=code, n=count - MOST_SHOWN))
    counts = counts_document(answer)
    entries, archives = t("audit.entries", n=answer.entries), t("audit.archives", n=answer.archives)
    console.line(t("audit.looked_at", entries=entries, archives=archives, read=answer.read))
    if not answer.exit_code:
        console.line((t("audit.fine"), "green"))
        return
    told = [f"{count} {t(f'audit.grade_{name}')}" for name, count in counts.items() if count]
    console.line((t("audit.not_fine", list=", ".join(told)), "red"))
