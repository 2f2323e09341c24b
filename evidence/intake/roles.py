"""What each file of an incident folder is: as incident.json states it, else by its name."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from evidence.intake import place
from evidence.intake.documents import INCIDENT, MARKERS, SUGGESTIONS, wrong
from evidence.model.incident import Incident

UID_FILE = "incident.uid"
RECORDING = "recording"
NOTICE = "notice"
NO_EXHIBITS = (UID_FILE, SUGGESTIONS)
"""Files of the program's own that are never archived."""

_RESERVED = {INCIDENT: "incident", MARKERS: "markers"}
_SOUND = frozenset(
    """3gp aac aif aifc aiff al alaw alw amr asf au awb caf flac g722 g723 g723sf g726 g726-16 g726-24 g726-32
    g726-40 g729 gsm ilbc m4a mka mkv mov mp2 mp3 mp4 mu oga ogg opus pcma pcmu ra raw siren14 siren7 slin sln
    sln12 sln16 sln192 sln24 sln32 sln44 sln48 sln96 snd spx ul ulaw ulw vox wav wav49 wave weba webm wma
    wv""".split()  # noqa: SIM905  fifty lines would say no more
)
_PICTURES = {"png", "jpg", "jpeg", "webp", "bmp", "gif"}
_SCREEN = re.compile("screen|знімок екрана|скрін|скріншот", re.IGNORECASE)
_PBX = re.compile(
    r"(?:cdr|cel|queue_?log)(?:[-_.0-9][0-9a-z_.-]*)?\.csv|master\.csv|queue_log(?:[-_.][0-9]+)*|[0-9a-z_-]+\.cdr\.json"
)
"""Names of a PBX's logs, in small letters: Asterisk's ``Master.csv`` and ``queue_log`` with what rotation
puts behind it, exports called after the table (``cdr.csv``, ``cel-2026-11-05.csv``), and what FreeSWITCH's
mod_json_cdr writes (``UUID.cdr.json``)."""

_LITTER = {"thumbs.db", "desktop.ini"}


def extension(name: str) -> str:
    """The extension of a file name in lower case and without its dot; empty when it has none."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def is_sound(name: str, role: str) -> bool:
    """Whether a file is treated as sound: it is called a recording, or its extension says so."""
    return role == RECORDING or extension(name) in _SOUND


def neutral_extension(name: str) -> str:
    """The extension under which an exhibit's member is stored; tells no more than the kind of sound."""
    return extension(name).partition("-")[0] if extension(name) in _SOUND else "bin"


def is_litter(name: str) -> bool:
    """Whether a file is what systems and editors leave behind: hidden, a backup, a lock, thumbnails."""
    return name.startswith((".", "~$")) or name.endswith("~") or name.lower() in _LITTER


def misnamed(document: str, names: Iterable[str]) -> str:
    """The file that was probably meant to be a document of that name; empty when there is none.

    Such are ``incident.json.txt``, ``Incident.json``, ``incident (1).json`` and ``incident.txt``.
    """
    stem, ending = document.split(".")
    pattern = re.compile(rf"{stem}[ _-]?(\(\d+\))?(\.{ending}|\.txt)*", re.IGNORECASE)
    return next((name for name in names if name != document and pattern.fullmatch(name)), "")


def by_name(name: str) -> str:
    """The role of a file that incident.json says nothing about."""
    if name in _RESERVED:
        return _RESERVED[name]
    if PurePosixPath(name).stem.lower() == NOTICE:
        return NOTICE
    if _PBX.fullmatch(name.lower()):
        return "pbx"
    if extension(name) in _PICTURES and _SCREEN.search(name):
        return "screenshot"
    return RECORDING if extension(name) in _SOUND else "other"


def stated(incident: Incident) -> dict[str, str]:
    """The roles that incident.json states, by file name.

    Raises:
        FormatError: it names a file twice, or states two roles of one file.
    """
    found: dict[str, tuple[str, str]] = {}
    for number, call in enumerate(incident.calls):
        where = f"/calls/{number}/recording"
        if call.recording in found:
            other = place.of_pointer(found[call.recording][1])
            raise wrong(INCIDENT, where, "intake.named_twice", file=call.recording, other=other)
        if call.recording:
            _state(found, call.recording, RECORDING, where)
    if incident.notice.file:
        _state(found, incident.notice.file, NOTICE, "/notice/file")
    listed: dict[str, str] = {}
    for number, exhibit in enumerate(incident.exhibits):
        where = f"/exhibits/{number}/file"
        if exhibit.file in listed:
            other = place.of_pointer(listed[exhibit.file])
            raise wrong(INCIDENT, where, "intake.named_twice", file=exhibit.file, other=other)
        listed[exhibit.file] = where
        _state(found, exhibit.file, exhibit.role, where)
    return {name: role for name, (role, _) in found.items()}


def _state(found: dict[str, tuple[str, str]], name: str, role: str, where: str) -> None:
    if name in _RESERVED or name in NO_EXHIBITS:
        raise wrong(INCIDENT, where, "intake.reserved", file=name)
    earlier, other = found.setdefault(name, (role, where))
    if earlier != role:
        said = {"file": name, "role": role, "earlier": earlier, "other": place.of_pointer(other)}
        raise wrong(INCIDENT, where, "intake.two_roles", **said)
