"""The one accessor of the JSON Schemas and other files shipped with the package."""

import json
import pkgutil
from functools import cache
from typing import Any

import jsonschema_rs

from evidence.text import visible

_LONGEST_PATH = 120
_LONGEST_REASON = 180


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of that name, e.g. ``incident.v1``."""
    loaded: dict[str, Any] = json.loads(_data("evidence.schemas", f"{name}.schema.json"))
    return loaded


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    # The mask keeps values, which may be long and about persons, out of messages and so out of logs.
    return jsonschema_rs.Draft202012Validator(schema(name), validate_formats=False, mask="the value")


def problem(name: str, document: Any) -> str:
    """What is wrong with a document under that schema, as ``path: reason``; empty when nothing is.

    Only the first problem is looked for: listing all of a hostile document's takes gigabytes. The result
    is visible text of bounded length; values of the document don't stand in it, names of unknown keys do.
    """
    try:
        _validator(name).validate(document)
    except jsonschema_rs.ValidationError as error:
        path = "/".join(str(part) for part in error.instance_path)
        return f"/{_short(path, _LONGEST_PATH)}: {_short(error.message, _LONGEST_REASON)}"
    return ""


def _short(text: str, longest: int) -> str:
    """Visible text cut to about that length."""
    shown = visible(text[: longest + 1])
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def sample(name: str) -> bytes:
    """The bytes of a file in evidence/samples."""
    return _data("evidence.samples", name)


@cache
def verify_txt() -> bytes:
    """The text of VERIFY.txt, the same in every archive of this version."""
    return _data("evidence.schemas", "VERIFY.txt")


def _data(package: str, name: str) -> bytes:
    """The bytes of a shipped file; not by importlib.resources, which is slow to import."""
    data = pkgutil.get_data(package, name)
    if data is None:
        raise FileNotFoundError(name)
    return data
