"""What the PBX's logs in an archive say of its calls: claims of these logs. Verified records only."""

from collections.abc import Mapping
from typing import Any

from evidence.cli.console import line, words
from evidence.cli.fields import field, section
from evidence.messages import has, t
from evidence.model import names
from evidence.verify.noticewording import short, written

Record = Mapping[str, Any]
KIND = "pbx"

_SHOWN = 40
"""Entries of a log that are shown."""


def print_logs(by_kind: Mapping[str, list[Record]]) -> None:
    """Print the entries of each log that concern the calls."""
    if not by_kind.get(KIND):
        return
    files = {record["exhibit"]: names.from_document(record["name"]) for record in by_kind.get("exhibit", [])}
    section("pbx")
    for record in sorted(by_kind[KIND], key=lambda log: int(log["exhibit"][1:])):
        _log(record, files.get(record["exhibit"], ""))


def _log(record: Record, name: str) -> None:
    form, zone = record["format"] or t("show.pbx_plain"), record["zone"] or t("show.pbx_no_zone")
    line("  ", words("show.pbx_log", id=record["exhibit"], name=name, format=form, zone=zone))
    events = record["events"]
    for event in events[:_SHOWN]:
        _event(event)
    if len(events) > _SHOWN:
        line("    ", t("show.pbx_more", n=len(events) - _SHOWN))
    if not events:
        line("    ", t("show.pbx_nothing"))
    if record["is_cut"]:
        line("    ", t("show.pbx_cut"))
    if "logs_playback" in record:
        line("    ", t("show.pbx_logs_playback" if record["logs_playback"] else "show.pbx_logs_no_playback"))
    for problem in record["problems"]:
        _problem(problem)


def _event(event: Record) -> None:
    at = written(event["at"]["text"], event["at"]["utc"]) if "at" in event else t("show.pbx_untimed")
    values = "  ".join(f"{name}: {short(value)}" for name, value in event["values"].items() if value.strip())
    told = words("show.pbx_event", line=event["line"], at=at, kind=event["kind"], values="")
    line("    ", told, values, hanging=6)


def _problem(problem: Record) -> None:
    key = f"pbx.problem_{problem['code']}"
    told = t(key, text=short(problem.get("text", ""))) if has(key, "text") else problem["code"]
    at = problem["line"]
    field(t("show.problem"), words("show.pbx_problem", line=at, problem=told) if at else told, "    ")
