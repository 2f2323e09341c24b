"""Values of options made to hurt: what can't be written down is refused before anything is made."""

import pytest

from tests.journeys.hostile import DONE, MALFORMED, NUMBER, STATE, UNKNOWN, USAGE, Ground

START = ("--started", "2026-11-05T10:15:02+02:00")
LONG = "ї" * 1_000_000
SURROGATE = "\udcff"
CLOCK = ("--clock-known-by", "NTP")
REFUSED: dict[str, tuple[str, ...]] = {
    "skipped hour": ("--started", "2026-03-29 03:30"),
    "skipped hour, day first": ("--started", "29.03.2026 03:30:00"),
    "hour that comes twice": ("--started", "2026-10-25 03:30"),
    "unknown fold": ("--started", "2026-10-25 03:30", "--fold", "third"),
    "unknown zone": ("--started", "2026-11-05 10:15", "--zone", "Mars/Base"),
    "zone of a path": (*START, "--zone", "../../etc/passwd"),
    "zone of the machine": (*START, "--zone", "localtime"),
    "zone of ESC": (*START, "--zone", "\x1b[2J"),
    "zone of a million": (*START, "--zone", LONG),
    "year 0": ("--started", "0000-01-01T00:00:00Z"),
    "year 9999": ("--started", "9999-12-31T23:59:59Z"),
    "year 9999, local": ("--started", "9999-12-31 23:59"),
    "year of five digits": ("--started", "12026-01-01T00:00:00Z"),
    "no such day": ("--started", "2026-02-30 10:15"),
    "hour 24": ("--started", "2026-11-05 24:00"),
    "leap second": ("--started", "2026-06-30T23:59:60Z"),
    "arabic digits": ("--started", "٢٠٢٦-١١-٠٥ ١٠:١٥"),
    "only a day": ("--started", "2026-11-05"),
    "offset of a day": ("--started", "2026-11-05T10:15:02+24:00"),
    "a time of a million": ("--started", LONG),
    "ends before it starts": (*START, "--ended", "2026-11-05T10:15:01+02:00"),
    "end without start": (*UNKNOWN, "--ended", "2026-11-05T10:15:02+02:00"),
    "caller without start": (*UNKNOWN, "--caller", "+380501234567"),
    "channels without start": (*UNKNOWN, "--channels", "caller,agent"),
    "33 channels": (*START, "--channels", ",".join(map(str, range(33)))),
    "a channel twice": (*START, "--channels", "a,a"),
    "a channel of 65": (*START, "--channels", "c" * 65),
    "offset nan": (*START, "--clock-offset", "nan", *CLOCK),
    "offset inf": (*START, "--clock-offset", "-inf", *CLOCK),
    "offset 1e9": (*START, "--clock-offset", "1e9", *CLOCK),
    "offset of 3 years": (*START, "--clock-offset", "99999999", *CLOCK),
    "offset of -3 years": (*START, "--clock-offset=-99999999", *CLOCK),
    "huge offset": (*START, "--clock-offset", "9" * 400, *CLOCK),
    "offset of microseconds": (*START, "--clock-offset", "0.0001", *CLOCK),
    "offset nobody knows": (*START, "--clock-offset", "1"),
    "clock without offset": (*START, *CLOCK),
    "huge uncertainty": (*START, "--clock-offset", "1", "--clock-uncertainty", "99999999", *CLOCK),
    "recording not there": (*START, "--recording", "gone.wav"),
    "recording leads out": (*START, "--recording", "../ok.wav"),
    "basis without reference": (*START, "--legal-basis", "consent:"),
    "basis of spaces": (*START, "--legal-basis", "law:   "),
    "basis of a million": (*START, "--legal-basis", f"law:{LONG}"),
    "21 bases": (*START, *(f"--legal-basis=law:{n}" for n in range(21))),
    "title of a million": (*START, "--title", LONG),
    "summary of a million": (*START, "--summary", LONG),
    "subscriber of a million": (*START, "--subscriber", LONG),
    "phone of 129": (*START, "--phone", "1" * 129),
    "agent of 301": (*START, "--agent", "a" * 301),
    "system of a million": (*START, "--system", LONG),
    "call id of a million": (*START, "--call-id", LONG),
    "caption of a million": (*START, "--caption", LONG),
    "who is a million": (*START, "--by", LONG),
    "title not UTF-8": (*START, "--title", SURROGATE),
    "who is not UTF-8": (*START, "--by", SURROGATE),
    "title with NUL": (*START, "--title", "a\0b"),
    "basis not UTF-8": (*START, "--legal-basis", f"law:{SURROGATE}"),
    "channels not UTF-8": (*START, "--channels", SURROGATE),
    "unknown direction": (*START, "--direction", "sideways"),
    "unknown grade": (*START, "--notice-grade", "proof"),
    "unknown role": (*START, "--role", "incident"),
    "notice below zero": (*START, "--notice-grade", "in_recording", "--notice-at", "-1"),
    "notice nan": (*START, "--notice-grade", "in_recording", "--notice-at", "nan"),
    "notice after a week": (*START, "--notice-grade", "in_recording", "--notice-at", "604801"),
    "notice place without recording": (*START, "--notice-grade", "none", "--notice-at", "1"),
    "notice in channel 77": (*START, "--notice-grade", "in_recording", "--notice-channel", "77"),
    "notice in no channel": (*START, "--notice-grade", "in_recording", "--notice-channel", "nobody"),
    "notice from nowhere": (*START, "--notice-grade", "pbx_log"),
    "notice in no language": (*START, "--notice-language", "\x1b[2J"),
    "notice of no version": (*START, "--notice-version", "../1"),
    "notice of a million": (*START, "--notice-text", LONG),
    "taken at no time": (*START, "--taken-at", "yesterday"),
    "an option twice over": (*START, "--started", "never"),
    "an unknown option": (*START, "--\x1b[2J"),
    "an option without value": (*START, "--title"),
    "a file that isn't there": (*START, "gone\x1b[2J.wav"),
    "the same file twice": (*START, "ok.wav"),
    "two files under one name": (*START, "other.wav", "--as", "x.wav"),
}
ACCEPTED: dict[str, tuple[str, ...]] = {
    "no offset of the clock": (*START, "--clock-offset", ""),
    "offset to the limit": (*START, "--clock-offset", "31536000", *CLOCK),
    "a start in the future": ("--started", "2090-01-01T00:00:00Z"),
    "an end in the future": (*START, "--ended", "2090-01-01T00:00:00Z"),
    "hostile words": (*START, "--title", "\x1b[2J\u202e[red]", "--summary", "<script>\n=1+1\r\u2028"),
    "empty texts": (*START, "--title", "", "--caller", " ", "--legal-basis", "", "--channels", ",,"),
    "empty zone": (*START, "--zone", ""),
    "32 channels": (*START, "--channels", ",".join(map(str, range(32)))),
    "noncharacters": (*START, "--title", "\ufffe\U0010ffff"),
}


@pytest.mark.parametrize("options", REFUSED.values(), ids=REFUSED)
def test_new_makes_nothing_of_what_it_refuses(ground: Ground, options: tuple[str, ...]) -> None:
    ground.source("other.wav")
    ground.new(ground.source("ok.wav"), *options, code=USAGE)


@pytest.mark.parametrize("options", list(REFUSED.values())[::4], ids=list(REFUSED)[::4])
def test_add_changes_nothing_where_it_refuses(ground: Ground, options: tuple[str, ...]) -> None:
    ground.source("other.wav")
    ground.add(ground.source("ok.wav"), *options, code=USAGE)


@pytest.mark.parametrize("options", ACCEPTED.values(), ids=ACCEPTED)
def test_new_takes_what_can_be_written_down(ground: Ground, options: tuple[str, ...]) -> None:
    (found,) = ground.new(ground.source("ok.wav"), *options).lines
    ground.run("list", found["number"], "--vault", ground.vault, code=DONE)


@pytest.mark.parametrize(
    "arguments",
    [
        *(["-1"], ["nan"], ["inf"], ["1e9"], ["1:60"], ["604801"], ["9" * 400], ["1:99:00"], ["-"], [""]),
        *(["5-1"], ["1-2-3"], ["0x10"], ["١"], ["12"], ["5", "--to", "1"], ["1", "--to", "nan"]),
        *(
            ["1", "--to", "999"],
            ["1\0"],
            ["\x1b[2J"],
            ["1", "--channel", "99"],
            ["1", "--channel", "2"],
            ["1", "--channel", "nobody"],
        ),
        *(["1", "--channel", SURROGATE], ["1", "--language", SURROGATE], ["1", "--language", "../uk"]),
        *(["1", "--words", "x" * 4001], ["1", "--words", LONG], ["1", "--words", SURROGATE]),
        *(["1", "--note", "x" * 4001], ["1", "--by", "x" * 301], ["1", "--recording", "gone.wav"]),
        *(["1", "--recording", SURROGATE], ["1", "--recording", "../../call.wav"], ["1", "--recording", ""]),
        *(["1", "--asserted-at", "2026-03-29 03:30"], ["1", "--asserted-at", "2026-10-25 03:30"]),
        *(["1", "--asserted-at", "never"], ["1", "--how", "guessed"], ["1", "--class", "crime"]),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_markers_that_cannot_be(ground: Ground, arguments: list[str]) -> None:
    position, *options = arguments
    ground.mark("--class", "insult", *options, "--", position, code=USAGE)
    assert not (ground.incident / "markers.json").exists()


@pytest.mark.parametrize(
    "options",
    [
        *(["--words", "x" * 4000], ["--words", "\x1b[2J\u202e\n"], ["--beyond-end", "--to", "604800"]),
        *(["--asserted-at", "2090-01-01T00:00:00Z"], ["--channel", "1"], ["--words", ""]),
        *(["--asserted-at", "2026-10-25 03:30", "--fold", "second"],),
    ],
    ids=lambda options: ascii(" ".join(options))[:40],
)
def test_markers_that_may_be(ground: Ground, options: list[str]) -> None:
    ground.mark("1", "--class", "insult", *options)
    assert len(ground.markers()) == 1
    ground.run("mark", "list", NUMBER, "--vault", ground.vault, code=DONE)


@pytest.mark.parametrize(
    "arguments",
    [
        *(["warning"], ["warning", "--at", "never"], ["execution", "--at", "2026-11-05T10:15:02Z"], []),
        *(["warning", "--at", "9999-12-31T23:59:59Z"], ["warning", "--position", "nan"]),
        *(["warning", "--position", "-1"], ["warning", "--position", "1", "--recording", "gone.wav"]),
        *(["other", "--position", "1"], ["warning", "--position", "1", "--basis", LONG]),
        *(
            ["warning", "--position", "1", "--note", SURROGATE],
            ["warning", "--position", "1", "--by", "x" * 301],
        ),
        *(
            ["--remove", "0"],
            ["--remove", "1"],
            ["--remove", "9" * 400],
            ["--remove", "nan"],
            ["--remove=-1"],
        ),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_measures_that_cannot_be(ground: Ground, arguments: list[str]) -> None:
    ground.measure(*arguments, code=USAGE)


@pytest.mark.parametrize("number", ["0", "1", "-1", "9" * 400, "nan", "", "\x1b[2J", "١"])
@pytest.mark.parametrize(
    "command", [["withdraw", "--reason", "x"], ["edit", "--note", "x"], ["confirm"], ["accept"], ["reject"]]
)
def test_markers_that_are_not_there_cannot_be_changed(
    ground: Ground, command: list[str], number: str
) -> None:
    ground.on_vault("mark", *command, "--by", "x", NUMBER, "--", number, code=USAGE)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "gone.wav", "../../evidence.toml", "incident.json", SURROGATE]
)
def test_files_that_are_not_there_cannot_be_taken_out(ground: Ground, name: str) -> None:
    ground.add(f"--remove={name}", code=USAGE)


@pytest.mark.parametrize("named", ["gone", "", "\x1b[2J", SURROGATE, "../..", "/dev/null", "x" * 5000])
def test_incidents_that_are_none(ground: Ground, named: str) -> None:
    """A folder that is there but holds no incident is malformed input; what isn't there was never an incident."""
    code = MALFORMED if named in {"", "../.."} else USAGE
    for command in (["list"], ["mark", "list"], ["seal"], ["seal", "--check"]):
        ground.run(*command, f"--vault={ground.vault}", "--", named, code=code)


@pytest.mark.parametrize(
    ("reason", "code"),
    [("x" * 2001, USAGE), (SURROGATE, USAGE), ("", USAGE), ("x" * 2000, DONE)],
    ids=["too long", "not UTF-8", "none", "longest"],
)
def test_a_correction_is_made_whole_or_not_at_all(ground: Ground, reason: str, code: int) -> None:
    ground.on_vault("seal", NUMBER, code=DONE)
    ground.new("--corrects", NUMBER, "--number", "N", f"--reason={reason}", code=code)
    if code == DONE:
        assert ground.document("N")["corrects"]["reason"] == reason
    ground.new("--corrects", NUMBER, "--number", "M", "--reason", "x", "--title", "x" * 301, code=USAGE)


def test_what_is_sealed_stays(ground: Ground) -> None:
    ground.on_vault("seal", NUMBER, code=DONE)
    ground.add("--title", "x", code=STATE)
    ground.add(ground.source("ok.wav"), *UNKNOWN, code=STATE)
    ground.add("--remove", "call.wav", code=STATE)
    ground.mark("1", "--class", "insult", code=STATE)
    ground.measure("warning", "--position", "1", code=STATE)
    ground.on_vault("mark", "withdraw", NUMBER, "1", "--reason", "x", code=STATE)
    ground.on_vault("seal", NUMBER, code=STATE)
    ground.on_vault("seal", "--check", NUMBER, code=STATE)
    ground.new("--corrects", "gone", "--reason", "x", code=USAGE)


def test_what_is_not_sealed_is_not_corrected(ground: Ground) -> None:
    ground.new("--corrects", NUMBER, "--reason", "x", code=STATE)


@pytest.mark.parametrize("options", list(REFUSED.values())[3:70:20], ids=list(REFUSED)[3:70:20])
def test_a_process_of_its_own_says_the_same(ground: Ground, options: tuple[str, ...]) -> None:
    ground.new(
        ground.source("ok.wav"),
        *(o if len(o) < 100_000 else o[:9999] for o in options),
        code=USAGE,
        is_process=True,
    )


@pytest.mark.parametrize("options", list(REFUSED.values())[::10], ids=list(REFUSED)[::10])
def test_it_is_said_in_ukrainian(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LANG", "uk_UA.UTF-8")
    said = ground.new(ground.source("ok.wav"), *options, code=USAGE)
    assert all(set("іїєґаоеи") & set(row) for row in said.err.splitlines())
