"""Where in a document strict.json_document finds what it refuses."""

import pytest

from evidence import strict


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ('{"a": [1, {"b": 1.5}]}', "number", ["a", 1, "b"]),
        ('{"a": 1, "b": [[], 1e2]}', "number", ["b", 1]),
        ("[1, NaN]", "number", [1]),
        ("-Infinity", "number", []),
        ('{"a": 9007199254740991, "b": 9007199254740992}', "number", ["b"]),
        (f'{{"a": {"9" * 100_000}, "b": {"9" * 100_000}}}', "number", ["a"]),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "twice", ["b"]),
        ('{"a": 1, "a": 1, "b": 1, "b": 1}', "twice", ["a"]),
        ('{"a": 1.5, "a": 1}', "twice", ["a"]),
        ('[{"x": 1, "ї": 2}]', "key", [0, "ї"]),
        ('{"a": ["", "\\ud800"]}', "surrogate", ["a", 1]),
        ("{", "syntax", []),
    ],
)
def test_place(text: str, code: str, path: list[str | int]) -> None:
    with pytest.raises(strict.Refused) as caught:
        strict.json_document(text.encode(), 1_000_000)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert len(str(caught.value)) < 200


def test_a_depth_names_the_place() -> None:
    with pytest.raises(strict.Refused, match="deeper than 16: /0/0/0") as caught:
        strict.json_document(b"[" * 17 + b"]" * 17, 100)
    assert caught.value.code == "depth"


def test_a_hostile_key_is_shown_short_and_printable() -> None:
    for key in ("\x1b[31m", "x" * 1_000_000, "\u202e" * 1000):
        document: object = 1.5
        for _ in range(strict.MAX_DEPTH - 1):
            document = {key: document}
        with pytest.raises(strict.Refused) as caught:
            strict.check(document)
        assert len(str(caught.value)) < 200
        assert str(caught.value).isprintable()
