"""The committed pages are what their sources build, anywhere and again."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evidence import messages
from evidence.reporting import pages
from tests.browser.chromium import BUILT
from tests.browser.node import WEB, installed
from tests.requirements import missing, need

README = Path(__file__).parents[2] / "README.md"
SOURCES = ("src", "build.mjs", "schemas.mjs", "package.json", "package-lock.json", "tsconfig.json")
PAGES = ["verify.html", "viewer.html"]


def copied(folder: Path) -> Path:
    """The pages' sources and what they are made of, in a folder laid out as the project."""
    web = folder / "evidence" / "reporting" / "web"
    web.mkdir(parents=True)
    for name in SOURCES:
        if (WEB / name).is_dir():
            shutil.copytree(WEB / name, web / name)
        else:
            shutil.copy(WEB / name, web / name)
    shutil.copytree(Path(messages.__file__).parent, folder / "evidence" / "messages")
    shutil.copytree(README.parent / "schemas", folder / "schemas")
    return web


def npm_ci(web: Path) -> None:
    """Install the packages of the lock file, out of npm's cache where it has them; no script of theirs runs."""
    command = [need("npm"), "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]
    home = os.environ | {"HOME": str(Path("~" + os.environ.get("USER", "root")).expanduser())}
    made = subprocess.run(
        command, cwd=web, env=home, capture_output=True, text=True, check=False, timeout=300
    )
    if made.returncode != 0:
        missing("npm's registry", made.stderr[-300:], "npm ci")


def built(web: Path) -> dict[str, bytes]:
    subprocess.run([need("node"), "build.mjs"], cwd=web, capture_output=True, check=True, timeout=120)
    return {path.name: path.read_bytes() for path in (web / "built").iterdir()}


def test_a_fresh_install_elsewhere_builds_the_same_bytes(tmp_path: Path) -> None:
    web = copied(tmp_path)
    npm_ci(web)
    made = built(web)
    assert made.keys() == {*PAGES, "SHA256SUMS"}
    assert [name for name, data in made.items() if data != (BUILT / name).read_bytes()] == []


def test_the_sums_are_those_of_the_pages() -> None:
    expected = [f"{hashlib.sha256((BUILT / name).read_bytes()).hexdigest()}  {name}" for name in PAGES]
    assert (BUILT / "SHA256SUMS").read_text("ascii").splitlines() == expected


def test_readme_publishes_the_digest_of_the_verifier() -> None:
    assert pages.verifier_digest() == hashlib.sha256((BUILT / "verify.html").read_bytes()).hexdigest()
    assert re.findall(r"\b[0-9a-f]{64}\b(?=  verify\.html)", README.read_text("utf-8")) == [
        pages.verifier_digest()
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_licence_of_everything_in_it_is_in_it(name: str) -> None:
    """Packages whose code is bundled, asked of the lock file and of the page's own script."""
    text = (BUILT / name).read_text("utf-8")
    named = set(
        re.findall(r"^(?:<pre>)?((?:@[\w-]+/)?[\w-]+) \d+\.\d+\.\d+ \([\w.-]+\)$", text, re.MULTILINE)
    )
    expected = {"verify.html": {"@noble/curves", "@noble/hashes", "ajv", "fast-deep-equal"}}
    assert named == expected.get(name, set())
    for package in named:
        licence = next((installed() / "node_modules" / package).glob("LICENSE*")).read_text("utf-8").strip()
        escaped = licence.replace("\r", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in text


class Seen(HTMLParser):
    """What a browser's parser meets in a page: its policy, what it runs and wears, and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.policies: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._open: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(values["content"] or "")
        self.addresses += [
            str(values[name]) for name in ("src", "href", "action", "srcset", "data") if name in values
        ]
        self.handlers += [name for name in values if name.startswith("on") or name == "style"]
        self._open = tag if tag in self.texts and values.get("type") != "application/json" else None

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.texts[self._open].append(data)


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("name", PAGES)
def test_it_may_run_its_own_script_and_nothing_else(name: str) -> None:
    seen = Seen((BUILT / name).read_text("utf-8"))
    assert len(seen.policies) == len(seen.texts["script"]) == len(seen.texts["style"]) == 1
    rules = dict(rule.split(" ", 1) for rule in seen.policies[0].split("; "))
    assert rules == {
        "default-src": "'none'",
        "script-src": hashed(seen.texts["script"][0]),
        "style-src": hashed(seen.texts["style"][0]),
        "img-src": "data: blob:",
        "media-src": "data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert seen.addresses == ["data:,"]
    assert seen.handlers == []
    assert not re.search(r"@import|url\(", seen.texts["style"][0])
