"""How a PBX records: each setting that costs proof gives its finding, and nothing else does."""

from pathlib import Path

import pytest

from evidence.operations.audit.findings import next_step, sentence
from tests.operations.pbx.configurations import EXTENSIONS, FREESWITCH, GOOD, GOOD_STEP, freepbx
from tests.operations.pbx.scene import codes, examined, version

R_AND_T = "r(${UNIQUEID}-in.wav)t(${UNIQUEID}-out.wav)"


def with_step(step: str) -> dict[str, str]:
    return {**GOOD, "extensions.conf": EXTENSIONS.replace(GOOD_STEP, step)}


def test_a_good_configuration_has_no_finding(tmp_path: Path) -> None:
    assert examined(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (f"MixMonitor(${{UNIQUEID}}.wav,b{R_AND_T})", ["MIXMONITOR_BRIDGED"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,s(3){R_AND_T})", ["RECORDING_DELAYED"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,d{R_AND_T})", ["RECORDING_DELETED"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,W(2)v(-1){R_AND_T})", ["VOLUME_CHANGED"]),
        ("MixMonitor(${UNIQUEID}.wav)", ["MIXED_CHANNELS"]),
        ("MixMonitor(${UNIQUEID}.wav,r(${UNIQUEID}-in.wav))", ["MIXED_CHANNELS"]),
        ("MixMonitor(${UNIQUEID}.raw,D)", []),
        ("MixMonitor(${UNIQUEID}.wav,D)", ["STEREO_NOT_RAW"]),
        (f"MixMonitor(${{UNIQUEID}}.gsm,{R_AND_T})", ["LOSSY_FORMAT"]),
        (f"MixMonitor(${{UNIQUEID}}.WAV,{R_AND_T})", ["LOSSY_FORMAT"]),
        (f"MixMonitor(${{UNIQUEID}}.wav49,{R_AND_T})", ["LOSSY_FORMAT"]),
        (f"MixMonitor(${{UNIQUEID}}.ulaw,{R_AND_T})", []),
        (f"MixMonitor(${{EXTEN}}-${{CALLERID(num)}}.wav,{R_AND_T})", ["OVERWRITTEN"]),
        (f"MixMonitor(${{EXTEN}}-${{CALLERID(num)}}.wav,a{R_AND_T})", []),
        (f"MixMonitor(call.wav,{R_AND_T})", ["OVERWRITTEN"]),
        (f"MixMonitor(${{EXTEN}}-${{EPOCH}}.wav,{R_AND_T})", []),
        (f"MixMonitor(${{UNIQUEID}}.wav,{R_AND_T},/usr/bin/lame -V2 ^{{MIXMONITOR_FILENAME}})", ["POST_COMMAND"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,{R_AND_T},sox a b && rm a)", ["POST_COMMAND"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,{R_AND_T},/opt/post.sh ^{{UNIQUEID}})", ["POST_UNKNOWN"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,{R_AND_T},/opt/farm/alarm.sh)", ["POST_UNKNOWN"]),
        (f"MixMonitor(${{UNIQUEID}}.wav,a{R_AND_T}i(b_d))", []),
        ("Monitor(wav,${UNIQUEID},b)", ["MIXMONITOR_BRIDGED"]),
        ("Monitor(gsm,${UNIQUEID},m)", ["LOSSY_FORMAT"]),
        ("Monitor(wav)", []),
    ],
)  # fmt: skip
def test_each_option(tmp_path: Path, step: str, expected: list[str]) -> None:
    assert codes(examined(tmp_path, with_step(step))) == expected


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        (f"MixMonitor(b.${{UNIQUEID}}.wav,ab{R_AND_T},/b)", f"MixMonitor(b.${{UNIQUEID}}.wav,a{R_AND_T},/b)"),
        (
            f"MixMonitor(${{UNIQUEID}}.wav,i(b)b{R_AND_T}${{B}})",
            f"MixMonitor(${{UNIQUEID}}.wav,i(b){R_AND_T}${{B}})",
        ),
        ("ExecIf($[1]?MixMonitor(${UNIQUEID}.wav,Db))", "ExecIf($[1]?MixMonitor(${UNIQUEID}.wav,D))"),
    ],
)
def test_the_line_is_named_and_how_to_change_it(tmp_path: Path, step: str, changed: str) -> None:
    found = examined(tmp_path, with_step(step))
    (finding,) = [each for each in found if each.code == "PBX_MIXMONITOR_BRIDGED"]
    assert finding.subject == "extensions.conf:10"
    assert step in sentence(finding)
    assert next_step(finding) == f"change extensions.conf:10 to: {changed}"


def test_nothing_is_recorded(tmp_path: Path) -> None:
    files = {**GOOD, "features.conf": "[featuremap]\nautomixmon => *3\n"}
    files["extensions.conf"] = EXTENSIONS.replace(GOOD_STEP, "NoOp()")
    assert codes(examined(tmp_path, files)) == ["NOT_RECORDED"]
    files["queues.conf"] = "[general]\nmonitor-format = wav\n[t](!)\nmonitor-format = gsm\n[support]\n"
    assert codes(examined(tmp_path, files)) == ["NOT_RECORDED"]
    files["queues.conf"] = "[general]\n[support]\nmonitor-format = wav49\n"
    assert codes(examined(tmp_path, files)) == ["LOSSY_FORMAT", "RECORDING_AFTER_NOTICE"]
    conference = "Set(CONFBRIDGE(bridge,record_conference)=yes)"
    files["queues.conf"], files["extensions.conf"] = "", EXTENSIONS.replace(GOOD_STEP, conference)
    assert codes(examined(tmp_path, files)) == []


# FreePBX


def test_freepbx_as_it_should_be(tmp_path: Path) -> None:
    assert codes(examined(tmp_path, freepbx())) == ["MIXED_CHANNELS"]


def test_freepbx_records_only_while_bridged(tmp_path: Path) -> None:
    found = examined(tmp_path, freepbx(option="b"))
    assert codes(found) == ["MIXMONITOR_BRIDGED", "MIXED_CHANNELS"]
    said = next_step(found[0])
    assert "extensions_additional.conf:8" in said  # where the variable is set, not where it is used
    assert said.endswith("MONITOR_REC_OPTION = ")
    assert "web pages" in said


def test_freepbx_records_mp3_and_converts(tmp_path: Path) -> None:
    found = examined(tmp_path, freepbx(form="wav49", post="/usr/bin/sox ^{CALLFILENAME}.wav x.mp3"))
    assert codes(found) == ["MIXED_CHANNELS", "LOSSY_FORMAT", "POST_COMMAND"]
    assert found[1].params["format"] == "wav49"
    assert found[2].subject == "extensions_additional.conf:7"
    assert found[2].params["program"] == "sox"


# FreeSWITCH


def test_freeswitch(tmp_path: Path) -> None:
    named = (version("ivr/recording-notice.wav"),)
    name = "dialplan/public.xml"
    assert examined(tmp_path, {name: FREESWITCH}, named) == []
    for text, instead, expected in (
        ("RECORD_STEREO=true", "RECORD_STEREO=false", ["MIXED_CHANNELS"]),
        ("RECORD_STEREO=true", "RECORD_BRIDGE_REQ=true", ["MIXMONITOR_BRIDGED", "MIXED_CHANNELS"]),
        ("${uuid}.wav", "${uuid}.mp3", ["LOSSY_FORMAT"]),
        ("$${recordings_dir}/${uuid}.wav", "/tmp/call.wav", ["OVERWRITTEN"]),
        ("record_session", "log", ["NOT_RECORDED"]),
        ('application="answer"', 'application="playback" data="ivr/recording-notice.wav"', ["RECORDING_AFTER_NOTICE"]),
        ("ivr/recording-notice.wav", "ivr/hello.wav", ["NOTICE_NOT_PLAYED"]),
    ):  # fmt: skip
        assert codes(examined(tmp_path, {name: FREESWITCH.replace(text, instead)}, named)) == expected
