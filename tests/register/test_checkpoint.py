"""The checkpoint's text: one way to write it, nothing else is read."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.register import checkpoint
from evidence.register.checkpoint import Checkpoint
from tests.register.chains import LAWS

ROOT = base64.b64encode(bytes(range(32))).decode()
GOOD = f"register.test/one\n5\n{ROOT}\n"

origins = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=300)
checkpoints = st.builds(
    Checkpoint,
    origin=origins,
    size=st.integers(0, 2**53 - 1),
    root=st.binary(min_size=32, max_size=32),
)


@LAWS
@given(checkpoints)
def test_parse_of_encode_is_the_same(value: Checkpoint) -> None:
    text = checkpoint.encode(value)
    assert checkpoint.parse(text) == value
    assert checkpoint.encode(checkpoint.parse(text)) == text


@LAWS
@given(checkpoints, st.data())
def test_a_changed_character_is_another_checkpoint_or_none(value: Checkpoint, data: st.DataObject) -> None:
    text = checkpoint.encode(value)
    place = data.draw(st.integers(0, len(text) - 1))
    other = text[:place] + data.draw(st.characters(exclude_categories=["Cs"])) + text[place + 1 :]
    try:
        assert (checkpoint.parse(other) == value) == (other == text)
    except ValueError:
        assert other != text


def test_the_example_of_the_c2sp_text() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    parsed = checkpoint.parse(text)
    assert (parsed.origin, parsed.size) == ("example.com/behind-the-sofa", 20852163)
    assert parsed.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    assert checkpoint.encode(parsed) == text


def test_extension_lines_are_ignored() -> None:
    assert checkpoint.parse(GOOD + "more\n2 + 2\n") == checkpoint.parse(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "an extension without newline",
        GOOD + "\nan extension after an empty line\n",
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\u2028"),
        "\n" + GOOD,
        GOOD.replace("register.test/one", ""),
        GOOD.replace("one", "o\tne"),
        GOOD.replace("one", "one\x00"),
        GOOD.replace("\n5\n", "\n05\n"),
        GOOD.replace("\n5\n", "\n+5\n"),
        GOOD.replace("\n5\n", "\n-5\n"),
        GOOD.replace("\n5\n", "\n 5\n"),
        GOOD.replace("\n5\n", "\n5 \n"),
        GOOD.replace("\n5\n", "\n5_0\n"),
        GOOD.replace("\n5\n", "\n0x5\n"),
        GOOD.replace("\n5\n", "\n\u0665\n"),
        GOOD.replace("\n5\n", "\n9007199254740992\n"),
        GOOD.replace("\n5\n", "\n"),
        GOOD.replace(ROOT, ROOT + " "),
        GOOD.replace(ROOT, ROOT[:-1]),
        GOOD.replace(ROOT, ROOT[:-2] + "9="),  # the bits below the last byte set
        GOOD.replace(ROOT, ROOT.replace("A", "-", 1)),
        GOOD.replace(ROOT, base64.b64encode(bytes(31)).decode()),
        GOOD.replace(ROOT, base64.b64encode(bytes(33)).decode()),
        GOOD.replace(ROOT, bytes(32).hex()),
    ],
)
def test_any_other_writing_is_refused(text: str) -> None:
    assert checkpoint.parse(GOOD).size == 5
    with pytest.raises(ValueError):
        checkpoint.parse(text)


@pytest.mark.parametrize(
    "value",
    [
        Checkpoint("", 5, bytes(32)),
        Checkpoint("two\nlines", 5, bytes(32)),
        Checkpoint(f"other\n6\n{ROOT}", 5, bytes(32)),
        Checkpoint("a", -1, bytes(32)),
        Checkpoint("a", 2**53, bytes(32)),
        Checkpoint("a", 5, bytes(31)),
        Checkpoint("a", 5, b""),
    ],
)
def test_values_no_checkpoint_can_hold_are_refused(value: Checkpoint) -> None:
    with pytest.raises(ValueError):
        checkpoint.encode(value)


def test_what_is_signed_is_the_text() -> None:
    signed = checkpoint.sign(checkpoint.parse(GOOD), lambda text: f"{text}\n— line\n".encode())
    assert signed == f"{GOOD}\n— line\n".encode()
