"""Distinguished names (RFC 5280, section 4.1.2.4) as text (RFC 4514)."""

from cryptography.hazmat import asn1

from evidence.crypto.der import Oid, contents, decode, encode, wrapped

_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}
_STRINGS = {
    b"\x0c": "utf-8",
    b"\x12": "ascii",  # NumericString
    b"\x13": "ascii",  # PrintableString
    b"\x14": "latin-1",  # TeletexString, in practice
    b"\x16": "ascii",  # IA5String
    b"\x1c": "utf-32-be",  # UniversalString
    b"\x1e": "utf-16-be",  # BMPString
}
_SPECIAL = '"+,;<>\\'


@asn1.sequence
class _Attribute:
    type: Oid
    value: asn1.TLV


@asn1.sequence
class _Name:
    parts: list[asn1.SetOf[_Attribute]]


def first(name: bytes, *types: str) -> str:
    """The value of the first attribute of the first of those types (``O``, ``CN`` …) that a DER Name has.

    Empty if it has none of them. Untrusted text.

    Raises:
        ValueError: not a Name.
    """
    found = {_type(item): _string(item.value) for part in reversed(_parts(name)) for item in part}
    return next((value for wanted in types if (value := found.get(wanted))), "")


def text(name: bytes) -> str:
    """A DER Name in the form of RFC 4514: last part first, special characters escaped. Untrusted text.

    A value that isn't a character string is ``#`` with its DER bytes in hexadecimal.

    Raises:
        ValueError: not a Name.
    """
    return ",".join("+".join(_pair(item) for item in part) for part in reversed(_parts(name)))


def _parts(name: bytes) -> list[list[_Attribute]]:
    return [part.as_list() for part in decode(_Name, wrapped(name)).parts]


def _type(attribute: _Attribute) -> str:
    oid = attribute.type.dotted_string
    return _SHORT.get(oid, oid)


def _string(element: asn1.TLV) -> str | None:
    encoding = _STRINGS.get(element.tag_bytes, "")
    try:
        return contents(element).decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _pair(attribute: _Attribute) -> str:
    value = _string(attribute.value)
    shown = f"#{encode(attribute.value).hex()}" if value is None else _escaped(value)
    return f"{_type(attribute)}={shown}"


def _escaped(value: str) -> str:
    inner = "".join(f"\\{character}" if character in _SPECIAL else character for character in value)
    inner = inner.replace("\0", "\\00")
    if inner.startswith(("#", " ")):
        inner = f"\\{inner}"
    return f"{inner[:-1]}\\ " if inner.endswith(" ") and len(value) > 1 else inner
