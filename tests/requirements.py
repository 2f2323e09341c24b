"""System tools and packages that tests use: absent ones skip here and fail where CI=true."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

PACKAGES = {
    "openssl": "openssl",
    "unzip": "unzip",
    "7z": "p7zip-full",
    "bsdtar": "libarchive-tools",
    "sox": "sox",
    "ffmpeg": "ffmpeg",
    "strace": "strace",
    "tmux": "tmux",
    "espeak-ng": "espeak-ng",
    "systemd-analyze": "systemd",
    "setpriv": "util-linux",
    "chromium": "chromium",
    "node": "nodejs",
    "npm": "npm",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "zbarimg": "zbar-tools",
    "java": "default-jre-headless",
}
SOUNDS = Path("/usr/share/asterisk/sounds")
MUSIC = Path("/usr/share/asterisk/moh")


def missing(what: str, package: str, how: str = "apt-get install") -> None:
    """Skip the test, or fail it where a skip is a failure."""
    reason = f"{what} is missing: {how} {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def need(tool: str) -> str:
    """The path of a system tool."""
    path = shutil.which(tool)
    if path is None:
        missing(tool, PACKAGES.get(tool, tool))
    return str(path)


def need_file(path: Path, package: str) -> Path:
    """A file that a system package brings."""
    if not path.exists():
        missing(str(path), package)
    return path


def need_module(name: str, package: str) -> Path:
    """Where a Python module stands that a package of PyPI brings; it isn't imported."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        missing(name, package, "pip install")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin)
