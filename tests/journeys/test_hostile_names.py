"""Names made to hurt: of files, of incidents, and names that claim to tell about a call."""

import base64
import os

import pytest

from tests.journeys.hostile import BY, DONE, NUMBER, RECORDING, STATE, UNKNOWN, USAGE, Ground
from tests.journeys.program import evidence

KEPT = {
    "escape": b"\x1b[2J\x1b]0;owned\x07.wav",
    "c1": "\x9b31m.wav".encode(),
    "bell": b"\x07\x07.wav",
    "delete": b"\x7f.wav",
    "newline": b"a\nevidence: error: forged.wav",
    "return": b"a\rb.wav",
    "tab": b"a\tb.wav",
    "bidi": "\u202egpj.wav".encode(),
    "isolate": "\u2066x\u2069.wav".encode(),
    "zero width": "\u200b\u200d\ufeff.wav".encode(),
    "tags": "\U000e0041.wav".encode(),
    "line separator": "a\u2028b.wav".encode(),
    "not utf-8": b"\xff\xfe\x80.wav",
    "half a letter": "ї".encode()[:1] + b".wav",
    "surrogate": b"\xed\xa0\x80.wav",
    "overlong slash": b"\xc0\xaf.wav",
    "dash": b"-x.wav",
    "option": b"--vault=elsewhere.wav",
    "only dashes": b"--.wav",
    "look-alike": "саll.wav".encode(),
    "decomposed": "и\u0306.wav".encode(),
    "hebrew": "שיחה.wav".encode(),
    "device": b"CON",
    "device with ending": b"nul.wav",
    "trailing dot": b"call.wav.",
    "trailing space": b"call.wav ",
    "only spaces": b"   ",
    "markup": b"[red]x[\\red].wav",
    "formula": b"=cmd|'calc'!A0.wav",
    "script": b"<script>alert(1)<.wav",
    "placeholder": b"{file}{0}%s%n.wav",
    "shell": b"$(reboot);`id`&.wav",
    "backslash": b"x\\..\\..\\y.wav",
    "drive": b"C:call.wav",
    "quotes": b"\"'.wav",
    "almost a document": b"Incident.json",
    "document's shadow": b"incident.json.wav",
    "markers' shadow": b"markers.json.txt",
    "longest": b"n" * 236 + b".wav",
    "longest cyrillic": "ї".encode() * 118 + b".wav",
    "pbx: script": b"in-100-<script>-20261105-101502-1762330502.17.wav",
    "pbx: escape": b"in-100-\x1b[31m-20261105-101502-1762330502.17.wav",
    "pbx: dashes": b"in-100-1-2-3-20261105-101502-1762330502.17.wav",
    "pbx: no such day": b"in-100-380-20261399-101502-1762330502.17.wav",
    "pbx: huge id": b"in-100-380-20261105-101502-" + b"9" * 99 + b".1.wav",
    "pbx: formula": b"external-=1+1-380-20261105-101502-1762330502.17.wav",
    "pbx: newline": b"out-100-380-20261105-101502-1762330502.17\n.wav",
    "pbx: arabic digits": "in-100-٣٨٠-20261105-101502-1762330502.17.wav".encode(),
}
REFUSED = {
    "incident.json": b"incident.json",
    "markers.json": b"markers.json",
    "incident.uid": b"incident.uid",
    "hidden": b".call.wav",
    "our own temporary": b".incident.json.new",
    "three dots": b"...",
    "lock": b"~$call.wav",
    "backup": b"call.wav~",
    "thumbnails": b"Thumbs.db",
    "settings": b"DESKTOP.INI",
    "a byte too long": b"n" * 237 + b".wav",
    "longest of all": b"n" * 251 + b".wav",
}


@pytest.mark.parametrize("name", KEPT.values(), ids=KEPT)
def test_names_are_kept_byte_for_byte_and_shown_harmless(ground: Ground, name: bytes) -> None:
    source = ground.source(name)
    stated = ["--number", "N", "--role", "recording", *UNKNOWN, "--by", BY, "--vault", str(ground.vault)]
    said = ground.run("new", *stated, "--", source, code=DONE)
    assert name in os.listdir(os.fsencode(ground.incidents / "N"))  # noqa: PTH208  names as bytes
    assert len(said.out.splitlines()) == 3  # the number, the recording, what shows that the notice was played


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED)
def test_names_that_mean_something_else_are_refused(ground: Ground, name: bytes) -> None:
    source = ground.source(name)
    ground.new("--", source, code=USAGE)
    ground.add(*UNKNOWN, "--", source, code=USAGE)
    ground.source("ok.wav")
    ground.add(*UNKNOWN, "ok.wav", "--as", os.fsdecode(name), code=USAGE)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.wav", "/etc/passwd", "../call2.wav", "x/.."])
def test_a_name_given_can_lead_nowhere_else(ground: Ground, name: str) -> None:
    ground.add(ground.source("ok.wav"), *UNKNOWN, "--as", name, code=USAGE)


@pytest.mark.parametrize("name", ["a\nb.wav", "\x1b[2J.wav", "\udcff.wav", "-", "ї" * 120])
def test_a_name_given_may_be_odd(ground: Ground, name: str) -> None:
    ground.add(ground.source("ok.wav"), "--role", "recording", *UNKNOWN, f"--as={name}")
    assert (ground.incident / name).read_bytes() == RECORDING


@pytest.mark.parametrize(
    "number",
    [
        *("../../x", "..", ".", ".hidden", "-x", "--vault", "a/b", "a b", "a\nb", "x" * 65),
        *("ІНС-1", "\udcff", "\x1b[2J", "NUL\0", "a\\b", "%2e%2e", "*"),
    ],
)
def test_numbers_that_are_none(ground: Ground, number: str) -> None:
    ground.new(ground.source("ok.wav"), *UNKNOWN, f"--number={number}", code=USAGE)


def test_a_number_is_taken_once(ground: Ground) -> None:
    ground.new(ground.source("ok.wav"), *UNKNOWN, "--number", NUMBER, code=5)


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder"])
def test_whatever_stands_in_a_number_s_place_is_left_alone(ground: Ground, kind: str) -> None:
    """The year's next number goes past it; the number itself is taken."""
    from evidence.clock import system_clock  # noqa: PLC0415

    year = system_clock().year
    there = ground.incidents / f"INC-{year}-000007"
    match kind:
        case "file":
            there.write_bytes(b"mine")
        case "link":
            there.symlink_to("/dev/zero")
        case "dangling":
            there.symlink_to("nowhere")
        case _:
            there.mkdir()
    source = ground.source("ok.wav")
    (found,) = ground.new(source, *UNKNOWN).lines
    assert found["number"] == f"INC-{year}-000008"
    ground.new(source, *UNKNOWN, "--number", there.name, code=5)


@pytest.mark.parametrize(
    "name",
    ["in-100-380501234567-20260329-033000-1774747800.17.wav", "in-100-380501234567-20261025-033000-5.17.wav"],
    ids=["skipped hour", "no id that says which"],
)
def test_times_in_names_that_need_a_person(ground: Ground, name: str) -> None:
    ground.new(ground.source(name), code=USAGE)


def test_an_hour_that_comes_twice_in_a_name(ground: Ground) -> None:
    source = ground.source("in-100-380501234567-20261025-033000-1792891800.17.wav")
    assert "--fold" in ground.new(source, code=USAGE).err
    ground.new(source, "--fold", "second")


NOT_TEXT = "ї".encode() + b"\xff\x1b.wav"
OF_CALL = ("--started", "2026-11-05T10:15:02Z", "--notice-grade", "in_recording", "--notice-at", "0:01")


def test_a_recording_whose_name_is_not_text_can_be_named_everywhere(ground: Ground) -> None:
    source = ground.source(NOT_TEXT)
    ground.add(source, *OF_CALL)
    ground.add("--recording", source, "--caller", "+380501234567")
    ground.mark("0:01", "--class", "insult", "--recording", source)
    ground.measure("warning", "--position", "0:02", "--recording", source)
    document = ground.document()
    wanted = {"name_base64": base64.b64encode(NOT_TEXT).decode("ascii")}
    assert document["calls"][1]["recording"] == wanted
    assert document["calls"][1]["caller"] == "+380501234567"
    assert document["notice"]["recording"] == document["measures"][0]["recording"] == wanted
    assert ground.markers()[0]["recording"] == wanted
    ground.add("--remove", source, code=STATE)
    ground.on_vault("seal", NUMBER, code=DONE)
    ground.new("--corrects", NUMBER, "--number", "N", "--reason", "x")
    assert NOT_TEXT in os.listdir(os.fsencode(ground.incidents / "N"))  # noqa: PTH208  names as bytes


def test_where_python_takes_no_name_for_utf_8(ground: Ground) -> None:
    """Old systems without a locale: names are bytes there, too, and the archive is the same."""
    source = ground.source("їжак.wav".encode())
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    stated = ("--vault", ground.vault, "--by", "x", "--no-input")
    for command in (
        ("new", source, *OF_CALL, "--number", "N", *stated),
        ("add", "N", "--recording", source, "--caller", "5", *stated),
        ("mark", "add", "N", "0:01", "--class", "insult", "--recording", source, *stated),
        ("seal", "N", "--vault", ground.vault),
        ("new", "--corrects", "N", "--number", "M", "--reason", "x", *stated),
    ):
        ended = evidence(*command, env=ascii_only)
        assert ended.returncode == DONE, ended.stderr
    assert ground.document("M")["calls"][0]["recording"] == "їжак.wav"
