"""The pages' TypeScript in node: bundled as for a page, run once, its answer read."""

import fcntl
import json
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from evidence import reporting
from tests.requirements import missing, need

WEB = Path(reporting.__file__).parent / "web"
SCHEMAS = Path(reporting.__file__).parents[2] / "schemas"
_RUN = """
import { build } from "esbuild";
const [source, argument] = JSON.parse(await new Response(process.stdin).text());
const { outputFiles } = await build({
  stdin: { contents: source, resolveDir: process.cwd(), loader: "ts" },
  bundle: true, write: false, format: "esm", target: "es2022", platform: "neutral", mainFields: ["module", "main"],
});
const { default: run } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
process.stdout.write(JSON.stringify(await run(argument)));
"""
_BUNDLE = """
import { build } from "esbuild";
const { outputFiles } = await build({
  stdin: { contents: await new Response(process.stdin).text(), resolveDir: process.cwd(), loader: "ts" },
  bundle: true, write: false, format: "iife", globalName: "given", target: "es2022",
});
process.stdout.write(outputFiles[0].text);
"""


@cache
def installed() -> Path:
    """The folder of the pages, with the packages that it builds with and what is made of the schemas."""
    if not (WEB / "node_modules" / "esbuild").is_dir():
        missing("esbuild", f"--ignore-scripts --prefix {WEB}", "npm ci")
    with Path(tempfile.gettempdir(), "evidence-web.lock").open("w") as lock:  # other workers ask for it, too
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_outdated(WEB / "generated" / "schemas.js"):
            subprocess.run([need("node"), "schemas.mjs"], cwd=WEB, check=True, timeout=120)
    return WEB


def _is_outdated(made: Path) -> bool:
    sources = [WEB / "schemas.mjs", *SCHEMAS.glob("*.json")]
    return not made.exists() or made.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def ran(source: str, argument: Any) -> Any:
    """What a TypeScript module's default function makes of a JSON value."""
    return json.loads(_node(_RUN, json.dumps([source, argument])))


def bundled(source: str) -> str:
    """A TypeScript module as a script for a page; its exports are those of the global ``given``."""
    return _node(_BUNDLE, source)


def _node(program: str, text: str) -> str:
    """What a program prints, given a text."""
    made = subprocess.run(
        [need("node"), "--input-type=module", "-e", program],
        input=text,
        cwd=installed(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout
