"""Whether the recording runs already when the notice is played."""

from pathlib import Path

import pytest

from tests.operations.pbx.configurations import EXTENSIONS, GOOD, GOOD_STEP, freepbx
from tests.operations.pbx.scene import codes, examined

ORDER = {"RECORDING_AFTER_NOTICE", "RECORDING_UNDECIDED", "RECORDING_AFTER_SOUND"}
NOTICE = "Playback(custom/recording-notice)"


def order(root: Path, dialplan: str, *, is_named: bool = True) -> list[str]:
    files = {**GOOD, "extensions.conf": dialplan}
    found = examined(root, files) if is_named else examined(root, files, None)
    return [code for code in codes(found) if code in ORDER]


def lines(*steps: str, context: str = "in", extension: str = "s") -> str:
    return f"[{context}]\nexten => {extension},1,NoOp()\n" + "".join(f" same => n,{step}\n" for step in steps)


RECORDER = lines(GOOD_STEP, "Return()", context="rec")


@pytest.mark.parametrize(
    ("dialplan", "expected"),
    [
        (lines(GOOD_STEP, NOTICE), []),
        (lines(NOTICE, GOOD_STEP), ["RECORDING_AFTER_NOTICE"]),
        (lines("Gosub(rec,s,1)", NOTICE) + RECORDER, []),
        (lines("Gosub(rec,s,1(a,b))", NOTICE) + RECORDER, []),
        (lines(NOTICE, "Gosub(rec,s,1)") + RECORDER, ["RECORDING_AFTER_NOTICE"]),
        (lines("Macro(rec)", NOTICE) + RECORDER.replace("[rec]", "[macro-rec]"), []),
        (lines("ExecIf($[${X}]?MixMonitor(${UNIQUEID}.wav,D))", NOTICE), ["RECORDING_UNDECIDED"]),
        (lines("ExecIf($[${X}]?Gosub(rec,s,1))", NOTICE) + RECORDER, ["RECORDING_UNDECIDED"]),
        (lines(NOTICE, "Goto(rec,s,1)") + RECORDER, ["RECORDING_AFTER_NOTICE"]),
        (lines(GOOD_STEP, "Goto(tell,s,1)") + lines(NOTICE, context="tell"), []),
        (lines("Goto(tell,s,1)") + lines(NOTICE, GOOD_STEP, context="tell"), ["RECORDING_AFTER_NOTICE"]),
        (lines(GOOD_STEP, "Gosub(tell,s,1)") + lines(NOTICE, context="tell"), []),
        (lines("Gosub(tell,s,1)", GOOD_STEP) + lines(NOTICE, context="tell"), ["RECORDING_AFTER_NOTICE"]),
        (lines("Goto(${WHERE},s,1)", GOOD_STEP) + lines(NOTICE, context="tell"), ["RECORDING_UNDECIDED"]),
        (lines(NOTICE) + RECORDER, ["RECORDING_UNDECIDED"]),
        (lines(NOTICE, "Dial(PJSIP/1)"), []),  # nothing is recorded at all: another finding
        (
            lines(GOOD_STEP, "Goto(tell,s,1)") + lines("Goto(tell,s,1)", context="night")
            + lines(NOTICE, "Gosub(rec,s,1)", context="tell") + RECORDER,
            ["RECORDING_AFTER_NOTICE"],
        ),
        (lines(GOOD_STEP, "Goto(tell,044,1)") + lines(NOTICE, GOOD_STEP, context="tell", extension="_0X."), []),
        (lines(GOOD_STEP, "Goto(all,044,1)") + "[all]\ninclude => tell,9:00-18:00,*,*,*\n"
         + lines(NOTICE, GOOD_STEP, context="tell", extension="044"), []),
        (lines(GOOD_STEP, "Goto(tell,${EXTEN},1)") + lines(NOTICE, GOOD_STEP, context="tell", extension="_X."), []),
        (lines(NOTICE, "Goto(all,${EXTEN},1)") + "[all]\ninclude => rec\n" + RECORDER, ["RECORDING_AFTER_NOTICE"]),
        (lines("Gosub(all,044,1)", NOTICE) + "[all]\ninclude => rec\n" + RECORDER.replace("> s,", "> _0!,"), []),
        (lines("Gosub(rec,${EXTEN},1)", NOTICE) + RECORDER, ["RECORDING_UNDECIDED"]),
        (lines("Goto(b,s,1)") + lines("Goto(in,s,1)", NOTICE, GOOD_STEP, context="b"), ["RECORDING_AFTER_NOTICE"]),
    ],
)  # fmt: skip
def test_the_order(tmp_path: Path, dialplan: str, expected: list[str]) -> None:
    assert order(tmp_path, dialplan) == expected


def test_without_a_name_what_is_played_before_is_a_note(tmp_path: Path) -> None:
    assert order(tmp_path, lines("Playback(hello)", "Playback(b)", GOOD_STEP), is_named=False) == [
        "RECORDING_AFTER_SOUND"
    ]
    assert order(tmp_path, EXTENSIONS, is_named=False) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("force", []),
        ("yes", []),
        ("always", []),
        ("dontcare", ["RECORDING_AFTER_NOTICE"]),
        ("never", ["RECORDING_AFTER_NOTICE"]),
        ("", ["RECORDING_AFTER_NOTICE"]),
        ("${MODE}", ["RECORDING_UNDECIDED"]),
    ],
)
def test_freepbx_route(tmp_path: Path, request_: str, expected: list[str]) -> None:
    """An inbound route that leaves recording to the extension plays its announcement unrecorded."""
    found = codes(examined(tmp_path, freepbx(request_)))
    assert [code for code in found if code in ORDER] == expected


def test_a_maze_of_patterns_comes_to_an_end(tmp_path: Path) -> None:
    numbers = [f"_{'X' * (1 + i % 30)}{i}!" for i in range(3000)]
    jumps = "".join(
        f"exten => {n},1,{NOTICE}\nexten => {n},2,Goto(in,{i},1)\n" for i, n in enumerate(numbers)
    )
    assert set(order(tmp_path, "[in]\n" + jumps + lines(GOOD_STEP, context="other"))) == {
        "RECORDING_UNDECIDED"
    }


def test_a_maze_comes_to_an_end(tmp_path: Path) -> None:
    """Every extension leads to every other, and each plays the notice."""
    names = [f"c{i}" for i in range(60)]
    jumps = [f"GotoIf($[${{X}}]?{name},s,1)" for name in names]
    maze = "".join(lines(*jumps, NOTICE, *jumps, context=name) for name in names)
    found = order(tmp_path, maze + lines(GOOD_STEP, context="other"))
    assert set(found) == {"RECORDING_UNDECIDED"}
