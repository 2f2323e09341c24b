"""The one accessor of the JSON Schemas and other files shipped with the package."""

import json
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs

from evidence.text import visible

_LONGEST_PATH = 120
_LONGEST_REASON = 180
_LONGEST_KEY = 40


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of that name, e.g. ``incident.v1``."""
    loaded: dict[str, Any] = json.loads(_data("evidence.schemas", f"{name}.schema.json"))
    return loaded


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    # The mask keeps values, which may be long and about persons, out of messages and so out of logs.
    return jsonschema_rs.Draft202012Validator(schema(name), validate_formats=False, mask="the value")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a document; no value of the document stands in it.

    Attributes:
        path: the place, from the outside inwards.
        keyword: the schema's keyword that refuses it: ``pattern``, ``required``, ``enum`` …
        expected: the keyword's value in the schema; for ``required`` the missing property; for
            ``additionalProperties`` the unknown keys, which are untrusted and may be many.
        fragment: the part of the schema that holds the keyword.
        reason: in English, in visible text of bounded length.
    """

    path: tuple[str | int, ...]
    keyword: str
    expected: Any
    fragment: Mapping[str, Any]
    reason: str


def find(name: str, document: Any) -> Problem | None:
    """The first problem of a document under that schema; None when it holds.

    Only the first one is looked for: listing all of a hostile document's takes gigabytes.
    """
    try:
        _validator(name).validate(document)
    except jsonschema_rs.ValidationError as error:
        fragment, keyword = _fragment(name, error.schema_path), str(error.schema_path[-1])
        expected = _expected(error.kind, fragment.get(keyword))
        reason = _short(_reason(keyword, expected, fragment) or error.message, _LONGEST_REASON)
        return Problem(tuple(error.instance_path), keyword, expected, fragment, reason)
    return None


def problem(name: str, document: Any) -> str:
    """What is wrong with a document under that schema, as ``path: reason``; empty when nothing is.

    The result is visible text of bounded length; values of the document don't stand in it, names of unknown
    keys do.
    """
    found = find(name, document)
    if found is None:
        return ""
    return f"/{_short('/'.join(map(str, found.path)), _LONGEST_PATH)}: {found.reason}"


def _fragment(name: str, path: Sequence[str | int]) -> Mapping[str, Any]:
    """The part of a schema that holds the keyword at the end of a path."""
    found: Any = schema(name)
    for part in path[:-1]:
        found = found[part]
    return found if isinstance(found, dict) else {}


def _expected(kind: Any, value: Any) -> Any:
    match kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=missing):
            return missing
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=unknown):
            return unknown
    return value


def _reason(keyword: str, expected: Any, fragment: Mapping[str, Any]) -> str:
    """In words what the library would say in regular expressions, or cut short; empty for the rest."""
    match keyword:
        case "enum":
            return f"not one of {', '.join(map(str, expected))}"
        case "additionalProperties":
            known = ", ".join(fragment.get("properties", ()))
            return f'unknown field "{expected[0][:_LONGEST_KEY]}"; known here: {known}'
        case "pattern" if "description" in fragment:
            return f"not as described: {fragment['description']}"
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
