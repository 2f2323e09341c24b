"""Calls in a PBX's list that no archive holds."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from evidence import resources
from evidence.errors import FormatError, UsageError
from evidence.intake import calllist
from evidence.operations.audit.run import Request
from tests.operations.audit.ground import Heard, audited
from tests.operations.scene import make_vault, seal_all

NAME = "in-0443900000-380990000123-20261105-101502-1793866502.4711.wav"
HEADER = "calldate,src,billsec,duration,uniqueid,recordingfile\n"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with one archive: a recording named as FreePBX does, and one whose call's id is stated."""
    root = tmp_path_factory.mktemp("calls")
    incident = root / "incident"
    incident.mkdir()
    for name in (NAME, "second.wav"):
        (incident / name).write_bytes(resources.sample("call.wav"))
    (incident / "incident.json").write_text(
        '{"format": 1, "number": "INC-1", "calls": [{"id": "1793867500.4715", '
        '"recording": "second.wav", "started": "2026-11-05T10:31:40+02:00"}]}'
    )
    vault = make_vault(root / "vault")
    assert len(seal_all(vault, [incident])) == 1
    assert list((vault / "archives").glob("*/*.asice")), "sealed"
    return vault


def local(time: dt.datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def compared(vault: Path, cdr: Path) -> Heard:
    return audited(vault, Request(cdr=cdr))[0]


def lines(heard: Heard) -> list[int | str]:
    assert set(heard.codes) <= {"CALL_UNSEALED"}
    return [finding.params["line"] for finding in heard.findings]


def test_freepbx_with_a_header(holding: Path, tmp_path: Path) -> None:
    old, young = local(NOW - dt.timedelta(hours=30)), local(NOW - dt.timedelta(hours=20))
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(
        HEADER
        + f"{old},0501,60,70,1.1,/var/spool/{NAME}\n"  # 2: sealed, by its name
        + f"{old},0501,60,70,1793866502.4711,other.wav\n"  # 3: sealed, by the id in a recording's name
        + f"{old},0501,60,70,1793867500.4715,x.wav\n"  # 4: sealed, by the id that was stated
        + f"{old},0501,60,70,9.9,missing.wav\n"  # 5: not sealed
        + f"{old},0501,0,70,9.8,missing2.wav\n"  # 6: not answered
        + f"{old},0501,60,70,9.7,\n"  # 7: not recorded
        + f"{young},0501,60,70,9.6,later.wav\n"  # 8: may still be sealed tonight
        + f"{old},0501,60,70,9.5,torn"  # being written
    )
    heard = compared(holding, cdr)
    assert lines(heard) == [5]
    assert "missing" not in str(heard.findings[0])  # names of recordings hold numbers of persons
    assert heard.findings[0].params["call_id"] == "9.9"


def test_asterisks_master_csv(holding: Path, tmp_path: Path) -> None:
    def row(unique: str, seconds: int) -> str:
        begun, ended = NOW - dt.timedelta(hours=30, minutes=5), NOW - dt.timedelta(hours=30)
        return (
            f'"","0501","100","from-internal","""O\'Neil, \x1b[31m"" <0501>","SIP/1","SIP/2","Dial","x",'
            f'"{local(begun)}","{local(begun)}","{local(ended)}",300,{seconds},"ANSWERED","DOCUMENTATION",'
            f'"{unique}",""\n'
        )

    cdr = tmp_path / "Master.csv"
    cdr.write_text(row("1793866502.4711", 280) + row("5.5", 280) + row("5.6", 0))
    assert lines(compared(holding, cdr)) == [2]


def test_an_untold_zone_and_the_doubled_hour(tmp_path: Path) -> None:
    """Of the two hours of 25 October 2026 that Kyiv's clocks show twice, the later one is taken."""
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(HEADER + "2026-10-25 03:30:00,0501,60,60,1.1,x.wav\n")
    (call,) = calllist.answered(cdr, "Europe/Kyiv")
    assert isinstance(call, calllist.Call)
    expected = dt.datetime(2026, 10, 25, 3, 31, fold=1, tzinfo=ZoneInfo("Europe/Kyiv"))
    assert call.ended == expected.astimezone(dt.UTC) == dt.datetime(2026, 10, 25, 1, 31, tzinfo=dt.UTC)
    (utc,) = calllist.answered(cdr, "")
    assert isinstance(utc, calllist.Call)
    assert utc.ended == dt.datetime(2026, 10, 25, 3, 31, tzinfo=dt.UTC)


def test_hostile_rows_are_told_and_the_others_count(holding: Path, tmp_path: Path) -> None:
    old = local(NOW - dt.timedelta(hours=30)).encode()
    cdr = tmp_path / "cdr.csv"
    cdr.write_bytes(
        b"\xef\xbb\xbf"
        + HEADER.encode().replace(b"\n", b"\r\n")
        + b"not a time,1,60,60,1.1,x.wav\r\n"  # 2
        + old
        + b",1,sixty,60,1.1,x.wav\r\n"  # 3
        + old
        + b",1,60\r\n"  # 4
        + b"\0" * 50
        + b"\r\n"  # 5
        + b"y" * 300_000
        + b"\r\n"  # 6
        + old
        + b",1,60,60,"
        + b"9" * 20
        + b",\xff\xfe\x1b[2J.wav\r\n"  # 7
    )
    heard = compared(holding, cdr)
    assert heard.codes == ["CALL_UNSEALED", "CALLS_UNREADABLE"]
    assert heard.findings[0].params["line"] == 7
    assert heard.findings[1].params == {"n": 5, "line": 2}


@pytest.mark.parametrize(
    "content", [b"a,b,c\n", b"\x00\xff" * 100 + b"\n", b"billsec,src\n1,2\n", b"PK\x03\x04\n" * 40]
)
def test_what_is_no_list_is_refused(holding: Path, tmp_path: Path, content: bytes) -> None:
    cdr = tmp_path / "cdr.csv"
    cdr.write_bytes(content)
    with pytest.raises(FormatError):
        compared(holding, cdr)


def test_an_unclosed_quote_and_an_empty_list(holding: Path, tmp_path: Path) -> None:
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(HEADER + '2026-01-01 10:00:00,"unclosed\n' + "x,x\n" * 100_000)
    assert compared(holding, cdr).codes == ["CALLS_UNREADABLE"]
    cdr.write_text("")
    assert compared(holding, cdr).codes == []


def test_times_outside_every_calendar(holding: Path, tmp_path: Path) -> None:
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(HEADER + "".join(f"{year}-01-01 00:00:00,1,60,60,1.1,x.wav\n" for year in ("0001", 9999)))
    assert compared(holding, cdr).codes == ["CALLS_UNREADABLE"]


def test_a_zone_that_does_not_exist(tmp_path: Path) -> None:
    cdr = tmp_path / "cdr.csv"
    cdr.write_text(HEADER)
    with pytest.raises(UsageError):
        list(calllist.answered(cdr, "Mars/Olympus"))
