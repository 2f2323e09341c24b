"""Facts about where something was measured."""

import os
import platform
import shutil
import sqlite3
import ssl
from pathlib import Path

from evidence import __version__


def facts(work: Path) -> dict[str, str | int]:
    """The machine, its system, and the disk that a folder is on."""
    return {
        "evidence": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION,
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2,
        "file_system": _file_system(work),
        "free_gib": shutil.disk_usage(work).free // 1024**3,
        "load": f"{os.getloadavg()[0]:.2f}",
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor()


def _file_system(work: Path) -> str:
    """The type of the mount that holds the folder."""
    rows = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines()]
    holding = [(place, kind) for place, kind in rows if work.resolve().is_relative_to(place)]
    return max(holding, key=lambda row: len(row[0]))[1] if holding else "unknown"
