"""What classes of markers are called in the user's language."""

from collections.abc import Mapping

from evidence.intake.markerfiles.classes import CODES, OwnClasses
from evidence.messages import language, t
from evidence.text import visible


def class_name(code: str, names: Mapping[str, str]) -> str:
    """The name of a class, fit to be shown; a code without a name stands for itself.

    Args:
        code: of the class.
        names: the names that a class of one's own has, by language; untrusted.
    """
    if code in CODES:
        return t(f"show.class_{code}")
    return visible(names.get(language()) or names.get("en") or code)


def all_classes(own: OwnClasses) -> list[tuple[str, str]]:
    """The codes of all classes, each with its name, fit to be shown."""
    return [(code, class_name(code, own.get(code, {}))) for code in (*CODES, *own)]
