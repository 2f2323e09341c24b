"""Metrics of a batch, read by Prometheus' own parser."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from evidence.operations import metrics
from evidence.operations.batchresult import BatchSummary
from evidence.operations.metrics import Run

BEGIN = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
ENDED = 1795313421.25
END = dt.datetime.fromtimestamp(ENDED, dt.UTC)
SUMMARY = BatchSummary(BEGIN, END, 5, 1, 2, 3, 4, 6, 7_000_000, "pending", 8, 99)
SUMMARY = replace(SUMMARY, notice_grades={"in_recording": 11, "none": 2})
ORIGIN = "example.ua/evidence"
GOOD = Run(ORIGIN, BEGIN, END, 9, SUMMARY)
LATER = END + dt.timedelta(days=1)
BAD = Run(ORIGIN, END, LATER, 8)


def read(text: str, register: str = ORIGIN) -> dict[str, float]:
    """Values by metric, and by outcome where there is one, of one register."""
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation.endswith(".")
        for sample in family.samples:
            assert sample.labels.pop("register") == register
            found["/".join([sample.name.removeprefix("evidence_batch_"), *sample.labels.values()])] = (
                sample.value
            )
    return found


def test_every_figure_of_a_good_run() -> None:
    assert read(metrics.render(GOOD)) == {
        "last_run_timestamp_seconds": ENDED,
        "last_run_duration_seconds": round((END - BEGIN).total_seconds(), 3),
        "last_run_success": 1,
        "last_run_exit_code": 9,
        "last_success_timestamp_seconds": ENDED,
        "last_sealed_timestamp_seconds": ENDED,
        "incidents/sealed": 5,
        "incidents/already": 1,
        "incidents/left": 2,
        "incidents/quarantined": 3,
        "incidents/failed": 4,
        "recordings/in_recording": 11,
        "recordings/pbx_log": 0,
        "recordings/config_snapshot": 0,
        "recordings/operator_statement": 0,
        "recordings/none": 2,
        "receipts": 6,
        "bytes": 7_000_000,
        "pending_stamps": 8,
        "register_size": 99,
    }


def test_a_failed_run_keeps_what_it_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "evidence.prom"
    assert metrics.write(path, GOOD) == ""
    good = read(path.read_text(encoding="utf-8"))
    assert metrics.write(path, BAD) == ""
    assert read(path.read_text(encoding="utf-8")) == good | {
        "last_run_timestamp_seconds": ENDED + 86400,
        "last_run_duration_seconds": 86400,
        "last_run_success": 0,
        "last_run_exit_code": 8,
    }


def test_a_run_that_sealed_nothing_keeps_the_time_of_the_last_seal(tmp_path: Path) -> None:
    path = tmp_path / "evidence.prom"
    metrics.write(path, GOOD)
    metrics.write(path, replace(GOOD, finished=LATER, summary=replace(SUMMARY, sealed=0)))
    found = read(path.read_text(encoding="utf-8"))
    assert found["last_sealed_timestamp_seconds"] == ENDED
    assert found["last_success_timestamp_seconds"] == ENDED + 86400
    assert found["incidents/sealed"] == 0


def test_a_first_run_that_failed_claims_no_success() -> None:
    assert set(read(metrics.render(BAD))) == {
        "last_run_timestamp_seconds",
        "last_run_duration_seconds",
        "last_run_success",
        "last_run_exit_code",
    }


@pytest.mark.parametrize("origin", ['a"b', "back\\slash", 'both\\"', "{}#,=", "\\n"])
def test_labels_are_escaped_and_found_again(origin: str) -> None:
    text = metrics.render(replace(GOOD, register=origin))
    assert read(text, origin)["register_size"] == 99
    again = metrics.render(replace(BAD, register=origin), text)
    assert read(again, origin)["last_success_timestamp_seconds"] == ENDED


def test_nothing_of_another_register_or_metric_is_carried_over() -> None:
    other = metrics.render(replace(GOOD, register="other"))
    label = f'{{register="{ORIGIN}"}}'
    garbage = f"up{label} 1\nevidence_batch_bytes{label} 1.2.3\nevidence_batch_bytes{label} 12. \n"
    garbage += f'evidence_batch_register_size{{register="{ORIGIN}",x="1"}} 5\nevidence_batch_bytes 5\n'
    assert metrics.render(BAD, other + garbage) == metrics.render(BAD)


def test_each_metric_is_described_once(tmp_path: Path) -> None:
    path = tmp_path / "evidence.prom"
    for _ in range(3):
        metrics.write(path, GOOD)
    lines = path.read_text(encoding="utf-8").splitlines()
    described = [line.split()[2] for line in lines if line.startswith("# HELP")]
    assert len(described) == len(set(described)) == 12
    assert [line.split()[2] for line in lines if line.startswith("# TYPE")] == described
    assert lines == metrics.render(GOOD).splitlines()


def test_other_accounts_can_read_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        assert metrics.write(tmp_path / "evidence.prom", GOOD) == ""
    finally:
        os.umask(old)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence.prom"]
    assert (tmp_path / "evidence.prom").stat().st_mode & 0o777 == 0o644


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "evidence.prom"
    for damage in (b"\xff\xfe", b"x" * 200_000, metrics.render(GOOD).encode()[:300]):
        path.write_bytes(damage)
        assert metrics.write(path, GOOD) == ""
        assert path.read_text(encoding="utf-8") == metrics.render(GOOD)


def test_where_it_can_not_be_written_the_reason_is_returned(tmp_path: Path) -> None:
    assert metrics.write(tmp_path / "missing" / "evidence.prom", GOOD) == "No such file or directory"
    (tmp_path / "folder.prom").mkdir()
    assert metrics.write(tmp_path / "folder.prom", GOOD) == "Is a directory"
    assert metrics.write(Path("/proc/evidence.prom"), GOOD)
    assert metrics.write(tmp_path / "a\0.prom", GOOD)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.prom"]


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept", encoding="utf-8")
    (tmp_path / "evidence.prom").symlink_to(tmp_path / "kept")
    assert metrics.write(tmp_path / "evidence.prom", GOOD) == ""
    assert (tmp_path / "kept").read_text(encoding="utf-8") == "kept"
