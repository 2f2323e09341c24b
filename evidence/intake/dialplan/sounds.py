"""Names of sounds as dialplans write them, compared with each other."""

import re
import unicodedata

_PCM = (
    "wav",
    "wav16",
    "ulaw",
    "ul",
    "ulw",
    "mu",
    "pcm",
    "alaw",
    "al",
    "alw",
    "sln",
    "slin",
    "sln16",
    "sln48",
    "raw",
    "au",
)
_OTHERS = (
    "wav49",
    "gsm",
    "g722",
    "g723",
    "g726",
    "g729",
    "mp3",
    "ogg",
    "siren7",
    "siren14",
    "ilbc",
    "opus",
    "vox",
)
ENDINGS = frozenset((*_PCM, *_OTHERS))
"""Endings of files that Asterisk and FreeSWITCH play; the name of a sound has none in Asterisk's dialplan."""

_VOICE = r"[a-z]{2}/[a-z]{2}/[\w.-]{1,64}/"
_FOLDER = re.compile(
    rf".*?/freeswitch/sounds/{_VOICE}|\$\$?\{{sounds_dir\}}/{_VOICE}|\$\$?\{{sound_prefix\}}/|.*?/sounds/",
    re.DOTALL,
)
"""Where a PBX keeps its sounds; FreeSWITCH has language, country and voice below that."""

_LANGUAGE = re.compile(r"[a-z]{2}(?:[_-][A-Za-z0-9]{2,8})?(?=/.)")
_LONGEST = 4096
_BETWEEN = re.compile(r'[&?:,!(){}\[\]"\'$=<>\s]+')


def parts(name: str) -> tuple[str, str]:
    """A name without what doesn't matter.

    Returns:
        its language folder or an empty text, and the rest without ending and sounds folder.
    """
    text = unicodedata.normalize("NFC", name[:_LONGEST].strip())
    if found := _FOLDER.match(text):
        text = text[found.end() :]
    stem, dot, ending = text.rpartition(".")
    if dot and ending.lower() in ENDINGS:
        text = stem
    language = _LANGUAGE.match(text)
    return (language[0], text[language.end() + 1 :]) if language else ("", text)


class Names:
    """Names by which a notice is played.

    Args:
        played_as: the names, as the notice register has them.
    """

    def __init__(self, played_as: tuple[str, ...]) -> None:
        self._known: dict[str, list[tuple[str, str]]] = {}
        for name in played_as:
            language, stem = parts(name)
            if stem:
                self._known.setdefault(stem, []).append((language, name))

    def find(self, name: str) -> str | None:
        """Which of the names this one means; a language folder that both have must be the same."""
        language, stem = parts(name)
        for known, given in self._known.get(stem, ()):
            if not known or not language or known == language:
                return given
        return None

    def find_in(self, text: str) -> str | None:
        """The first of the names in an argument: a list with ``&``, or an expression that isn't known."""
        if (found := self.find(text)) is not None:
            return found
        for each in _BETWEEN.split(text):
            if each and (found := self.find(each)) is not None:
                return found
        return None
