"""What the schema can't say of a mapping: that it fits together."""

import codecs
from dataclasses import replace

from evidence.errors import EvidenceError, FormatError
from evidence.intake import calltimes
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.messages import t
from evidence.text import visible


def check(mapping: InboxMapping, rules: Rules) -> InboxMapping:
    """A mapping that can be used: what the schema can't say of it holds.

    Raises:
        FormatError: it contradicts itself, or names an encoding or zone that doesn't exist.
    """
    try:
        calltimes.known_zone(rules.zone_of(mapping))
    except EvidenceError as error:
        raise _wrong(mapping, error.message) from error
    if not mapping.source("started"):
        raise _wrong(mapping, t("inbox.needs_started"))
    if mapping.kind == "json":
        if mapping.where or mapping.recording or any(s[:1] != "/" for _, s in mapping.fields):
            raise _wrong(mapping, t("inbox.needs_pointers"))
        return mapping
    return _checked_table(mapping)


def _checked_table(mapping: InboxMapping) -> InboxMapping:
    try:
        codec = codecs.lookup(mapping.encoding)
        is_plain = codec.decode(b'",;\r\n')[0] == '",;\r\n'
    except (LookupError, UnicodeError):
        is_plain = False
    if not is_plain:
        raise _wrong(mapping, t("inbox.needs_encoding"))
    if not mapping.files or not mapping.recording:
        raise _wrong(mapping, t("inbox.needs_files"))
    if not mapping.header:
        absent = [name for name in mapping.needed() if name not in mapping.columns]
        if absent:
            raise _wrong(mapping, t("inbox.needs_column", column=visible(absent[0])))
    delimiter = "\t" if mapping.delimiter == "tab" else mapping.delimiter
    return replace(mapping, encoding=codec.name, delimiter=delimiter)


def _wrong(mapping: InboxMapping, reason: str) -> FormatError:
    name = visible(mapping.name)
    return FormatError(t("inbox.mapping", name=name, reason=reason), t("inbox.mapping_hint", name=name))
