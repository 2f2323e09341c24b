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


def installed() -> Path:
    """The folder of the pages, with the packages that it builds with."""
    if not (WEB / "node_modules" / "esbuild").is_dir():
        missing("esbuild", f"--ignore-scripts --prefix {WEB}", "npm ci")
    return WEB


def ran(source: str, argument: Any) -> Any:
    """What a TypeScript module's default function makes of a JSON value."""
    made = subprocess.run(
        [need("node"), "--input-type=module", "-e", _RUN],
        input=json.dumps([source, argument]),
        cwd=installed(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)
