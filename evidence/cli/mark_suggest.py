"""`evidence mark suggest`: what a lexicon finds in transcripts; nobody's word until a person accepts it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console, stated
from evidence.cli.group import new_command
from evidence.cli.markers_shown import kind, show_suggestion
from evidence.cli.options import json_option, vault_option
from evidence.errors import ExitCode, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.operations.suggesting import Added, Suggestion
    from evidence.operations.suggestwork import Asked
    from evidence.operations.transcripts import Read

_FORMS = ("srt", "webvtt", "tsv", "whisper", "whispercpp", "vosk")


@new_command("mark suggest")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("transcripts", nargs=-1, type=click.Path(path_type=Path), metavar=t("suggest.metavar"))
@click.option(
    "--recording", type=stated.file_name, metavar=t("cli.metavar_name"), help=t("suggest.opt_recording")
)
@click.option("--channel", type=stated.text, metavar=t("cli.metavar_name"), help=t("suggest.opt_channel"))
@click.option("--form", type=click.Choice(_FORMS), help=t("suggest.opt_form"))
@click.option(
    "--model", type=click.Path(path_type=Path), metavar=t("cli.metavar_dir"), help=t("suggest.opt_model")
)
@click.option(
    "--language", type=stated.text, metavar=t("cli.metavar_language"), help=t("suggest.opt_language")
)
@click.option("--keep", is_flag=True, help=t("suggest.opt_keep"))
@click.option(
    "--severity", type=click.IntRange(1, 3), default=1, metavar="1-3", help=t("suggest.opt_severity")
)
@click.option("--beyond-end", is_flag=True, help=t("suggest.opt_beyond_end"))
@vault_option
@json_option
def command(
    incident: str, transcripts: Sequence[Path], *, vault: Path | None, as_json: bool, **given: Any
) -> int:
    """Add what the lexicon finds to the incident's suggestions, and list what is new."""
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.lexicons import lexicon_of
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams
    from evidence.operations.suggestwork import Asked, suggest

    _require_one(transcripts, given)
    seams = Seams()
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        lexicon = lexicon_of(opened)
        channel = None if given["channel"] is None else stated.channel(given["channel"])
        asked = Asked(
            given["recording"], channel, severity=given["severity"], is_beyond_end=given["beyond_end"]
        )
        with incidents.editing(opened, path, seams) as draft:
            asked.check(draft, media.probe_file)
            called, folder = draft.called, draft.folder
        found = _transcripts(folder, transcripts, asked, given, called)
        with incidents.editing(opened, path, seams) as draft:
            own = opened.config.marker_classes
            added = suggest(draft, found, lexicon, asked, own=own, probe=media.probe_file, seams=seams)
            listed = [(number, draft.suggestions[number - 1]) for number in added.numbers]
    _tell(listed, added, called, as_json=as_json)
    return ExitCode.DONE


def _require_one(transcripts: Sequence[Path], given: dict[str, Any]) -> None:
    """Refuse options that mean nothing together."""
    if given["model"] is None and (given["keep"] or given["language"]):
        raise UsageError(t("suggest.needs_model"), t("suggest.needs_model_hint"))
    if given["model"] is not None and (transcripts or given["form"]):
        raise UsageError(t("suggest.two_sources"), t("suggest.two_sources_hint"))


def _transcripts(
    folder: Any, named: Sequence[Path], asked: "Asked", given: dict[str, Any], called: str
) -> "list[Read]":
    """What was said: made with the model, or read from the files that were named or lie in the folder."""
    from evidence.operations import transcripts

    if given["model"] is not None:
        return _recognised(folder, asked, given)
    wanted = list(named) or transcripts.of_incident(folder)
    if not wanted:
        raise UsageError(t("suggest.none"), t("suggest.none_hint", number=called))
    return [transcripts.read(folder, path, given["form"] or "") for path in wanted]


def _recognised(folder: Any, asked: "Asked", given: dict[str, Any]) -> "list[Read]":
    from evidence.cli.progress import progress
    from evidence.operations import transcribing, transcripts

    file = asked.file(folder)
    number = folder.incident.numbered(file.name, asked.channel)
    with progress(0, t("suggest.recognising", file=file.name)) as bar:
        found = transcribing.transcribe(
            folder,
            file,
            given["model"],
            language=given["language"] or "",
            channels=() if number is None else (number,),
            progress=lambda done, total: bar(int(done), int(total)),
        )
    for problem in found.problems:
        console.warning(transcribing.words(problem))
    return transcripts.of_recognition(file.name, found, is_kept=given["keep"])


def _tell(listed: "Iterable[tuple[int, Suggestion]]", added: "Added", called: str, *, as_json: bool) -> None:
    """Print what is new, and what wasn't added and why."""
    rows = list(listed)
    for number, suggestion in rows:
        show_suggestion(number, suggestion, as_json=as_json)
    for name in ("known", "marked"):
        if getattr(added, name):
            console.note(t(f"suggest.{name}", n=getattr(added, name)))
    if added.left_out:
        console.warning(t("suggest.full", n=added.left_out), t("suggest.full_hint"))
    if as_json:
        return
    if rows:
        counted = Counter(kind(suggestion) for _, suggestion in rows)
        classes = ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
        console.line(t("suggest.found", n=len(rows), list=classes))
        console.note(t("suggest.not_markers"), t("suggest.not_markers_hint", number=called))
    elif not added.left_out:
        console.line(t("suggest.nothing"))
