"""Words and phrases by hand: forms, disguises, innocent contexts, and whatever else can stand in a transcript."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.markerfiles.classes import CODES
from evidence.lexicon.lexicon import Hit, Lexicon, load
from tests.intake.folders import at_once

LEXICON = load()

FOUND = [
    ("ти ідіотка", "insult", "ідіотка"),
    ("Ви там усі дебіли!", "insult", "дебіли!"),
    ("вы что, кретины?", "insult", "кретины?"),
    ("you are an idiot", "insult", "idiot"),
    ("іди нахуй", "insult", ""),
    ("пошла ты на хуй", "insult", ""),
    ("бля, знову не працює", "profanity", "бля,"),
    ("what the fuck is going on", "profanity", ""),
    ("я тебе вб'ю", "threat", ""),
    ("я вас найду и ноги переломаю", "threat", ""),
    ("приїду і спалю ваш офіс", "threat", ""),
]
DISGUISED = [
    ("ти с*ка", "masked"),
    ("иди на х**", "masked"),
    ("бл@дь що це", "masked"),
    ("ты cyкa", "lookalike"),
    ("ти суууука", "stretched"),
    ("ти с у к а", "spaced"),
    ("ти с-у-к-а", "spaced"),
    ("ty suka", "latin"),
]
INNOCENT = [
    "зробили з мене козла відпущення",
    "рахунок за суку породи такса",
    "застрахуйте мені телефон",
    "Моє прізвище Козел, Іван Козел",
    "команда підключила хулахуп",
    "наберіть *100# або ***",
    "пошта ivan.suk@example.com, модель TL-WR841N",
    "А Б В Г Ґ Д по буквах",
    "алло-о-о, дууууже вас прошу",
    "вб'ю номер у систему",
    "мене це вбиває",
    "подам на вас до суду і напишу в поліцію",
    "please assess the bass and the classic class",
    "",
]


def hits(text: str, lexicon: Lexicon = LEXICON) -> list[Hit]:
    return lexicon.find(text.split())


@pytest.mark.parametrize(("text", "marker_class", "word"), FOUND)
def test_what_is_found(text: str, marker_class: str, word: str) -> None:
    found = hits(text)
    assert marker_class in {hit.marker_class for hit in found}
    if word:
        assert word in {hit.text for hit in found}


@pytest.mark.parametrize(("text", "rule"), DISGUISED)
def test_disguises(text: str, rule: str) -> None:
    assert rule in {hit.rule for hit in hits(text)}, hits(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_words(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize("text", [text for text, _class, _word in FOUND])
def test_case_and_punctuation_do_not_count(text: str) -> None:
    classes = sorted(hit.marker_class for hit in hits(text))
    assert sorted(hit.marker_class for hit in hits(text.upper())) == classes
    assert sorted(hit.marker_class for hit in hits(f"{text}!!!")) == classes


WORDS = st.lists(
    st.one_of(
        st.text(max_size=12).map(lambda text: "".join(text.split())).filter(bool),
        st.sampled_from(
            [
                "ти",
                "сука",
                "с*ка",
                "с",
                "у",
                "к",
                "а",
                "іди",
                "на",
                "хуй",
                "вас",
                "знайду",
                "бл...ь",
                "козел",
                "*",
                "**",
                "@",
                "0",
                "ё",
                "\u202e",
                "́",
            ]
        ),
    ),
    max_size=20,
)


@given(WORDS)
def test_whatever_the_words_are(words: list[str]) -> None:
    found = LEXICON.find(words)
    assert [hit.first for hit in found] == sorted(hit.first for hit in found)
    for one, other in pairwise(found):  # one may stand in a gap of another that is of another class
        assert other.first > one.last or other.marker_class != one.marker_class
    for hit in found:
        assert 0 <= hit.first <= hit.last < len(words)
        assert hit.text == " ".join(words[hit.first : hit.last + 1])
        assert hit.marker_class in CODES
        assert 1 <= hit.severity <= 3
        assert hit.rule in {"plain", "phrase", "masked", "lookalike", "stretched", "spaced", "latin"}
    assert LEXICON.find(words) == found


HOSTILE = {
    "letters": "с" * 10**6,
    "stars": "*" * 10**6,
    "masked": "с*" * 5 * 10**5,
    "combining": "с" + "\u0301" * 10**6,
    "stretched": "сууу" * 250_000,
    "lookalike": "cу" * 500_000,
    "single": "с у к а " * 15_000,
    "dots": "с." * 500_000,
    "hyphens": "с-у-к-а-" * 125_000,
    "ти": "ти " * 40_000,
    "я": "я вас знайду " * 15_000,
    "bidi": "\u202e\u2066" * 500_000,
    "zero": "с\u200bу\u200bк\u200bа" * 100_000,
    "phrase": "щоб ти " * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_utterances_end(name: str) -> None:
    words = HOSTILE[name].split()
    with at_once():
        found = [
            hit for begin in range(0, len(words), 200) for hit in LEXICON.find(words[begin : begin + 200])
        ]
    assert len(found) <= len(words)


def test_the_same_tables_have_the_same_digest() -> None:
    assert load().sha256 == LEXICON.sha256
    head = "entry\tlanguage\tclass\tseverity\tforms\twhen\tunless\tnote\n"
    own = load([("own.tsv", f"{head}хухлявка\tuk\tinsult\t2\tхухлявка\t\t\t\n".encode())])
    assert own.sha256 != LEXICON.sha256
    assert [hit.entry for hit in hits("ось хухлявка", own)] == ["хухлявка"]
    entry = hits("ти ідіотка")[0].entry
    off = load([("off.tsv", f"{head}{entry}\t\toff\t\t\t\t\t\n".encode())])
    assert entry not in {hit.entry for hit in hits("ти ідіотка", off)}
