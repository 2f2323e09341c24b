"""The account, the host and the program's version, as they stand in custody records."""

import getpass
import os
import platform
from functools import cache

from evidence import __version__
from evidence.text import visible


def circumstances() -> dict[str, str]:
    """The facts ``operator``, ``host`` and ``software``."""
    return {"operator": _operator(), "host": platform.node(), "software": __version__}


@cache
def _operator() -> str:
    """The account that ran the program; its number where it has no name."""
    try:
        return visible(getpass.getuser())
    except (KeyError, OSError):
        return str(os.getuid())
