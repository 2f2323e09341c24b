"""Where a dialplan plays a given announcement, and what a kept one shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.dialplan.announcements import CALLED, CALLER
from evidence.intake.dialplan.snapshots import is_dialplan, snapshots
from evidence.intake.dialplan.sounds import Names

NOTICE = ("custom/recording-notice",)


def places(text: str, *names: str, file: str = "extensions.conf") -> list[tuple[int, str, str]]:
    found = snapshots(file, text.encode(), names or NOTICE)
    return [(each.line, each.application, each.side) for each in found]


@pytest.mark.parametrize(
    ("known", "name", "is_same"),
    [
        ("custom/notice", "custom/notice", True),
        ("custom/notice", "custom/notice.wav", True),
        ("custom/notice.gsm", "custom/notice", True),
        ("custom/notice", "/var/lib/asterisk/sounds/custom/notice", True),
        ("custom/notice", "/var/lib/asterisk/sounds/uk/custom/notice.wav", True),
        ("uk/custom/notice", "custom/notice", True),
        ("uk/custom/notice", "ru/custom/notice", False),
        ("uk/custom/notice", "uk_UA/custom/notice", False),
        ("ivr/notice.wav", "/usr/share/freeswitch/sounds/en/us/callie/ivr/notice.wav", True),
        ("ivr/notice.wav", "$${sounds_dir}/en/us/callie/ivr/notice.wav", True),
        ("ivr/notice.wav", "${sound_prefix}/ivr/notice.wav", True),
        ("/opt/pbx/notice", "/opt/pbx/notice.wav", True),
        ("notice", "/opt/pbx/notice.wav", False),
        ("notice", "custom/notice", False),
        ("custom/notice", "custom/notice2", False),
        ("custom/notice", "custom/Notice", False),
        ("notice.v2", "notice.v2.wav", True),
    ],
)
def test_names_are_compared_without_what_does_not_matter(known: str, name: str, is_same: bool) -> None:  # noqa: FBT001
    assert (Names((known,)).find(name) == known) is is_same


@pytest.mark.parametrize(
    ("action", "side"),
    [
        ("Playback(custom/recording-notice)", CALLER),
        ("playback(hello&custom/recording-notice,noanswer)", CALLER),
        ("BackGround(custom/recording-notice,nm)", CALLER),
        ("ControlPlayback(custom/recording-notice)", CALLER),
        ("Read(DIGITS,custom/recording-notice,1)", CALLER),
        ("Queue(600,t,,custom/recording-notice,300)", CALLED),
        ("Dial(PJSIP/201,30,tA(custom/recording-notice))", CALLED),
        ("Dial(PJSIP/201,30,tA(beep:custom/recording-notice))", CALLER),
        ('ExecIf($["${X}"="1"]?Playback(custom/recording-notice))', CALLER),
        ("TryExec(Playback(custom/recording-notice))", CALLER),
        ("Playback(${IF($[1]?custom/recording-notice:beep)})", CALLER),
    ],
)
def test_applications_that_play_it(action: str, side: str) -> None:
    found = places(f"[in]\nexten => s,1,Answer\nexten => s,n,{action}\n")
    assert [(line, where) for line, _name, where in found] == [(3, side)]


@pytest.mark.parametrize(
    "action",
    [
        "NoOp(custom/recording-notice)",
        "Set(X=custom/recording-notice)",
        "Playback(custom/other)",
        "Queue(custom/recording-notice)",
        "Read(custom/recording-notice)",
        "Record(custom/recording-notice.wav)",
    ],
)
def test_what_does_not_play_it(action: str) -> None:
    assert places(f"[in]\nexten => s,1,{action}\n") == []
    assert places(f"[in]\n; exten => s,1,Playback(custom/recording-notice)\nexten => s,1,{action}\n") == []


def test_a_variable_that_holds_its_name() -> None:
    text = "[globals]\nG=custom/recording-notice\n[in]\nexten => s,1,Set(__M=${G})\nexten => s,n,Playback(${M})\n"
    assert places(text) == [(5, "Playback", CALLER)]


def test_queues() -> None:
    text = """
[general](!)
[t](!)
periodic-announce = hold,custom/recording-notice
[600](t)
announce = custom/recording-notice
[601](t)
queue-callerannounce=custom/recording-notice
queue-thankyou=custom/recording-notice
"""
    assert places(text, file="queues.conf") == [
        (4, "periodic-announce", CALLER),
        (6, "announce", CALLED),
        (8, "queue-callerannounce", CALLER),
    ]


FREESWITCH = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>
<include><context name="public">
  <!-- <action application="playback" data="ivr/notice.wav"/> -->
  <extension name="support">
    <action
      application="playback"
      data="$${sounds_dir}/uk/ua/olena/ivr/notice.wav"/>
    <action application="play_and_get_digits" data="1 1 3 5000 # ivr/notice.wav silence x \\d"/>
    <action application='playback' data='file_string://a.wav!ivr/notice.wav'/>
    <action application="log" data="ivr/notice.wav"/>
    <action application="playback" data="&a;&b;&#105;vr/notice.wav &quot;"/>
  </extension>
</context>
<menu name="m" greet-long="ivr/notice.wav" greet-short="x.wav"></menu></include>
"""


def test_freeswitch() -> None:
    found = snapshots("public.xml", FREESWITCH.encode(), ("ivr/notice.wav",))
    assert [(each.line, each.context, each.application) for each in found] == [
        (6, "public", "playback"),
        (9, "public", "play_and_get_digits"),
        (10, "public", "playback"),
        (15, "menu", "playback"),
    ]
    assert snapshots("public.xml", FREESWITCH.encode(), ("notice.wav",)) == ()


def test_which_files_are_looked_at() -> None:
    assert [is_dialplan(name) for name in ("extensions.conf", "a.CONF", "dialplan.xml", "cdr.csv", "conf")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@given(st.binary(max_size=3000), st.sampled_from(["a.conf", "a.xml"]))
def test_any_bytes_give_an_answer(data: bytes, name: str) -> None:
    assert isinstance(snapshots(name, data, NOTICE), tuple)


HOSTILE = {
    "one line": b"[a]\nexten => s,1,Playback(" + b"custom/recording-notice&" * 4_000_000,
    "quotes": b"[a]\n" + (b"exten => s,1,Playback(" + b'"(' * 30_000 + b"\n") * 200,
    "variables": b"[a]\n" + b"exten => s,n,Playback(" + b"${A" * 20_000 + b")\n",
    "semicolons": (b"\\;" * 32_000 + b"\n") * 200,
    "open comments": b";--" * 3_000_000,
    "zeros": bytes(8_000_000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_take_no_time(data: bytes) -> None:
    assert snapshots("extensions.conf", data[: 8 * 1024 * 1024], NOTICE) == ()


@pytest.mark.parametrize(
    "data",
    [b"<action application=" * 400_000, b"<!--" * 2_000_000, b"<" * 8_000_000, b'<action a="' * 700_000],
    ids=["tags", "comments", "brackets", "quotes"],
)
def test_hostile_xml_takes_no_time(data: bytes) -> None:
    assert snapshots("a.xml", b"application=" + data, NOTICE) == ()
