"""Checkpoints written in many ways, by the register's key or not (FORMAT.md, "Checkpoint")."""

import base64
from collections.abc import Iterator

from tests import builder
from tests.builder import Register

OTHER = "other.example/register"
DASH = "\u2014 "


def _texts(text: str, size: int) -> dict[str, str]:
    """Texts of a checkpoint, to be signed, made from a good one."""
    root = text.split("\n")[2]
    return {
        "extension": f"{text}\nextension line\n",
        "no-break space in an extension": f"{text}\n\u00a0\ufeff\u0085\n",
        "empty extension": f"{text}\n\nmore\n",
        "empty extension last": f"{text}\n\n",
        "leading zero": text.replace(f"\n{size}\n", f"\n0{size}\n") + "\n",
        "plus": text.replace(f"\n{size}\n", f"\n+{size}\n") + "\n",
        "size 0": text.replace(f"\n{size}\n", "\n0\n") + "\n",
        "size 1": text.replace(f"\n{size}\n", "\n1\n") + "\n",
        "another size": text.replace(f"\n{size}\n", f"\n{size + 1}\n") + "\n",
        "largest size": text.replace(f"\n{size}\n", f"\n{2**53 - 1}\n") + "\n",
        "too large": text.replace(f"\n{size}\n", f"\n{2**53}\n") + "\n",
        "Arabic digit": text.replace(f"\n{size}\n", "\n\u0663\n") + "\n",
        "another root": text.replace(root, base64.b64encode(bytes(32)).decode()) + "\n",
        "short root": text.replace(root, base64.b64encode(bytes(31)).decode()) + "\n",
        "root with a bit too many": text.replace(root, root[:-2] + chr(ord(root[-2]) + 1) + "=") + "\n",
        "another origin": text.replace(builder.ORIGIN, OTHER) + "\n",
        "two lines": f"{builder.ORIGIN}\n{size}\n",
        "control character": f"{text}\nbell\x07\n",
        "delete and C1": f"{text}\n\x7f\x80\n",
        "carriage return": text.replace("\n", "\r\n") + "\r\n",
        "tab": f"{text}\na\tb\n",
        "byte order mark": f"\ufeff{text}\n",
    }


def _signature_lines(line: str) -> dict[str, str]:
    """What may stand below a checkpoint, made from the line of the register's signature."""
    encoded = line.strip().split(" ")[2]
    raw = base64.b64decode(encoded)
    stranger = f"{DASH}stranger {encoded}\n"
    return {
        "twice": line + line,
        "unknown first": stranger + line,
        "no line": "",
        "63 unknown": line + stranger * 63,
        "64 unknown": line + stranger * 64,
        "other key id": f"{DASH}{builder.ORIGIN} {base64.b64encode(bytes(4) + raw[4:]).decode()}\n" + line,
        "only another key id": f"{DASH}{builder.ORIGIN} {base64.b64encode(bytes(4) + raw[4:]).decode()}\n",
        "other name of the key": line.replace(builder.ORIGIN, "stranger"),
        "broken": line.replace(encoded, base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()),
        "broken, then good": line.replace(encoded, base64.b64encode(raw[:-1] + b"\0").decode()) + line,
        "short signature": line.replace(encoded, base64.b64encode(raw[:-1]).decode()),
        "long signature": line.replace(encoded, base64.b64encode(raw + b"\0").decode()),
        "key id alone": line + f"{DASH}stranger {base64.b64encode(raw[:4]).decode()}\n",
        "a byte of signature": line + f"{DASH}stranger {base64.b64encode(raw[:5]).decode()}\n",
        "unknown that isn't base64": line + f"{DASH}stranger ???\n",
        "unknown without padding": line + f"{DASH}stranger {encoded.rstrip('=')}\n",
        "unknown with a bit too many": line + f"{DASH}stranger AAAAAAB=\n",
        "unknown with space": line + f"{DASH}stranger {encoded} \n",
        "name with plus": line + f"{DASH}a+b {encoded}\n",
        "name with no-break space": line + f"{DASH}a\u00a0b {encoded}\n",
        "name with next line": line + f"{DASH}a\u0085b {encoded}\n",
        "name with line separator": line + f"{DASH}a\u2028b {encoded}\n",
        "name with zero width no-break space": line + f"{DASH}a\ufeffb {encoded}\n",
        "name with zero width space": line + f"{DASH}a\u200bb {encoded}\n",
        "name with Mongolian separator": line + f"{DASH}a\u180eb {encoded}\n",
        "empty name": line + f"{DASH} {encoded}\n",
        "hyphen": line + f"- stranger {encoded}\n",
        "two spaces": line + f"{DASH}stranger  {encoded}\n",
        "empty line behind": line + "\n",
        "no line feed": line[:-1],
        "NUL": line + "\0",
    }


def notes(register: Register, size: int = 3) -> Iterator[tuple[str, bytes]]:
    """Checkpoints that a verifier must take, and ones that it must not."""
    good = register.checkpoint(size)
    text, _, line = good.decode().partition("\n\n")
    yield "good", good
    for name, changed_text in _texts(text, size).items():
        try:
            yield f"signed: {name}", register.key.sign_note(changed_text)
        except ValueError:
            made = register.key.sign_note(f"{text}\n").decode().partition("\n\n")[2]
            yield f"written: {name}", f"{changed_text}\n{made}".encode()
    for name, changed_lines in _signature_lines(line).items():
        yield f"lines: {name}", f"{text}\n\n{changed_lines}".encode()
    yield "not UTF-8", good.replace(b"\n\n", b"\n\xff\n\n")
    yield "half a character", good.replace(b"\n\n", b"\n\xed\xa0\x80\n\n")
    yield "too long", register.key.sign_note(f"{text}\n{'x' * 65536}\n")
    yield "other key", register.checkpoint(size, builder.register_key("successor"))
    yield "nothing", b""
