"""What the schema can't say of a ``[pbx.NAME]``: that it fits together."""

import codecs
from dataclasses import replace

from evidence.errors import EvidenceError, FormatError
from evidence.intake import calltimes
from evidence.intake.pbx.rules import PbxMapping
from evidence.messages import t
from evidence.text import visible

_PLAIN = b'",;|\t\r\n'


def check(mapping: PbxMapping) -> PbxMapping:
    """A mapping that can be used: what the schema can't say of it holds.

    Raises:
        FormatError: it contradicts itself, or names an encoding or zone that doesn't exist.
    """
    try:
        calltimes.known_zone(mapping.time_zone)
    except EvidenceError as error:
        raise _wrong(mapping, error.message) from error
    if not mapping.source("started"):
        raise _wrong(mapping, t("pbx.needs_started"))
    if mapping.kind == "json":
        if any(source[:1] != "/" for _, source in mapping.fields) or mapping.columns:
            raise _wrong(mapping, t("pbx.needs_pointers"))
        return mapping
    return _checked_table(mapping)


def _checked_table(mapping: PbxMapping) -> PbxMapping:
    try:
        codec = codecs.lookup(mapping.encoding)
        is_plain = codec.encode(_PLAIN.decode("ascii"))[0] == _PLAIN
    except (LookupError, UnicodeError, TypeError):
        is_plain = False
    if not is_plain:
        raise _wrong(mapping, t("pbx.needs_encoding"))
    if mapping.rows:
        raise _wrong(mapping, t("pbx.needs_json"))
    absent = [source for _, source in mapping.fields if source not in mapping.columns]
    if not mapping.header and absent:
        raise _wrong(mapping, t("pbx.needs_column", column=visible(absent[0])))
    delimiter = "\t" if mapping.delimiter == "tab" else mapping.delimiter
    return replace(mapping, encoding=codec.name, delimiter=delimiter)


def _wrong(mapping: PbxMapping, reason: str) -> FormatError:
    name = visible(mapping.name)
    return FormatError(t("pbx.mapping", name=name, reason=reason), t("pbx.mapping_hint", name=name))
