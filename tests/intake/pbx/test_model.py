"""Documents of the model, and the records that are found in pieces."""

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.intake.inbox.records import records
from evidence.intake.pbx import pieces
from evidence.model import pbxlog
from evidence.model.notice import StatedTime
from evidence.model.pbxlog import PbxEvent, PbxLog, PbxProblem

TEXT = st.text(max_size=20)
TIMES = st.none() | st.builds(StatedTime, st.just("2026-11-05T08:15:02.000Z"), TEXT, TEXT)
VALUES = st.dictionaries(st.sampled_from(pbxlog.VALUES), TEXT, max_size=5)
EVENTS = st.builds(
    PbxEvent, st.integers(1, 9), st.integers(1, 9), st.sampled_from(pbxlog.KINDS), TIMES, TIMES, VALUES
)
LOGS = st.builds(
    PbxLog,
    name=st.text(max_size=10) | st.just("\udcff.csv"),
    format=st.sampled_from(["", *pbxlog.FORMATS]),
    zone=TEXT,
    lines=st.integers(0, 2**40),
    events=st.lists(EVENTS, max_size=4).map(tuple),
    is_cut=st.booleans(),
    logs_playback=st.none() | st.booleans(),
    problems=st.lists(st.builds(PbxProblem, st.integers(0, 9), TEXT, TEXT), max_size=3).map(tuple),
)


@given(log=LOGS)
def test_documents_keep_everything(log: PbxLog) -> None:
    assert PbxLog.from_document(json.loads(json.dumps(log.to_document()))) == log


@given(
    lines=st.lists(
        st.sampled_from(
            [b"a,b\n", b'"x\ny",b\n', b'"\n', b'a"b\n', b"\n", b"x" * 300 + b"\n", b'"""t"""\r\n', b"end"]
        ),
        max_size=40,
    ),
    size=st.integers(1, 400),
)
@settings(max_examples=300)
def test_pieces_find_the_same_records_as_one_reader(lines: list[bytes], size: int) -> None:
    data = b"".join(lines)
    expected = [(r.line, r.data, r.problem) for r in records(io.BytesIO(data), is_growing=False)]
    usual = pieces.PIECE
    pieces.PIECE = size
    try:
        found = pieces.Pieces(io.BytesIO(data), lambda _data: True)
        assert [(r.line, r.data, r.problem) for r in found] == expected
        passed = pieces.Pieces(io.BytesIO(data), lambda piece: b"x" in piece)
        with_x = [(line, raw, problem) for line, raw, problem in expected if b"x" in raw or problem]
        assert [(r.line, r.data, r.problem) for r in passed] == with_x
    finally:
        pieces.PIECE = usual
    assert found.lines == passed.lines == len(data.splitlines())
