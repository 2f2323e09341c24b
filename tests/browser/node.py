"""The pages' TypeScript in node: bundled as for a page, run once, its answer read."""

import json
import subprocess
from pathlib import Path
from typing import Any

from evidence import reporting
from tests.requirements import missing, need

WEB = Path(reporting.__file__).parent / "web"
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


def installed() -> Path:
    """The folder of the pages, with the packages that it builds with."""
    if not (WEB / "node_modules" / "esbuild").is_dir():
        missing("esbuild", f"--ignore-scripts --prefix {WEB}", "npm ci")
    return WEB


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
