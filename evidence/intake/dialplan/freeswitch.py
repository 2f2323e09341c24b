"""Actions of a FreeSWITCH dialplan, read tag by tag.

There is no XML parser behind it: nothing is resolved but the entities that XML itself has, and what isn't
simple is passed over. ``<extension name="…">`` and its ``<action application="…" data="…"/>`` in order.
"""

import html
import re
from collections.abc import Iterator

from evidence.intake.dialplan.steps import Step

MAX_TAGS = 200_000
"""More tags than this aren't read."""

_TAG = re.compile(r"<!--|<(action|anti-action|context|extension|menu)\b([^<>]{0,16384})>")
_ATTRIBUTE = re.compile(r"([\w-]{1,80})\s{0,20}=\s{0,20}(?:\"([^\"<>]*)\"|'([^'<>]*)')")
_GREETINGS = ("greet-long", "greet-short")


def looks_like(data: bytes) -> bool:
    """Whether it is a dialplan or a menu of FreeSWITCH."""
    head = data[: 1024 * 1024]
    return b"application=" in head or b"<menu" in head


def xml_steps(file: str, data: bytes) -> Iterator[Step]:
    """The actions in a file; nothing is raised, whatever the bytes are.

    Args:
        file: the name under which places are told.
        data: its bytes.
    """
    context = extension = ""
    for place, (line, kind, attributes) in enumerate(_tags(data.decode("utf-8", "replace"))):
        if place >= MAX_TAGS:
            return
        if kind == "context":
            context = attributes.get("name", "")
        elif kind in {"extension", "menu"}:
            extension = attributes.get("name", "")
        if kind in {"action", "anti-action"} and "application" in attributes:
            said = attributes["application"], attributes.get("data", "")
            yield Step(file, line, context, extension, place, *said, is_xml=True)
        elif kind == "menu":
            for name in _GREETINGS:
                if attributes.get(name):
                    yield Step(
                        file, line, "menu", extension, place, "playback", attributes[name], is_xml=True
                    )


def _tags(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Tags with the lines where they begin; comments are passed over."""
    line, counted, place = 1, 0, 0
    while (found := _TAG.search(text, place)) is not None:
        if not found[1]:
            end = text.find("-->", found.start())
            if end < 0:
                return
            place = end + 3
            continue
        place = found.end()
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield line, found[1], _attributes(found[2])


def _attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(text)
    return {each[1].lower(): html.unescape(each[2] if each[2] is not None else each[3]) for each in found}
