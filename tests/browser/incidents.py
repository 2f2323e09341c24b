"""Incidents for the viewer's tests: an everyday one, a long one, a hostile one."""

import math
import wave
from pathlib import Path
from typing import Any

from tests.browser.scene import CLASSES, RATE, Scene, answer, wav
from tests.builder import time
from tests.requirements import SOUNDS, need_file

HOSTILE = "</script><script>window.injected=1</script><img src=x onerror=window.injected=2>\u202e\"'`${window.injected=3}"
WORDS = ("ти ще поплатишся", "бовдур", "я знаю, де ти живеш", "та пішли ви…", "щоб вас усіх")


def speech(seconds: int, channels: int = 2, first: int = 0) -> bytes:
    """A call made of Asterisk's Russian prompts: the sides speak in turns. A WAV file."""
    folder = need_file(SOUNDS / "ru", "asterisk-core-sounds-ru-wav")
    files = sorted(folder.glob("*.wav"))
    sides: list[list[int]] = [[] for _ in range(channels)]
    number = first
    while len(sides[0]) < seconds * RATE:
        said = _samples(files[number % len(files)]) + [0] * (RATE // 4)
        for side, kept in enumerate(sides):
            kept.extend(said if number % channels == side else [0] * len(said))
        number += 1
    mixed = [side[at] for at in range(seconds * RATE) for side in sides]
    return wav(mixed, channels)


def _samples(path: Path) -> list[int]:
    with wave.open(str(path)) as file:
        data = memoryview(file.readframes(file.getnframes())).cast("h")
        step = file.getframerate() // RATE
        return list(data[:: step or 1])


def peaks(column: int) -> int:
    """The outline of somebody who speaks and pauses."""
    is_speaking = math.sin(column / 23) + math.sin(column / 7.3) > -0.2
    return int(40 + 90 * abs(math.sin(column * 1.7)) + 60 * abs(math.sin(column / 3.1))) if is_speaking else 2


def long(recordings: int, markers: int, sound: bytes, milliseconds: int) -> Scene:
    """So many recordings and markers; each recording has the same sound."""
    scene = Scene()
    calls = [
        {
            "started": time(f"2026-03-{1 + number:02d}T08:15:02.000Z"),
            "exhibit": f"E{number + 1}",
            "channels": ["caller", "agent"],
        }
        for number in range(recordings)
    ]
    scene.incident(
        calls,
        title="Погрози операторам служби підтримки",
        subscriber={"name": "Абонент Показовий", "phone": "+380441234567"},
    )
    for number in range(recordings):
        exhibit = scene.recording(number + 1, sound, milliseconds=milliseconds)
        scene.waveform(exhibit, peaks, columns=600, ms=max(1, milliseconds // 600))
    for number in range(markers):
        exhibit = f"E{number % recordings + 1}"
        start = (number // recordings * 3571 + 900) % max(1000, milliseconds - 3000)
        more = {"reviewed_by": "Наталія Коваль", "reviewed_at": time()} if number % 3 == 0 else {}
        if number % 17 == 5:
            more = {"withdrawn": {"at": time(), "by": "Наталія Коваль", "reason": "Говорив інший абонент."}}
        scene.marker(
            exhibit,
            start,
            start + 400 + number % 5 * 600 if number % 4 else None,
            number=number + 1,
            channel="caller" if number % 2 else 0,
            words=WORDS[number % len(WORDS)],
            language="uk",
            **{"class": CLASSES[number % len(CLASSES)], **more},
        )
    return scene


def hostile(sound: bytes) -> Scene:
    """Everything that anybody may write holds an attempt to run a script."""
    scene = Scene(file=f"{HOSTILE}.asice", answer=_hostile_answer())
    scene.incident(
        [
            {
                "started": {**time(), "text": HOSTILE[:48], "source": HOSTILE},
                "exhibit": "E1",
                "caller": HOSTILE,
                "channels": [HOSTILE[:64], "__proto__"],
            }
        ],
        title=HOSTILE,
        summary=f"{HOSTILE}\n{HOSTILE}",
        subscriber={"name": HOSTILE, "phone": HOSTILE},
        agent={"name": HOSTILE, "from_log": {"name": HOSTILE}},
        legal_basis=[{"kind": "law", "reference": HOSTILE, "note": HOSTILE}],
        prepared_by=HOSTILE,
    )
    exhibit = scene.recording(
        1,
        sound,
        milliseconds=4000,
        name=f"{HOSTILE}.wav",
        claims={f"tag_{HOSTILE}": HOSTILE, "__proto__": HOSTILE},
    )
    scene.recording(2, b"", milliseconds=4000, name={"name_base64": "PC9zY3JpcHQ+/w=="})
    scene.waveform(exhibit, peaks, columns=40)
    own = {"uk": HOSTILE[:64], "en": HOSTILE[:64]}
    scene.marker(
        exhibit,
        1000,
        1500,
        channel="__proto__",
        words=f"{HOSTILE}\n{HOSTILE}",
        note=HOSTILE,
        asserted_by=HOSTILE,
        source=HOSTILE,
        class_names=own,
        **{"class": "constructor"},
    )
    scene.marker(exhibit, 3_000_000, 3_100_000, channel=31, words="far behind the end")
    _hostile_doings(scene)
    _hostile_notice(scene)
    scene.add("later_kind", text=HOSTILE)
    return scene


def _hostile_answer() -> dict[str, Any]:
    told = answer("INDETERMINATE", signer={**answer()["signer"], "subject": f"CN={HOSTILE}"})
    told["findings"] = [
        {
            "code": "MEMBER_ALTERED",
            "subject": HOSTILE,
            "message": HOSTILE,
            "params": {},
            "step": 3,
            "result": "integrity",
            "status": "INDETERMINATE",
        }
    ]
    return told


def _hostile_doings(scene: Scene) -> None:
    """A measure, an acquisition and a log."""
    scene.add(
        "measure",
        measure="warning",
        at=time(),
        by=HOSTILE,
        basis=HOSTILE,
        exhibit="E1",
        recording_sha256=scene.records[1]["sha256"],
        at_milliseconds=2000,
        note=HOSTILE,
    )
    scene.add(
        "acquisition",
        exhibits=["E1"],
        taken_by=HOSTILE,
        taken_at=time(),
        system=HOSTILE,
        clock={"offset_ms": -1500, "uncertainty_ms": 20, "known_by": HOSTILE},
    )
    scene.add(
        "pbx",
        exhibit="E1",
        format="asterisk_cel",
        zone="",
        lines=2,
        is_cut=True,
        problems=[{"line": 0, "code": "odd", "text": HOSTILE}],
        events=[
            {
                "line": 1,
                "last_line": 1,
                "kind": "playback",
                "at": time(),
                "values": {"file": HOSTILE, "constructor": HOSTILE},
            }
        ],
    )


def _hostile_notice(scene: Scene) -> None:
    """What shows that the announcement was played, and codes of a later version."""
    scene.add("notice", grade="operator_statement", exhibits=[], source=HOSTILE, text=HOSTILE)
    item = {"code": "TIED_BY_NUMBER", "exhibit": "E1", "line": 3, "text": HOSTILE}
    unknown = {"code": "LATER_CODE", "text": HOSTILE}
    named = {"code": "OPERATOR_STATED", "text": HOSTILE, "channel": 0, "channel_name": HOSTILE[:64]}
    scene.add(
        "notice_evidence",
        exhibit="E1",
        recording_sha256=scene.records[1]["sha256"],
        grade="operator_statement",
        **{"for": [named, unknown]},
        against=[],
        unseen=[item],
    )
