"""Real recordings, made or decoded by sox and ffmpeg: what they say is the measure."""

import json
import struct
import subprocess
from pathlib import Path

import pytest

from evidence.media.probe import MediaProcess
from tests.requirements import MUSIC, SOUNDS, need, need_file

RATE = 8000
SAMPLES = 13600
GSM_SAMPLES = 43 * 320

SOX = {
    "pcm_u8": ["-e", "unsigned-integer", "-b", "8"],
    "pcm_s16le": ["-e", "signed-integer", "-b", "16"],
    "pcm_s24le": ["-e", "signed-integer", "-b", "24"],
    "pcm_s32le": ["-e", "signed-integer", "-b", "32"],
    "pcm_f32le": ["-e", "floating-point", "-b", "32"],
    "pcm_f64le": ["-e", "floating-point", "-b", "64"],
    "mulaw": ["-e", "mu-law"],
    "alaw": ["-e", "a-law"],
    "gsm": ["-e", "gsm-full-rate"],
}
FFMPEG = {codec: codec for codec in SOX} | {"mulaw": "pcm_mulaw", "alaw": "pcm_alaw", "gsm": "gsm_ms"}
KINDS = [(codec, channels) for codec in SOX for channels in (1, 2) if codec != "gsm" or channels == 1]


def by_sox(path: Path, codec: str, channels: int) -> Path:
    command = [need("sox"), "-n", "-r", str(RATE), "-c", str(channels), *SOX[codec], str(path)]
    subprocess.run([*command, "synth", f"{SAMPLES / RATE}", "sine", "440"], check=True)
    return path


def by_ffmpeg(path: Path, codec: str, channels: int, *options: str) -> Path:
    source = f"sine=440:r={RATE}:d={SAMPLES / RATE}"
    command = [need("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", source, "-ac", str(channels)]
    subprocess.run([*command, "-c:a", FFMPEG[codec], *options, str(path)], check=True)
    return path


def decoded_samples(path: Path, channels: int) -> int:
    """The samples a channel that ffmpeg decodes, whatever the header says."""
    command = [need("ffmpeg"), "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    return len(subprocess.run(command, check=True, capture_output=True).stdout) // (2 * channels)


def described(path: Path) -> tuple[str, int, int]:
    """Codec, rate and channels as ffprobe names them."""
    command = [need("ffprobe"), "-v", "error", "-show_streams", "-of", "json", str(path)]
    stream = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"][0]
    codec = (
        stream["codec_name"]
        .replace("gsm_ms", "gsm")
        .replace("pcm_mulaw", "mulaw")
        .replace("pcm_alaw", "alaw")
    )
    return codec, int(stream["sample_rate"]), stream["channels"]


@pytest.mark.parametrize(("codec", "channels"), KINDS)
@pytest.mark.parametrize("maker", [by_sox, by_ffmpeg])
def test_every_codec(maker: object, codec: str, channels: int, tmp_path: Path, media: MediaProcess) -> None:
    assert callable(maker)
    path = maker(tmp_path / "call.wav", codec, channels)
    facts = media.probe(path)
    assert (facts.codec, facts.sample_rate, facts.channels) == (codec, RATE, channels)
    assert (facts.codec, facts.sample_rate, facts.channels) == described(path)
    assert facts.samples == (GSM_SAMPLES if codec == "gsm" else SAMPLES)
    assert facts.samples == decoded_samples(path, channels)
    assert (facts.container, facts.method, facts.problems) == ("wav", "frames", ())
    if codec != "gsm":  # mutagen's length of GSM is nonsense, and only a claim
        assert facts.claims["mutagen_milliseconds"] == SAMPLES * 1000 // RATE


def test_rf64_by_ffmpeg(tmp_path: Path, media: MediaProcess) -> None:
    facts = media.probe(by_ffmpeg(tmp_path / "wide.wav", "pcm_s16le", 2, "-rf64", "always"))
    assert (facts.samples, facts.problems) == (SAMPLES, ())
    assert facts.claims["fact_samples"] == SAMPLES


@pytest.mark.parametrize("tool", ["sox", "ffmpeg"])
def test_written_to_a_pipe(tool: str, tmp_path: Path, media: MediaProcess) -> None:
    """Neither tool can go back and fill in the length."""
    commands = {
        "sox": [need("sox"), "-V0", "-n", "-r", "8000", "-c", "1", "-b", "16", "-t", "wav", "-"],
        "ffmpeg": [
            need("ffmpeg"),
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "sine=440:r=8000:d=1.7",
            "-f",
            "wav",
            "-",
        ],
    }
    end = ["synth", "1.7", "sine", "440"] if tool == "sox" else []
    with subprocess.Popen([*commands[tool], *end], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        (tmp_path / "piped.wav").write_bytes(process.stdout.read())
    facts = media.probe(tmp_path / "piped.wav")
    assert (facts.samples, facts.problems) == (SAMPLES, ("unfinished_header", "header_length_differs"))
    assert decoded_samples(tmp_path / "piped.wav", 1) == SAMPLES


@pytest.mark.parametrize("codec", ["pcm_s16le", "mulaw", "gsm"])
@pytest.mark.parametrize("announced", [0, 0xFFFFFFFF])
def test_crashed_recorder(codec: str, announced: int, tmp_path: Path, media: MediaProcess) -> None:
    path = by_sox(tmp_path / "call.wav", codec, 1)
    data = path.read_bytes()
    at = data.index(b"data") + 4
    path.write_bytes(data[:at] + struct.pack("<I", announced) + data[at + 4 : len(data) // 2])
    facts = media.probe(path)
    assert facts.problems == ("unfinished_header", "header_length_differs")
    assert facts.samples is not None
    assert 0 < facts.samples < SAMPLES
    if announced:  # ffmpeg takes a size of 0 at its word
        assert abs(decoded_samples(path, 1) - facts.samples) <= 320


@pytest.mark.parametrize("codec", ["pcm_s24le", "alaw", "gsm"])
def test_copy_that_broke_off(codec: str, tmp_path: Path, media: MediaProcess) -> None:
    path = by_sox(tmp_path / "call.wav", codec, 1)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    facts = media.probe(path)
    assert facts.problems[:2] == ("truncated", "header_length_differs")
    assert facts.samples is not None
    assert abs(decoded_samples(path, 1) - facts.samples) <= 320
    assert facts.claims["header_samples"] >= SAMPLES  # type: ignore[operator]


@pytest.mark.parametrize("name", ["call.ulaw", "call.bin"])
def test_headerless_sound_is_known_by_its_name_alone(name: str, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / name
    command = [need("sox"), "-n", "-r", "8000", "-t", "ul", str(path), "synth", "1", "sine", "440"]
    subprocess.run(command, check=True)
    facts = media.probe(path)
    if name == "call.bin":
        assert (facts.container, facts.milliseconds, facts.problems) == ("unknown", None, ("unknown_format",))
    else:
        assert (facts.container, facts.milliseconds, facts.problems) == ("raw", 1000, ("headerless",))
    assert facts.claims == {}


def test_human_prompts_of_asterisk(media: MediaProcess) -> None:
    folder = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    paths = sorted(folder.glob("*.wav"))[:300]
    assert len(paths) > 30
    command = [need("soxi"), "-s", *map(str, paths)]
    expected = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    for path, samples in zip(paths, expected, strict=True):
        facts = media.probe(path)
        empty = ("empty",) if samples == "0" else ()  # Debian's is.wav is a header and nothing more
        assert (facts.samples, facts.codec, facts.problems) == (int(samples), "pcm_s16le", empty), path


@pytest.mark.parametrize(("ending", "codec"), [("gsm", "gsm"), ("g722", "g722")])
def test_headerless_prompts_of_asterisk(ending: str, codec: str, media: MediaProcess) -> None:
    """They are as long as what ffmpeg decodes."""
    folder = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", f"asterisk-core-sounds-ru-{ending}")
    paths = [path for path in sorted(folder.glob(f"*.{ending}")) if path.stat().st_size][:20]
    assert len(paths) == 20
    for path in paths:
        command = [need("ffmpeg"), "-v", "error", "-f", codec, "-i", str(path), "-f", "s16le", "-"]
        expected = len(subprocess.run(command, check=True, capture_output=True).stdout) // 2
        facts = media.probe(path)
        assert (facts.container, facts.codec, facts.samples) == ("raw", codec, expected), path
        assert (facts.method, facts.problems) == ("frames", ("headerless",)), path


def test_music_on_hold(media: MediaProcess) -> None:
    folder = need_file(MUSIC, "asterisk-moh-opsound-wav")
    paths = sorted(folder.glob("*.wav"))
    assert paths
    for path in paths:
        seconds = subprocess.run(
            [need("soxi"), "-D", path], check=True, capture_output=True, text=True
        ).stdout
        facts = media.probe(path)
        assert facts.milliseconds == int(float(seconds) * 1000), path
        assert not facts.problems, path
