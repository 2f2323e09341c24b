"""Nights: what `batch --print-unit` prints put to work, and whole nights with all that may come and go wrong."""

import datetime as dt
import hashlib
import os
import re
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from evidence import resources
from evidence.operations.seams import Seams
from tests import tsa
from tests.batch.scene import make_inbox, run_batch
from tests.cli import systemd
from tests.cli.cron import by_cron
from tests.drills import scene
from tests.drills.scene import Scene
from tests.journeys import night as nights
from tests.journeys.night import CALLS, GOOD, Night
from tests.journeys.program import archive_of, done, evidence
from tests.network.tsaserver import Served, drip, raw, refused_url, serving
from tests.operations import stamp_scene
from tests.operations.audit.ground import audited
from tests.operations.stamp_scene import check_token, configure, sidecar_of
from tests.requirements import SOUNDS


@pytest.fixture
def night(tmp_path: Path) -> Scene:
    """Three incidents wait in an inbox whose path is no easy one."""
    return scene.make(tmp_path / "100% Сховище 'доказів' \\n", 3)


def printed(night: Scene, *options: str) -> str:
    """The page, printed for somebody else's folder and environment."""
    done = evidence(
        "batch", str(night.inbox), "--vault", night.vault, "--print-unit", *options, env=night.environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def by_systemd(page: str) -> list[str]:
    """The command that systemd would start."""
    text = page.split("# ---- /etc/systemd/system/evidence-batch.service\n")[1].split("# ----", maxsplit=1)[0]
    assert systemd.complaints("evidence-batch.service", text) == ""
    return [word.replace("$$", "$") for word in systemd.read("evidence-batch.service", text).command]


def by_sh(page: str) -> list[str]:
    """The command that cron would start."""
    line = page.rstrip("\n").splitlines()[-1]
    return ["/bin/sh", "-c", by_cron(line.removeprefix("30 2 * * * "))[0]]


@pytest.mark.parametrize("command_of", [by_systemd, by_sh])
def test_what_is_printed_seals_the_inbox(
    night: Scene, tmp_path: Path, command_of: Callable[[str], list[str]]
) -> None:
    metrics = tmp_path / "evidence.prom"
    command = command_of(printed(night, "--workers", "2", "--metrics", str(metrics)))
    environment = {"PATH": os.environ["PATH"], **night.environment}
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    names = [path.name for path in sorted(night.vault.glob("archives/*/*.asice"))]
    assert names == [f"INC-2026-{place:06}.asice" for place in range(3)]
    families = text_string_to_metric_families(metrics.read_text(encoding="utf-8"))
    found = {(s.name, s.labels.get("outcome")): s.value for family in families for s in family.samples}
    assert found["evidence_batch_incidents", "sealed"] == 3
    assert found["evidence_batch_last_run_success", None] == 1


def test_printing_changes_nothing(night: Scene) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in night.root.rglob("*") if path.is_file())
    printed(night)
    after = sorted((path, path.stat().st_mtime_ns) for path in night.root.rglob("*") if path.is_file())
    assert [path for path in after if "sqlite" not in path[0].name] == [
        path for path in before if "sqlite" not in path[0].name
    ]


def test_a_path_that_no_unit_can_hold_is_a_usage_error(night: Scene) -> None:
    done = evidence("batch", "/srv/a\nb", "--vault", night.vault, "--print-unit", env=night.environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "can't be written into a unit file" in done.stderr


# Whole nights


@pytest.fixture
def evening(tmp_path: Path, authority: tsa.Authority, server: Served) -> Night:
    return nights.make(tmp_path, authority, server.url)


def figures(path: Path) -> dict[tuple[str, str | None], float]:
    families = text_string_to_metric_families(path.read_text(encoding="utf-8"))
    return {(s.name, s.labels.get("outcome")): s.value for family in families for s in family.samples}


def check_first_night(night: Night, folder: Path) -> None:
    """By openssl, zipfile and sha256: all that could be sealed is, and stamped; originals were moved."""
    assert {path.stem for path in night.archives()} == GOOD
    assert night.verdicts() == 0
    for archive in night.archives():
        check_token(archive, night.authority, folder)
    for call, sound in CALLS.items():
        with zipfile.ZipFile(archive_of(night.vault, call)) as members:
            held = {hashlib.sha256(members.read(n)).digest() for n in members.namelist() if "exhibits/" in n}
        assert hashlib.sha256((SOUNDS / "ru" / f"{sound}.wav").read_bytes()).digest() in held
    assert night.place.read_bytes() == (night.vault / "register" / "head").read_bytes()
    told = figures(night.metrics)
    assert told["evidence_batch_incidents", "sealed"] == len(GOOD)
    assert told["evidence_batch_incidents", "quarantined"] == 1
    moved = {path.name for path in (night.vault / "done").rglob("*") if path.is_file()}
    assert {"drop.wav", "drop.json", "crm-7.wav", "crm-7.json", *(f"{call}.wav" for call in CALLS)} <= moved
    assert [path.name for path in night.inbox.iterdir()] == ["growing.wav"]


def test_a_night_and_the_morning_after(evening: Night, tmp_path: Path) -> None:
    code, told, summary = evening.events()
    assert code == 9
    kinds = sorted(event["event"] for event in told)
    assert kinds == ["left", "quarantined", *["sealed"] * len(GOOD)]
    assert summary["pending"] == 0
    check_first_night(evening, tmp_path)
    assert evening.audit() == (9, ["QUARANTINE_NOT_EMPTY"])
    (aside,) = (evening.vault / "quarantine").iterdir()
    (aside / "content" / "INC-2" / "incident.json").write_text('{"format": 1, "number": "INC-2"}')
    (aside / "content" / "INC-2" / "markers.json").unlink()
    assert evening.batch("--retry").returncode == 0
    assert evening.audit() == (0, [])
    before = [(path, path.stat().st_mtime_ns) for path in evening.archives()]
    code, told, summary = evening.events()
    assert (code, summary["sealed"], [event["event"] for event in told]) == (0, 0, ["left"])
    assert [(path, path.stat().st_mtime_ns) for path in evening.archives()] == before
    (evening.inbox / "growing.wav").write_bytes(resources.sample("call.wav"))  # the call is over
    nights.age(evening.inbox / "growing.wav")
    assert evening.batch().returncode == 0
    assert {path.stem for path in evening.archives()} == {*GOOD, "INC-2", "growing"}
    assert (evening.verdicts(), evening.audit()) == (0, (0, []))
    assert evidence("doctor", "--vault", evening.vault, "--network").returncode == 0


def other_imprint(query: bytes) -> bytes:
    """The same request, with its nonce, over other bytes."""
    place = query.index(b"\x04\x20") + 2
    return query[:place] + bytes(32) + query[place + 32 :]


@contextmanager
def unusable(how: str, authority: tsa.Authority, before: bytes, folder: Path) -> Iterator[str]:
    """The address of an authority that gives no token that may be kept."""
    with ExitStack() as stack:
        match how:
            case "dead":
                yield refused_url()
            case "slow":
                yield stack.enter_context(raw(drip(b"HTTP/1.0 200 OK\r\nContent-Type: x\r\n", 0.3)))
            case "lying":
                lie = serving(lambda query: authority.answer(other_imprint(query)))
                yield stack.enter_context(lie).url
            case "a stranger":
                folder.joinpath("stranger").mkdir()
                yield stack.enter_context(serving(tsa.Authority(folder / "stranger", "X").answer)).url
            case _:
                yield stack.enter_context(serving(lambda _query: authority.answer(before))).url


@pytest.mark.parametrize("how", ["dead", "slow", "lying", "a stranger", "of before"])
def test_a_night_without_a_usable_authority(
    how: str, evening: Night, authority: tsa.Authority, server: Served, tmp_path: Path
) -> None:
    assert evening.batch().returncode == 9
    (before,) = server.queries[-1:]
    configure(evening.vault, attempts=1, timeout_seconds=2)
    evening.add("LATER")
    with unusable(how, authority, before, tmp_path) as url:
        pending(evening, url)
    configure(evening.vault, servers=[server.url], timeout_seconds=10)
    archive = archive_of(evening.vault, "LATER")
    assert done("timestamp", "--vault", evening.vault).splitlines()[1:] == [str(sidecar_of(archive))]
    check_token(sidecar_of(archive), authority, tmp_path)
    assert evening.verdicts() == 0
    assert evening.audit() == (9, ["QUARANTINE_NOT_EMPTY"])


def pending(night: Night, url: str) -> None:
    """A night with that authority: everything is sealed in good time, and waits."""
    configure(night.vault, servers=[url])
    begun = time.monotonic()
    code, told, summary = night.events()
    assert time.monotonic() - begun < 60
    assert code == 0
    assert [event["event"] for event in told if event["event"] != "left"] == ["sealed"]
    assert (summary["sealed"], summary["pending"], summary["stamp"]) == (1, 1, "pending")
    assert figures(night.metrics)["evidence_batch_last_run_success", None] == 1
    assert night.verdicts(archive_of(night.vault, "LATER")) == 3
    assert night.audit() == (9, ["STAMPS_PENDING", "QUARANTINE_NOT_EMPTY"])
    assert evidence("timestamp", "--vault", night.vault).returncode == 7


def test_a_clock_that_goes_back_between_two_nights(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    """The archives of the second night are whole; no wrong time is confirmed, and it is told."""
    now = dt.datetime.now(dt.UTC)

    def wrong() -> dt.datetime:
        return dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)

    before = Seams(clock=lambda: now - dt.timedelta(days=1))
    root = stamp_scene.make_vault(tmp_path / "v", authority, server.url, seams=before)
    first, second = (make_inbox(tmp_path / name / "in", 1) for name in ("first", "second"))
    (second / "i0").rename(second / "i1")
    assert run_batch(root, first).problems == []
    told = run_batch(root, second, Seams(clock=wrong, pause=lambda _seconds: None))
    assert told.kinds() == ["Sealed"]
    assert any("1 pending" in problem and "clock" in problem for problem in told.problems), told.problems
    assert audited(root, clock=wrong)[0].codes == ["CLOCK_BACK", "STAMPS_PENDING"]
    assert len(stamp_scene.caught_up(root).deliveries) == 1
    assert audited(root)[0].codes == []
    stamp_scene.check_stamped(root, authority, 2)


def test_a_night_in_ukrainian(evening: Night) -> None:
    """Each line that a person reads has Ukrainian words in it, and none of the commonest English ones."""
    english = re.compile(r"\b(the|is|was|are|can't|isn't|and|of)\b")
    said = []
    for command in (("batch",), ("audit",), ("doctor",), ("batch", "--retry"), ("timestamp",)):
        process = evidence(*command, "--vault", evening.vault, "--lang", "uk")
        assert process.returncode in {0, 9}, process.stderr
        said += [*process.stdout.splitlines(), *process.stderr.splitlines()]
    assert len(said) > 15
    for row in said:
        shown = re.sub(r"\S*/\S*", "", row)  # without paths
        assert re.search("[а-яіїєґ]", shown), row
        assert not english.search(shown), row
