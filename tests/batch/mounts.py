"""Small real file systems for tests: they fill up, are read-only, and are others than the one beside them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.requirements import missing, need


@contextmanager
def mounted(place: Path, size: str = "64m") -> Iterator[Path]:
    """An empty tmpfs of that size, mounted on a folder."""
    if sys.platform != "linux" or os.geteuid() != 0:
        missing("the right to mount", "mount, and run the tests as root")
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [need("mount"), "-t", "tmpfs", "-o", f"size={size},mode=700", "none", str(place)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        missing(f"the right to mount ({done.stderr.strip()})", "mount, and run the tests as root")
    with ExitStack() as stack:
        stack.callback(subprocess.run, ["umount", "-l", str(place)], check=True)
        yield place


def remount(place: Path, options: str) -> None:
    """Change a mounted file system."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)
