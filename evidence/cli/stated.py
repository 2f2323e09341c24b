"""Options by which people state something about an incident, and the forms of their values."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import click

from evidence.cli.classnames import all_classes
from evidence.cli.group import SectionOption
from evidence.errors import UsageError
from evidence.intake.markerfiles import classes
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

F = TypeVar("F", bound=Callable[..., Any])

BY_VARIABLE = "EVIDENCE_BY"
GRADES = ("none", "in_recording", "pbx_log", "config_snapshot", "operator_statement")
ROLES = ("recording", "notice", "statement", "contract", "card", "screenshot", "pbx", "other")
BASES = ("consent", "contract", "law", "internal_rule", "other")
CONFIDENCE = ("certain", "probable", "possible")
HOW = ("listened", "hot_key", "transcript_confirmed", "other")
MEASURES = (
    *("warning", "hang_up", "call_back", "transfer", "card_mark", "restriction", "fine", "paid_line"),
    *("notice_of_termination", "termination", "other"),
)
DIRECTIONS = ("inbound", "outbound", "internal")
FOLDS = ("first", "second")
UNKNOWN = "unknown"
UNKNOWNS = frozenset({UNKNOWN, "невідомо"})
"""Words by which a person says that something isn't known."""

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "parties": ("title", "summary", "subscriber", "phone", "account", "agent", "agent_id", "by"),
        "call": (
            *("recording", "started", "ended", "zone", "fold", "direction", "caller", "callee", "queue"),
            *("call_id", "channels"),
        ),
        "notice": (
            *("notice_grade", "notice_source", "notice_at", "notice_channel", "notice_text"),
            *("notice_language", "notice_version", "legal_basis"),
        ),
        "acquisition": (
            *("system", "authority", "original", "clock_offset", "clock_uncertainty", "clock_known_by"),
            *("clock_checked_at", "taken_by", "taken_at", "acquisition_note"),
        ),
    }
)
"""The options of ``fields_option`` by the section of the help; each is described by ``cli.opt_<name>``."""

NOTHING: Mapping[str, Any] = MappingProxyType(
    {**dict.fromkeys(name for names in SECTIONS.values() for name in names), "legal_basis": ()}
)
"""All options of ``fields_option``, none of them given."""

_DECIMAL = re.compile(r"([+-]?)([0-9]{1,8})(?:[.,]([0-9]{1,3}))?", re.ASCII)


def text(value: str) -> str:
    """A value in text that a document can hold.

    Raises:
        UsageError: bytes that aren't UTF-8, or a NUL.
    """
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise UsageError(t("cli.not_text", text=visible(value[:40])), t("cli.not_text_hint"))
    return value.strip()


def file_name(value: str) -> str:
    """The name of a file in an incident (evidence.model.names), whose bytes needn't be text."""
    return names.from_bytes(os.fsencode(value))


def fields_option(function: F) -> F:
    """All options of SECTIONS; each is None, or of ``--legal-basis`` empty, when it isn't given."""
    for section, options in tuple(SECTIONS.items())[::-1]:
        title = t(f"cli.section_{section}")
        for name in reversed(options):
            settings: dict[str, Any] = {"cls": SectionOption, "section": title, "help": t(f"cli.opt_{name}")}
            function = click.option(_flag(name), name, **settings, **_kind(name))(function)
    return function


def _kind(name: str) -> dict[str, Any]:
    """What an option of ``fields_option`` takes."""
    if name in _CHOICES:
        return {"type": click.Choice(_CHOICES[name])}
    metavar = t(f"cli.metavar_{_METAVARS.get(name, 'text')}")
    return {
        "type": file_name if name == "recording" else text,
        "metavar": metavar,
        "multiple": name == "legal_basis",
        "envvar": BY_VARIABLE if name == "by" else None,
    }


_CHOICES = {"direction": DIRECTIONS, "notice_grade": GRADES, "fold": FOLDS}
_METAVARS = {
    **dict.fromkeys(("started", "ended", "taken_at", "clock_checked_at"), "time"),
    **dict.fromkeys(("subscriber", "agent", "by", "taken_by"), "person"),
    **dict.fromkeys(("clock_offset", "clock_uncertainty"), "seconds"),
    "recording": "name",
    "zone": "zone",
    "notice_at": "position",
    "notice_language": "language",
    "legal_basis": "basis",
}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def person_options(function: F) -> F:
    """``--by``, ``--zone`` and ``--fold``, which every statement of a person may need."""
    function = click.option("--fold", type=click.Choice(FOLDS), help=t("cli.opt_fold"))(function)
    function = click.option("--zone", type=text, metavar=t("cli.metavar_zone"), help=t("cli.opt_zone"))(
        function
    )
    return click.option(
        "--by", type=text, metavar=t("cli.metavar_person"), envvar=BY_VARIABLE, help=t("cli.opt_by")
    )(function)


def no_fill_option(function: F) -> F:
    """``--no-fill``, which keeps a PBX's logs from filling in anything."""
    return click.option("--no-fill", is_flag=True, help=t("cli.opt_no_fill"))(function)


def no_input_option(function: F) -> F:
    """``--no-input``, as ``no_input: bool``."""
    return click.option("--no-input", is_flag=True, help=t("cli.opt_no_input"))(function)


def files_option(function: F) -> F:
    """``--role``, ``--as`` and ``--caption``, for the files that are brought in."""
    function = click.option("--caption", type=text, metavar=t("cli.metavar_text"), help=t("cli.opt_caption"))(
        function
    )
    function = click.option(
        "--as", "as_name", type=file_name, metavar=t("cli.metavar_name"), help=t("cli.opt_as")
    )(function)
    return click.option("--role", type=click.Choice(ROLES), help=t("cli.opt_role"))(function)


def milliseconds(value: str) -> int:
    """Seconds with a sign and up to three decimals, as whole milliseconds.

    Raises:
        UsageError: another form.
    """
    found = _DECIMAL.fullmatch(value.strip())
    if found is None:
        raise UsageError(t("cli.no_seconds", text=visible(value[:40])), t("cli.no_seconds_hint"))
    sign, whole, fraction = found.groups()
    amount = int(whole) * 1000 + int((fraction or "0").ljust(3, "0"))
    return -amount if sign == "-" else amount


def channel(value: str) -> int | str:
    """A channel: its number from 0, or its name."""
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 3 else value


def channels(value: str) -> list[str]:
    """The names of the channels from channel 0 on, separated by commas."""
    return [name.strip() for name in value.split(",") if name.strip()]


def basis(value: str) -> dict[str, str]:
    """A legal basis, ``KIND:REFERENCE``; without a known kind it is of the kind ``other``; empty for none.

    Raises:
        UsageError: no reference.
    """
    if not value:
        return {}
    said, colon, reference = value.partition(":")
    kind = known(said, BASES, "show.basis_") if colon else None
    if kind is None:
        kind, reference = "other", value
    if not reference.strip():
        raise UsageError(t("cli.no_reference"), t("cli.no_reference_hint"))
    return {"kind": kind, "reference": reference.strip()}


def known(said: str, codes: Iterable[str], prefix: str) -> str | None:
    """The code that somebody wrote, by itself or by its name in the user's language; None when it is none.

    Args:
        said: what was written; case, hyphens and spaces don't matter.
        codes: the codes.
        prefix: of the messages that name them.
    """
    plain = said.strip().lower().replace("-", "_").replace(" ", "_")
    for code in codes:
        if plain in {code, t(prefix + code).lower().replace(" ", "_"), code.replace("_", "")}:
            return code
    return None


def marker_class(value: str, own: classes.OwnClasses) -> dict[str, Any]:
    """The fields of a marker that say its class, which was named by its code or its name.

    Args:
        value: the code, or a name in any of the languages.
        own: the vault's own classes.

    Returns:
        ``class``; and ``class_names``, which is None for a class that isn't one's own.

    Raises:
        UsageError: there is none of that name.
    """
    found = known(value, classes.CODES, "show.class_") or classes.classes(value, own)
    if found is None:
        listed = ", ".join(f"{code} ({name})" for code, name in all_classes(own))
        raise UsageError(t("cli.no_class", text=visible(value[:40])), t("cli.one_of", list=listed))
    return {"class": found, "class_names": dict(own[found]) if found in own else None}


def measure_kind(value: str) -> str:
    """The kind of a measure, by its code or its name.

    Raises:
        UsageError: there is none of that name.
    """
    found = known(value, MEASURES, "show.measure_")
    if found is None:
        raise UsageError(t("cli.no_measure", text=visible(value[:40])), _listed(MEASURES, "show.measure_"))
    return found


def _listed(codes: Iterable[str], prefix: str) -> str:
    return t("cli.one_of", list=", ".join(f"{code} ({t(prefix + code)})" for code in codes))


def sources(paths: tuple[Path, ...], as_name: str | None, role: str | None, title: str | None) -> list[Any]:
    """The files to bring in, as evidence.operations.prepare.NewFile.

    Raises:
        UsageError: ``--as`` for several files, or with a folder in it.
    """
    from evidence.operations.prepare import NewFile, name_of

    if as_name is not None and (len(paths) != 1 or "/" in as_name or as_name in {"", ".", ".."}):
        raise UsageError(t("cli.as_one"), t("cli.as_one_hint"))
    return [NewFile(path, as_name or name_of(path), role, title) for path in paths]
