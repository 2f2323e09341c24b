"""What tests of the media processes ask the system: their memory, their files, what they may do."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

import evidence

BAD = Path(__file__).with_name("misbehaving.py")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def root() -> Path:
    """Where the package is imported from."""
    return Path(str(evidence.__file__)).parents[1]


MODULES = ("worker", "searchworker")
BOTH = pytest.mark.parametrize(
    "before",
    [f"from evidence.media import confine, {name}; confine.confine()" for name in MODULES],
    ids=MODULES,
)
"""What holds for the process that examines recordings, and for the one that decodes and searches them."""


def confined(
    code: str, before: str = "from evidence.media import confine; confine.confine()"
) -> subprocess.CompletedProcess[str]:
    """Code run after the worker's own confinement."""
    script = f"{before}\n{code}"
    environment = {**os.environ, "PYTHONPATH": str(root()), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False, env=environment
    )


def gone(pid: int) -> bool:
    """Whether a process ends within some seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True  # nobody collects orphans in some containers
        time.sleep(0.05)
    return False


def resident(pid: int | None) -> int:
    """Bytes of memory a process really uses."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def descriptors(pid: int | None) -> int:
    """How many files a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
