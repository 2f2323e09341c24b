"""What a person is told about a document that the schema or the strict parser refuses, and how to mend it."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.intake import place, syntax
from evidence.messages import has, language, t
from evidence.resources import Problem
from evidence.strict import Refused

_TIME = "intake.needs_time"
_OWN = {
    "number": "intake.needs_number",
    "uid": "intake.needs_uid",
    "time_zone": "intake.needs_time_zone",
    "language": "intake.needs_language",
    "name_base64": "intake.needs_base64",
    "archive_id": "intake.needs_archive_id",
    "identity": "intake.needs_identity",
    "version": "intake.needs_version",
    **dict.fromkeys(
        ("started", "ended", "prepared_at", "asserted_at", "taken_at", "checked_at", "at"), _TIME
    ),
}
"""Fields whose form is told in a sentence of their own."""

_TYPES = {
    "string": "intake.type_text",
    "integer": "intake.type_integer",
    "object": "intake.type_object",
    "array": "intake.type_list",
    "string object": "intake.type_file",
    "integer string": "intake.type_channel",
}
_LIMITS = {
    "maxLength": "intake.limit_length",
    "minimum": "intake.limit_least",
    "maximum": "intake.limit_most",
    "maxItems": "intake.limit_items",
    "const": "intake.needs_const",
}
_PLAIN = {
    "minLength": "intake.needs_text",
    "minItems": "intake.needs_items",
    "uniqueItems": "intake.needs_unique",
}
_FIRST_KEYS = 200
_LONGEST_COMPARED = 64


def against_schema(problem: Problem, document: Any, schema: str) -> tuple[str, str]:
    """The sentence and the hint for a problem under a schema; no value of the document stands in them.

    Args:
        problem: as evidence.resources.find tells it.
        document: the document.
        schema: the schema's name.
    """
    value = _value(document, problem.path)
    unknown = _unknown(problem, value)
    if unknown:
        return _unknown_field(unknown, problem.fragment.get("properties", {}), problem.expected)
    field = _field(problem)
    own = _OWN.get(field, "")
    formal = {"pattern", "maxLength"} if own != _TIME else {"pattern", "maxLength", "type"}
    if own and problem.keyword in formal:
        return t(own), t(f"{own}_hint")
    return _reason(problem, value, field), _about(field, problem, schema)


def _reason(problem: Problem, value: Any, field: str) -> str:
    expected = problem.expected
    match problem.keyword:
        case "required" if isinstance(value, dict) and "properties" not in problem.fragment:
            return t("intake.missing_for_grade", field=field, grade=str(value.get("grade", "")))
        case "required":
            return t("intake.missing", field=field)
        case "enum" | "const" if not isinstance(expected, int):
            allowed = [expected] if isinstance(expected, str) else expected
            return t("intake.needs_one_of", list=", ".join(map(str, allowed)))
        case "type":
            kinds = expected if isinstance(expected, str) else " ".join(expected)
            return t(_TYPES[kinds])
        case keyword if keyword in _LIMITS:
            return t(_LIMITS[keyword], limit=expected)
    return t(_PLAIN[problem.keyword]) if problem.keyword in _PLAIN else problem.reason


def _field(problem: Problem) -> str:
    """The field that it is about."""
    if problem.keyword == "required":
        return str(problem.expected)
    return next((part for part in reversed(problem.path) if isinstance(part, str)), "")


def _about(field: str, problem: Problem, schema: str) -> str:
    """What stands in the field: in the user's language where there is a sentence, else the schema's."""
    hint = t("intake.against_schema_hint", schema=schema)
    if has(f"intake.field_{field}"):
        return t(f"intake.field_{field}")
    described = problem.fragment.get("description", "")
    if language() == "en" and described and problem.path and problem.keyword != "required":
        return f"{hint}: {described.rstrip('.')}"
    return hint


# Unknown fields


def _unknown(problem: Problem, value: Any) -> list[str]:
    """The unknown keys that the problem is about; of a missing one, those that look like it."""
    properties = problem.fragment.get("properties", {})
    if problem.keyword == "additionalProperties":
        return [str(key) for key in problem.expected[:_FIRST_KEYS]]
    if problem.keyword == "required" and isinstance(value, dict):
        strangers = [key for key, _ in zip(value, range(_FIRST_KEYS), strict=False) if key not in properties]
        return [key for key in strangers if properties and _like(key, [str(problem.expected)])]
    return []


def _unknown_field(unknown: list[str], properties: Mapping[str, Any], missing: Any) -> tuple[str, str]:
    wanted = [missing] if isinstance(missing, str) else list(properties)
    key = unknown[0]
    meant = _like(key, wanted)
    shown = place.key(key)
    hint = t("intake.unknown_field_hint", list=", ".join(name for name in properties if name != "$schema"))
    if meant:
        return t("intake.unknown_field_like", field=shown, meant=meant), hint
    return t("intake.unknown_field", field=shown), hint


def _like(key: str, known: Iterable[str]) -> str:
    """The known key that was probably meant; empty when none looks like it."""
    found = difflib.get_close_matches(key[:_LONGEST_COMPARED].lower(), list(known), 1, 0.6)
    return found[0] if found else ""


def _value(document: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        document = document[part]
    return document


# Not JSON


def not_strict(error: Refused, data: bytes) -> tuple[str, str]:
    """The sentence and the hint for bytes that the strict parser refuses.

    Args:
        error: what it raised.
        data: the bytes without a byte order mark of UTF-8.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:64]:
        return _told("intake.json_utf16")
    cause = error.__cause__
    match error.code:
        case "encoding" if isinstance(cause, UnicodeDecodeError):
            return _told("intake.json_encoding", line=data.count(b"\n", 0, cause.start) + 1)
        case "syntax" if isinstance(cause, json.JSONDecodeError):
            found = syntax.mistake(cause.doc, cause.pos, cause.msg)
            return _told(found.message, line=found.line, column=found.column)
        case "twice":
            lines = _lines(str(error.path[-1]), data)
            return _told("intake.json_twice", field=place.key(str(error.path[-1])), lines=lines)
        case "number" | "surrogate" | "key":
            where = place.words(error.path)
            return _told(_CODES[error.code], where=where or "JSON")
    return _told("intake.json_depth")


_CODES = {
    "number": "intake.json_number",
    "surrogate": "intake.json_surrogate",
    "key": "intake.json_foreign_key",
}


def _told(name: str, **values: str | int) -> tuple[str, str]:
    return t(name, **values), t(f"{name}_hint")


def _lines(key: str, data: bytes) -> str:
    """In which lines a key stands twice, if it stands nowhere else; else nothing is said of lines."""
    found = []
    for match in re.finditer(re.escape(json.dumps(key)).encode() + rb"\s*:", data):
        found.append(data.count(b"\n", 0, match.start()) + 1)
        if len(found) > 2:
            return ""
    return t("intake.in_lines", first=found[0], second=found[1]) if len(found) == 2 else ""
