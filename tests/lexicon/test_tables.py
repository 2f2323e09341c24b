"""The tables: shipped and a vault's own, what overrides what, and what is told about a wrong one."""

import hashlib
import json
from pathlib import Path

import pytest

from evidence import resources
from evidence.errors import FormatError
from evidence.lexicon import lexicon, rows
from evidence.lexicon.lexicon import load

DATA = Path(lexicon.__file__).parent / "data"
HEADER = "entry\tlanguage\tclass\tseverity\tforms\twhen\tunless\tnote\n"


def table(*lines: str) -> bytes:
    return (HEADER + "".join(f"{line}\n" for line in lines)).encode()


def found(text: str, *lines: str) -> list[tuple[str, str]]:
    hits = load([("own.tsv", table(*lines))]).find(text.split())
    return [(hit.entry, hit.marker_class) for hit in hits]


def test_every_shipped_table_is_loaded() -> None:
    assert sorted(path.stem for path in DATA.glob("*.tsv")) == sorted(lexicon.TABLES)


def test_every_shipped_row_is_as_the_schema_says() -> None:
    for path in DATA.glob("*.tsv"):
        for row in rows.read(path.name, path.read_bytes()):
            assert row.language or not row.is_entry, (row.file, row.line)
            assert set(row.language.split()) <= {"uk", "ru", "en"}


def test_the_digest_is_that_of_the_tables() -> None:
    own = table("ґедзь\tuk\tinsult\t1\tґедз(ь|я|ю)")
    named = [
        [f"shipped/{n}.tsv", hashlib.sha256((DATA / f"{n}.tsv").read_bytes()).hexdigest()]
        for n in lexicon.TABLES
    ]
    named.append(["vault/own.tsv", hashlib.sha256(own).hexdigest()])
    text = json.dumps(
        ["evidence-archiver: lexicon", lexicon.VERSION, named], ensure_ascii=False, separators=(",", ":")
    )
    assert load([("own.tsv", own)]).sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert load().sha256 != load([("own.tsv", own)]).sha256


def test_a_vault_adds_an_entry_with_all_its_forms() -> None:
    line = "ґедзь\tuk\tinsult\t2\tґедз(ь|я|ю|ем|і|ів)"
    assert found("ти ґедзю набридливий", line) == [("ґедзь", "insult")]
    assert found("ти ґедзю набридливий") == []


def test_a_vault_has_classes_of_its_own() -> None:
    assert found("дайте хабар", "хабар\tuk\tbribe\t1\tхабар:n") == [("хабар", "bribe")]


def test_a_vault_replaces_a_shipped_entry() -> None:
    hits = load([("own.tsv", table("кретин\tuk\tinsult\t3\tкретиніщ(е|а)"))])
    assert hits.find(["ти", "кретин"]) == []
    assert [hit.severity for hit in hits.find(["ти", "кретиніще"])] == [3]


def test_a_vault_switches_an_entry_off() -> None:
    assert found("кретини ви") == [("кретин", "insult")]
    assert found("кретини ви", "кретин\t\toff") == []


def test_a_vault_uses_shipped_sets_contexts_and_endings_and_its_own() -> None:
    lines = (
        "мої\t\twords\t\tліхтар щогла",
        "тут\t\tcontext\t\t<2{мої}",
        "щось\tuk\tother\t1\tхитавиц:n\tтут\t-",
    )
    assert found("ліхтар і хитавиця", *lines) == [("щось", "other")]
    assert found("просто хитавиця", *lines) == []


def test_a_byte_order_mark_quotes_and_empty_lines_are_read() -> None:
    data = b"\xef\xbb\xbf" + HEADER.encode() + '\n# remark\n"ґедзь"\tuk\tinsult\t1\t"ґедзь"\n\t\t\n'.encode()
    assert [hit.entry for hit in load([("own.tsv", data)]).find(["ґедзь"])] == ["ґедзь"]


WRONG = [
    (b"\xff\xfe", "UTF-8"),
    (b"x" * (rows.MAX_BYTES + 1), "bytes"),
    (b"word\tclass\n", "line 1"),
    (b"entry\tclass\tclass\n", "line 1"),
    (b"", "line 1"),
    (table("a\tuk\tinsult\t1\tabc\t\t\t\tmore"), "line 2"),
    (table("a\tuk\tinsult\t4\tabc"), "severity"),
    (table("a\tuk\tinsult\t\tabc"), "severity"),
    (table("a\tuk\tINSULT\t1\tabc"), "class"),
    (table("a\tukr!\tinsult\t1\tabc"), "language"),
    (table("a\tuk\tinsult\t1"), "forms"),
    (table("\tuk\tinsult\t1\tabc"), "entry"),
    (table('"a\tuk'), "line 2"),
    (table("a\tuk\tinsult\t1\tslovo(a|b"), "bracket"),
    (table("a\tuk\tinsult\t1\tslovo)"), "bracket"),
    (table("a\tuk\tinsult\t1\tslovo[ab"), "bracket"),
    (table("a\tuk\tinsult\t1\t?slovo"), "bracket"),
    (table("a\tuk\tinsult\t1\t{nosuch}"), "nosuch"),
    (table("a\t\twords\t\t{b}", "b\t\twords\t\t{a}"), "set"),
    (table("a\tuk\tinsult\t1\tslovo:zz"), "paradigm"),
    (table("a\tuk\tinsult\t1\tab*"), "letters"),
    (table("a\tuk\tinsult\t1\tsl*ovo*"), "letters"),
    (table("a\tuk\tinsult\t1\t" + "[abcdefghij]" * 6), "forms"),
    (table("a\tuk\tinsult\t1\t" + "(x" * 20 + ")" * 20), "groups"),
    (table("a\tuk\tinsult\t1\t<2>"), "pattern"),
    (table("a\tuk\tinsult\t1\tslovo <2>"), "pattern"),
    (table("a\tuk\tinsult\t1\t~2 one two three"), "pattern"),
    (table("a\tuk\tinsult\t1\t" + "slovo " * 20), "pattern"),
    (table("a\tuk\tinsult\t1\tslovo\tnosuch"), "nosuch"),
    (table("a\tuk\tinsult\t1\tslovo\t<0slovo"), "context"),
    (table("a\t\tcontext\t\ta"), "context"),
    (table(*["a\tuk\tinsult\t1\tslovo"] * (rows.MAX_ROWS + 1)), "rows"),
]


@pytest.mark.parametrize(("data", "said"), WRONG, ids=range(len(WRONG)))
def test_what_is_told_about_a_wrong_table(data: bytes, said: str) -> None:
    with pytest.raises(FormatError) as raised:
        load([("own\x1b.tsv", data)])
    error = raised.value
    assert "own\\u{1b}.tsv" in error.message
    assert said in error.message + error.hint
    assert error.hint
    assert (error.message + error.hint).isprintable()
    assert len(error.message) < 600


def test_the_example_is_a_row_that_works() -> None:
    path = Path(lexicon.__file__).parents[2] / "schemas" / "examples" / "lexicon.v1.row.json"
    row = json.loads(path.read_text(encoding="utf-8"))
    assert resources.problem("lexicon.v1", row) == ""
    line = "\t".join(str(row.get(column, "")) for column in rows.COLUMNS)
    assert found("ти козел", line) == [("козел", "insult")]
