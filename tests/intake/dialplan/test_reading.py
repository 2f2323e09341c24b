"""Lines, settings, steps and arguments of Asterisk's files, as main/config.c and pbx_config.c take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.dialplan.arguments import options, split, without_variables
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.lines import MAX_LINE, Line, lines
from evidence.intake.dialplan.settings import (
    Directive,
    Heading,
    Section,
    Setting,
    Unreadable,
    items,
    sections,
)
from evidence.intake.dialplan.steps import Step, steps
from evidence.intake.dialplan.variables import Variables


def said(text: str) -> list[tuple[int, str | None]]:
    return [(line.number, line.text) for line in lines(text.encode())]


def parts(text: str) -> list[Section]:
    return list(sections(items("f", text.encode())))


def dialplan(text: str) -> list[Step]:
    return list(steps(parts(text)))


# Lines


def test_comments_and_ends_of_lines() -> None:
    text = "\ufeff[a] ; heading\r\n\r\n ; all of it\r\nb=1\\;2;3\r\n;-----; c=1\nd=4"
    assert said(text) == [(1, "[a]"), (4, "b=1;2"), (6, "d=4")]


def test_comments_over_several_lines_are_nested() -> None:
    text = "a=1 ;-- off\nb=2\n;-- c=3\n--; d=4\n e=5 --; f=6\ng=7 ;-- x --; h\ni=8"
    assert said(text) == [(1, "a=1"), (5, "f=6"), (6, "g=7  h"), (7, "i=8")]


def test_a_long_line_is_told_and_passed_over() -> None:
    data = b"a=1\n" + b"b" * (MAX_LINE + 1) + b"\nc=3\n"
    assert [(each.number, each.text) for each in lines(data)] == [(1, "a=1"), (2, None), (3, "c=3")]


@given(st.binary(max_size=2000))
def test_any_bytes_make_lines_in_order(data: bytes) -> None:
    found: list[Line] = list(lines(data))
    assert [each.number for each in found] == sorted({each.number for each in found})
    assert all(each.text is None or each.text == each.text.strip() != "" for each in found)


# Settings


def test_sections_settings_and_directives() -> None:
    text = '[a]\nx=1\ny => 2\n#include "b.conf"\n#tryinclude <c.conf>\n#exec /bin/x\nnonsense\n[open\n'
    assert list(items("f", text.encode())) == [
        Heading("f", 1, "a"),
        Setting("f", 2, "x", "1"),
        Setting("f", 3, "y", "2"),
        Directive("f", 4, "include", "b.conf"),
        Directive("f", 5, "tryinclude", "c.conf"),
        Directive("f", 6, "exec", "/bin/x"),
        Unreadable("f", 7, "syntax"),
        Unreadable("f", 8, "syntax"),
    ]


def test_templates_and_additions() -> None:
    text = "[base](!)\na=1\nb=1\n[one](base)\nb=2\n[one](+)\nc=3\n[two](base,one)\nd=4\ne=x\ne+=,y\n"
    base, one, more, two = parts(text)
    assert (base.is_template, one.is_template, more.name) == (True, False, "one")
    assert [(s.name, s.value) for s in one.settings] == [("a", "1"), ("b", "1"), ("b", "2")]
    found = two.last("B")
    assert found is not None
    assert found.value == "2"
    assert [(s.name, s.value) for s in two.settings[-2:]] == [("d", "4"), ("e", "x,y")]


def test_templates_that_double_each_time_stay_bounded() -> None:
    text = "[t0](!)\na=1\n" + "".join(f"[t{i}](t{i - 1},t{i - 1})\n" for i in range(1, 60))
    assert sum(len(section.settings) for section in parts(text)) <= 400_000


def test_a_million_contexts_are_cut_off() -> None:
    assert len(parts("[a]\n" * 1_000_000)) == 100_000


# Steps


def test_priorities_labels_and_same() -> None:
    text = """
[general]
exten => no,1,Dial(x)
[in]
exten => s,1,Answer
exten => s,n(here),Playback(a&b,noanswer)
 same => n+10,Wait(1) ; soon
exten => _X.,5,NoOp()
same => n,Hangup()
exten => s,2,Doubled()
exten => 7,hint,SIP/7
exten => 7,x,Nothing()
[in2]
same => n,Nothing()
exten => t,n,Nothing()
"""
    found = [(s.context, s.extension, s.priority, s.label, s.application, s.data) for s in dialplan(text)]
    assert found == [
        ("in", "s", 1, "", "Answer", ""),
        ("in", "s", 2, "here", "Playback", "a&b,noanswer"),
        ("in", "s", 13, "", "Wait", "1"),
        ("in", "_X.", 5, "", "NoOp", ""),
        ("in", "_X.", 6, "", "Hangup", ""),
    ]


def test_patterns_with_commas_and_the_old_form() -> None:
    found = dialplan("[in]\nexten => _[1,2]X,1,Dial,SIP/1|20|t\n")
    assert [(s.extension, s.application, s.data) for s in found] == [("_[1,2]X", "Dial", "SIP/1,20,t")]


def test_what_is_run_under_a_condition() -> None:
    (step,) = dialplan('[in]\nexten => s,1,ExecIf($["${A}"="b,c?"]?Playback(x,y):Dial(SIP/1,2))\n')
    assert [(s.application, s.data) for s in executed(step)] == [("Playback", "x,y"), ("Dial", "SIP/1,2")]
    (step,) = dialplan("[in]\nexten => s,1,TryExec(MixMonitor(a.wav,b))\n")
    assert [(s.application, s.data) for s in executed(step)] == [("MixMonitor", "a.wav,b")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ("a,,c", ["a", "", "c"]),
        ('"a,b",c', ["a,b", "c"]),
        ("a\\,b,c", ["a,b", "c"]),
        ("${IF($[1]?x:y),z},b", ["${IF($[1]?x:y),z}", "b"]),
        ("f(a,b),c", ["f(a,b)", "c"]),
        ("$[a,b],c", ["$[a,b]", "c"]),
        ("", [""]),
    ],
)
def test_arguments(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_the_last_argument_takes_the_rest() -> None:
    assert split("a.wav,b,rm -f x,y z", ",", 3) == ["a.wav", "b", "rm -f x,y z"]


def test_options() -> None:
    assert options("abi(ID)r(/x/${A}-in.wav)B(15)") == {
        "a": "", "b": "", "i": "ID", "r": "/x/-in.wav", "B": "15",
    }  # fmt: skip
    assert options("a${MONITOR_REC_OPTION}i(X)") == {"a": "", "i": "X"}
    assert options("") == {}
    assert without_variables("a${B(${C})}d$[e]") == "ad"


@given(st.text(max_size=300))
def test_any_text_has_arguments_and_options(text: str) -> None:
    assert "".join(split(text, keeps_quotes=True)).count(",") <= text.count(",")
    assert ",".join(split(text, keeps_quotes=True)) == text
    assert all(len(letter) == 1 for letter in options(text))


# Variables


def test_values_of_variables() -> None:
    text = """
[globals]
FORMAT = gsm
LOOP = ${LOOP}x
[in]
exten => s,1,Set(__A=one)
exten => s,n,Playback(${A}.${FORMAT}&${B}&${C}&${D}&${EVAL(${FORMAT})}&${LOOP})
exten => s,n,Set(A=two)
exten => s,n,Playback(${A})
[else]
exten => s,1,Set(B=only)
exten => s,n,Set(C=1)
exten => s,n,Set(C=2)
exten => s,n,ExecIf($[1]?Set(D=maybe))
exten => s,n,Playback(${D})
"""
    found = parts(text)
    all_steps = list(steps(found))
    known = Variables(found, all_steps)
    played = [known.resolved(s.data, s) for s in all_steps if s.name == "playback"]
    assert played[0].startswith("one.gsm&only&${C}&maybe&gsm&")
    assert played[0].count("x") == 8  # a loop is followed a few times
    assert played[1] == "two"


def test_variables_that_grow_stay_bounded() -> None:
    text = "[globals]\n" + "".join(f"V{i}={f'${{V{i + 1}}}' * 100}\n" for i in range(20))
    text += "[in]\nexten => s,1,Playback(" + "${V0}" * 100 + ")\n"
    found = parts(text)
    (step,) = steps(found)
    assert len(Variables(found, [step]).resolved(step.data, step)) <= 16 * 1024
