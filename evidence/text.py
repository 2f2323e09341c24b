"""Untrusted text made harmless before anyone sees it (file names, tags, quotes, caller names)."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    r"""Text with control, bidirectional, invisible and unassigned characters written as ``\u{…}``.

    The result is one line, holds no ESC and can't turn the direction of what stands beside it. Rich markup
    is not interpreted anywhere in the program, so ``[red]`` stays as it is. A backslash is doubled, so that
    what is shown can be read back.
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character != " " and (unicodedata.category(character) in _HIDDEN or not character.isprintable()):
        return f"\\u{{{ord(character):x}}}"
    return character
