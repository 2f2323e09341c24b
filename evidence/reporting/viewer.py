"""The HTML viewer: one file that shows a verified archive, in a browser, without a network.

The page itself is built beforehand (web/built/viewer.html); here the archive's data are put into it, as data
alone: its Content-Security-Policy names the hash of the one script that may run.
"""

import base64
import datetime as dt
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import evidence
from evidence.messages import LANGUAGES, catalogue, plural_rule
from evidence.reporting.sounds import PageSound
from evidence.strict import format_timestamp
from evidence.text import visible

Record = Mapping[str, Any]

_PLACE = b"<!-- data -->"
_TEXTS = re.compile(rb'<script type="application/json" id="texts">(.*?)</script>', re.DOTALL)
_BLOCK = 3 * 1024 * 1024
"""Bytes of sound in one block, a multiple of three: a browser need not hold all of a sound twice."""
_UNUSED = {"salt", "proof", "token"}
"""Fields of records that nobody reads in a viewer."""
_PRIVATE = {"file", "proof_file"}
"""What an answer says of this computer's folders."""


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """What a page shows.

    Attributes:
        file: name of the archive's file, without its folder; untrusted.
        answer: what verify.answer.document says.
        records: the verified records; empty unless integrity and the signature's mathematics passed.
        language: the language that it begins with, one of messages.report_languages.
        made: the host's clock.
    """

    file: str
    answer: Mapping[str, Any]
    records: Iterable[Record]
    language: str
    made: dt.datetime


def viewer_page(page: ViewerPage, sounds: Iterable[PageSound]) -> Iterator[bytes]:
    """The page, piece by piece; no more than a piece of a sound is held at once.

    Args:
        page: what it shows.
        sounds: the sound of each recording, as sounds.page_sounds gives them.

    Raises:
        StateError: the archive has changed since it was verified; what came out so far is to be deleted.
        OSError: it can't be read.
    """
    before, after = _template()
    yield before
    told: dict[str, dict[str, str]] = {}
    for sound in sounds:
        told[sound.exhibit] = sound.facts()
        yield from _blocks(sound)
    yield _json_block("archive", _data(page, told))
    if page.language not in LANGUAGES:
        yield _json_block("language", _further(page.language))
    yield after


@cache
def _template() -> tuple[bytes, bytes]:
    """The built page before and behind the place of the data."""
    built = pkgutil.get_data(__name__, "web/built/viewer.html") or b""
    before, place, after = built.partition(_PLACE)
    if not place:
        raise RuntimeError("the built page has no place for data")
    return before, after


def _data(page: ViewerPage, sounds: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "file": visible(page.file),
        "version": evidence.__version__,
        "made": format_timestamp(page.made),
        "language": page.language,
        "answer": _without(page.answer, _PRIVATE),
        "records": [_without(record, _UNUSED) for record in page.records],
        "sounds": sounds,
    }


def _without(document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in names}


def _further(language: str) -> dict[str, Any]:
    """The messages of a language that the built page doesn't hold, of the areas that it uses."""
    found = _TEXTS.search(_template()[0])
    areas = json.loads(found[1])["en"] if found else {}
    texts = {area: catalogue(language, area) for area in areas}
    return {"language": language, "plurals": plural_rule(language), "texts": texts}


def _json_block(name: str, value: Any) -> bytes:
    """JSON that can't end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # a lone surrogate, which UTF-8 can't hold, becomes JSON's own escape
    return (
        f'<script type="application/json" id="{name}">'.encode()
        + text.encode("utf-8", "backslashreplace")
        + b"</script>\n"
    )


def _blocks(sound: PageSound) -> Iterator[bytes]:
    """A sound in base64, a block for each piece."""
    start = f'<script type="application/octet-stream" data-sound="{sound.exhibit}">'.encode()
    waiting = bytearray()
    for chunk in sound.chunks:
        waiting += chunk
        while len(waiting) >= _BLOCK:
            yield start + base64.b64encode(waiting[:_BLOCK]) + b"</script>\n"
            del waiting[:_BLOCK]
    if waiting:
        yield start + base64.b64encode(waiting) + b"</script>\n"
