"""`evidence mark live`: hot keys pressed during calls, collected as they come and made into markers later."""

from pathlib import Path
from typing import Any

import click

from evidence.cli import stated
from evidence.cli.group import SectionOption, new_command
from evidence.cli.options import json_option, vault_option
from evidence.errors import UsageError
from evidence.messages import t

_SECTIONS = {
    "collecting": ("listen", "origin", "token_file", "from", "follow"),
    "marking": (
        "clock_offset",
        "uncertainty",
        "before",
        "class",
        "agent",
        "recording",
        "channel",
        "language",
    ),
}
_MULTIPLE = {"origin", "agent"}
_METAVARS = {
    "listen": "live.metavar_address",
    "origin": "live.metavar_origin",
    "token_file": "cli.metavar_file",
    "from": "live.metavar_source",
    **dict.fromkeys(("clock_offset", "uncertainty", "before"), "cli.metavar_seconds"),
    "class": "cli.metavar_class",
    "agent": "cli.metavar_person",
    **dict.fromkeys(("recording", "channel"), "cli.metavar_name"),
    "language": "cli.metavar_language",
}


def _options(function: Any) -> Any:
    """The command's own options, each described by ``live.opt_NAME``."""
    for section, names in reversed(_SECTIONS.items()):
        for name in reversed(names):
            settings: dict[str, Any] = {"is_flag": True}
            if name != "follow":
                kind = stated.file_name if name == "recording" else stated.text
                settings = {"type": kind, "metavar": t(_METAVARS[name]), "multiple": name in _MULTIPLE}
            function = click.option(
                f"--{name.replace('_', '-')}",
                {"from": "source", "class": "marker_class"}.get(name, name),
                cls=SectionOption,
                section=t(f"live.section_{section}"),
                help=t(f"live.opt_{name}"),
                **settings,
            )(function)
    return function


@new_command("mark live")
@click.argument("incident", required=False, metavar=t("cli.metavar_incident_optional"))
@_options
@stated.person_options
@stated.no_input_option
@vault_option
@json_option
def live(
    incident: str | None,
    *,
    listen: str | None,
    source: str | None,
    vault: Path | None,
    as_json: bool,
    **given: Any,
) -> int:
    """Collect events, or make markers of those that fall into an incident's calls."""
    _require_one_thing(incident, listen, source, given)
    if incident is not None:
        from evidence.cli.livemarks import mark

        return mark(incident, source, given, vault, as_json=as_json)
    if listen is not None:
        from evidence.cli.livelistening import serve

        return serve(listen, given, vault, as_json=as_json)
    from evidence.cli.livereading import collect

    return collect(source or "-", given, vault, as_json=as_json)


def _require_one_thing(
    incident: str | None, listen: str | None, source: str | None, given: dict[str, Any]
) -> None:
    """Refuse options that don't go together.

    Raises:
        UsageError: nothing, or several things at once, are asked for; or an option belongs to another.
    """
    if incident is None and listen is None and source is None:
        raise UsageError(t("live.nothing"), t("live.nothing_hint"))
    if listen is not None and (source is not None or incident is not None):
        raise UsageError(t("live.one_thing"), t("live.one_thing_hint"))
    if given["follow"] and (source is None or incident is not None):
        raise UsageError(t("live.follow"), t("live.follow_hint"))
    if listen is None and (given["origin"] or given["token_file"]):
        raise UsageError(t("live.only_listen"), t("live.only_listen_hint"))
    marking = (
        "clock_offset",
        "uncertainty",
        "before",
        "marker_class",
        "agent",
        "recording",
        "channel",
        "language",
    )
    if incident is None and any(given[name] for name in marking):
        raise UsageError(t("live.only_marks"), t("live.only_marks_hint"))
