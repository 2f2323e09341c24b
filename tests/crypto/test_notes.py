"""Signed notes: vectors of the specification and of Go's implementation, and laws."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.crypto import keys, notes
from tests.crypto.mutations import damaged

# golang.org/x/mod/sumdb/note, documentation
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
# c2sp.org/signed-note
QUASIMODO = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
ORIGIN = "example.org/register"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = keys.RegisterKey(
    name=ORIGIN, vkey=notes.vkey(ORIGIN, PRIVATE.public_key().public_bytes_raw()), _private=PRIVATE
)
VERIFIER = notes.parse_vkey(KEY.vkey)
TEXT = f"{ORIGIN}\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
NOTE = KEY.sign_note(TEXT)
LINE = NOTE.decode().splitlines()[-1]
STRANGER = "— stranger AAAAAGZvcmVpZ24="

_TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32)))), max_size=30
)


def note_of(*lines: str) -> bytes:
    return "\n".join([TEXT, *lines, ""]).encode()


def test_note_of_the_go_documentation() -> None:
    note = notes.parse(PETER_NOTE.encode())
    key = notes.parse_vkey(PETER_KEY)
    assert (key.name, key.key_id.hex(), key.algorithm) == ("PeterNeumann", "c74f20a3", 1)
    line = notes.verify(note, key)
    assert notes.committed(note, line) == PETER_NOTE.encode()
    assert notes.vkey(key.name, key.public_key) == PETER_KEY


def test_note_of_the_specification() -> None:
    note = notes.parse(QUASIMODO.encode())
    assert note.text == QUASIMODO[: QUASIMODO.index("\n—")]
    assert [(line.name, len(line.signature)) for line in note.lines] == [("quasimodo.example/salvatore", 64)]
    with pytest.raises(notes.NoteUnsigned):
        notes.verify(note, VERIFIER)


@given(st.lists(_TEXTS, max_size=5))
def test_signed_note_is_read_back(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines) or "\n"
    signed = KEY.sign_note(text)
    note = notes.parse(signed)
    assert note.text == text
    assert notes.committed(note, notes.verify(note, VERIFIER)) == signed


@given(
    _TEXTS.filter(lambda name: name and "+" not in name and not any(map(str.isspace, name))),
    st.binary(min_size=32, max_size=32),
)
def test_verifier_key_is_read_back(name: str, public_key: bytes) -> None:
    key = notes.parse_vkey(notes.vkey(name, public_key))
    assert (key.name, key.public_key) == (name, public_key)


def test_lines_of_strangers_change_nothing() -> None:
    same_name = f"— {ORIGIN} {base64.b64encode(b'abcd' + bytes(64)).decode()}"
    same_id = f"— other {base64.b64encode(VERIFIER.key_id + bytes(64)).decode()}"
    note = notes.parse(note_of(STRANGER, LINE, same_name, same_id, STRANGER))
    line = notes.verify(note, VERIFIER)
    assert line.raw == LINE
    assert notes.committed(note, line) == NOTE


def test_known_key_twice_refuses_the_note() -> None:
    note = notes.parse(note_of(LINE, STRANGER, LINE))
    with pytest.raises(notes.NoteBroken, match="two"):
        notes.verify(note, VERIFIER)


@pytest.mark.parametrize("signature", [bytes(64), b"x", bytes(63), bytes(65)])
def test_signature_that_does_not_fit(signature: bytes) -> None:
    line = f"— {ORIGIN} {base64.b64encode(VERIFIER.key_id + signature).decode()}"
    with pytest.raises(notes.NoteBroken):
        notes.verify(notes.parse(note_of(line)), VERIFIER)


def test_other_text_does_not_fit() -> None:
    with pytest.raises(notes.NoteBroken):
        notes.verify(notes.parse(NOTE.replace(b"\n3\n", b"\n4\n")), VERIFIER)


def test_number_of_lines_is_limited() -> None:
    lines = [STRANGER] * (notes.MAX_LINES - 1)
    assert notes.verify(notes.parse(note_of(*lines, LINE)), VERIFIER).raw == LINE
    with pytest.raises(notes.NoteMalformed):
        notes.parse(note_of(*lines, LINE, STRANGER))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        TEXT.encode(),
        NOTE[:-1],
        NOTE + b"\n",
        NOTE.replace(b"\n\n", b"\n"),
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace(b"3", b"\t"),
        NOTE.replace(b"3", b"\xff"),
        NOTE.replace("—".encode(), b"-"),
        note_of("— two words AAAAAGZvcmVpZ24="),
        note_of("—  AAAAAGZvcmVpZ24="),
        note_of("— plus+sign AAAAAGZvcmVpZ24="),
        note_of("— no\u00a0break AAAAAGZvcmVpZ24="),
        note_of("— short AAAAAA=="),
        note_of("— name"),
        note_of("— name AAAAAGZvcmVpZ24"),
        note_of("— name AAAAAGZvcmVpZ25="),
        note_of("— name AAAA_GZvcmVpZ24="),
        note_of(LINE, "comment"),
        b"x" * notes.MAX_SIZE + NOTE,
    ],
)
def test_what_is_no_note(data: bytes) -> None:
    with pytest.raises(notes.NoteMalformed):
        notes.parse(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        PETER_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_KEY.replace("c74f20a3", "C74F20A3"),
        PETER_KEY.replace("Peter", "Petra"),
        PETER_KEY.replace("+ARpc", "+BBpc"),
        PETER_KEY + "=",
        PETER_KEY[:-4],
        PETER_KEY.replace("PeterN", "Peter N"),
        PETER_KEY.removeprefix("PeterNeumann"),
    ],
)
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(ValueError):
        notes.parse_vkey(text)


@pytest.mark.parametrize("name", ["", "two words", "plus+", "tab\t", "\ud800", "line\u2028"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        notes.vkey(name, bytes(32))


def test_keys_have_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        notes.vkey("name", bytes(31))


@settings(max_examples=400, deadline=None)
@given(damaged(note_of(STRANGER, LINE)))
def test_damage_raises_documented_problems_only(data: bytes) -> None:
    try:
        note = notes.parse(data)
    except notes.NoteMalformed:
        return
    assert note.text + "\n" + "".join(f"{line.raw}\n" for line in note.lines) == data.decode()
    try:
        line = notes.verify(note, VERIFIER)
    except (notes.NoteUnsigned, notes.NoteBroken):
        return
    assert notes.committed(note, line) == NOTE
