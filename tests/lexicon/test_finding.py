"""What is found and what isn't: direction, exceptions, disguises, and what only looks like one."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.lexicon.lexicon import Hit, load

LEXICON = load()


def find(text: str) -> list[Hit]:
    return LEXICON.find(text.split())


def classes(text: str) -> set[str]:
    return {hit.marker_class for hit in find(text)}


@pytest.mark.parametrize(
    ("at_a_person", "at_nobody"),
    [
        ("ти сука", "сука, знову зависло"),
        ("иди нахуй", "нахуй мне это"),
        ("заїбали ви", "вже заїбало чекати"),
        ("ви жопа", "в жопу цей тариф"),
        ("ти блядь така", "блядь, знову"),
    ],
)
def test_the_same_word_at_a_person_and_at_nobody(at_a_person: str, at_nobody: str) -> None:
    assert classes(at_a_person) == {"insult"}
    assert classes(at_nobody) == {"profanity"}


@pytest.mark.parametrize(
    ("directed", "innocent"),
    [
        ("ти козел", "не робіть із мене козла відпущення"),
        ("Ви, баране, чуєте мене?", "Моє прізвище Баран, запишіть"),
        ("корова ти безмозка", "корова зачепила провід на стовпі"),
        ("крисо ти канцелярська", "криса погризла кабель"),
        ("ви свині", "сусід годує свиню"),
        ("ах ти собако", "собака перегризла кабель"),
        ("тупі ви там усі", "я тупий, поясніть ще раз"),
        ("дура ты", "я дура, забыла пароль"),
    ],
)
def test_a_word_counts_when_it_is_said_to_somebody(directed: str, innocent: str) -> None:
    assert "insult" in classes(directed)
    assert classes(innocent) == set()


@pytest.mark.parametrize(
    "text",
    [
        "рахунок за суку породи такса",
        "собака сука породы такса",
        "хочу вбити час",
        "вбийте мій номер у систему",
        "розірву договір",
        "зустрінемося в суді",
        "знаю де ваш офіс",
        "ви вбили мені вихідні",
        "хочу вас попросити",
        "приїжджайте до мене завтра після обіду",
        "ваш оператор назвав мене ідіотом",
        "Вулиця Степана Бандери, будинок 5",
        "У фільмі «Ідіот» немає звуку",
        "погані новини",
        "зайди на сайт",
        "вебкамера і вебсайт",
        "найобережніше",
        "I moved from Scunthorpe to Sussex",
        "my assistant passed the assessment",
        "kill the session please",
        "блін, чорт, хрін з ним, дурня якась, жах",
    ],
)
def test_what_only_looks_like_abuse(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "rule", "entry_begins"),
    [
        ("блядь", "plain", "бл"),
        ("бл#дь", "masked", "бл"),
        ("бл…ь", "masked", "бл"),
        ("п@@да", "masked", "п"),
        ("х**", "masked", "ху"),
        ("xyй", "lookalike", "ху"),
        ("п1зда", "lookalike", "п"),
        ("6лядь", "lookalike", "бл"),
        ("сууука", "stretched", "с"),
        ("бляяядь", "stretched", "бл"),
        ("с у к а", "spaced", "с"),
        ("х.у.й", "spaced", "ху"),
        ("с-у-к-а", "spaced", "с"),
        ("blyat", "latin", "бл"),
        ("pizdec", "latin", "п"),
        ("суkа", "lookalike", "с"),
    ],
)
def test_disguises(text: str, rule: str, entry_begins: str) -> None:
    (hit,) = find(f"знову {text} не працює")
    assert hit.rule == rule
    assert hit.text == text
    assert hit.entry.startswith(entry_begins)


@pytest.mark.parametrize(
    "text",
    [
        "*100#",
        "*121*3#",
        "набрала *#06# і нічого",
        "0671234567",
        "H*298A",
        "П1Д0Р-28",
        "ХУ-0к-66б",
        "d1ck.van.dyke@mail.com",
        "suka@gmail.com",
        "Диктую по літерах: С У К А Ч 7 7",
        "4-4-4-1, Х-Й-0-2",
        "150грн*",
        "**Увага**",
        "с_назвою_файла",
        "о-ч-к-и",
        "Алло-о-о! Чу-у-уєте?",
        "касса, ванна, масса, приймати, її",
        "другой other others",
        "В. І. Н.",
    ],
)
def test_codes_names_and_numbers_are_no_disguises(text: str) -> None:
    assert find(text) == []


def test_a_phrase_with_words_between_them() -> None:
    (hit,) = find("так от я вас усіх знайду і задушу, чуєте")
    assert hit.marker_class == "threat"
    assert hit.severity == 3
    assert "задушу" in hit.text


@pytest.mark.parametrize(
    ("text", "marker_class"),
    [
        ("щоб ти здох", "insult"),
        ("йди в сраку", "insult"),
        ("идинахуй", "insult"),
        ("голову відірву тобі", "threat"),
        ("тобі відірву голову", "threat"),
        ("знаю де ти живеш", "threat"),
        ("в офісі закладена бомба", "threat"),
        ("а во что ты одета", "sexual_harassment"),
        ("що на тобі зараз одягнуто", "sexual_harassment"),
        ("дзвоню просто щоб вас позлити", "malicious_call"),
        ("чурка нерусская", "discrimination"),
        ("i'll break your neck", "threat"),
        ("what are you wearing", "sexual_harassment"),
        ("you stupid cow", "insult"),
    ],
)
def test_phrases(text: str, marker_class: str) -> None:
    assert classes(text) == {marker_class}


def test_a_sentence_ends_a_phrase() -> None:
    assert classes("Щоб ти. Здоровий здох") & {"threat"} == set()
    assert find("Знаю де. Живеш добре") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("ти дурепа і брехуха", "uk"), ("пошёл ты нахуй", "ru"), ("you are a bastard", "en")],
)
def test_the_language_of_the_words(text: str, language: str) -> None:
    assert {hit.language for hit in find(text)} <= {language, ""}
    assert language in {hit.language for hit in find(text)} | {""}


def test_indices_are_those_of_the_words() -> None:
    words = ["Ну", "ти", "й", "козел,", "чуєш?"]
    (hit,) = LEXICON.find(words)
    assert words[hit.first : hit.last + 1] == hit.text.split() == ["козел,"]


def test_adjacent_words_of_a_class_are_one_hit() -> None:
    (hit,) = find("ах ти корова безмозка")
    assert hit.text == "корова безмозка"


def test_letter_case_accents_and_composition_do_not_count() -> None:
    for text in (
        "ВИ ІДІОТИ",
        "ви ідіо\u0301ти",
        unicodedata.normalize("NFD", "ви ідіоти"),
        "ви іді\u200bоти",
    ):
        assert classes(text) == {"insult"}, ascii(text)


WORDS = st.lists(
    st.one_of(
        st.text(min_size=1, max_size=12),
        st.sampled_from(
            [*"хуй,.–і", "ти", "сука", "убью", "вас", "б*ядь", "щоб", "здох", "*100#", "козел", "you"]
        ),
    ),
    max_size=12,
)


@given(WORDS)
@settings(max_examples=300, deadline=None)
def test_any_words(words: list[str]) -> None:
    hits = LEXICON.find(words)
    assert hits == LEXICON.find(list(words))
    for hit in hits:
        assert 0 <= hit.first <= hit.last < len(words)
        assert hit.text == " ".join(words[hit.first : hit.last + 1])
        assert 1 <= hit.severity <= 3
        assert hit.entry
    spans = [(hit.marker_class, place) for hit in hits for place in (hit.first,)]
    assert len(set(spans)) == len(spans)
