"""Whether the extra for reports as PDF is installed; looked up without importing it."""

from importlib.util import find_spec

_NEEDED = ("typst", "segno")


def is_installed() -> bool:
    """Whether reports as PDF can be made here."""
    return all(find_spec(name) is not None for name in _NEEDED)
