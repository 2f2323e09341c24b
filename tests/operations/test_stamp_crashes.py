"""Seals with a time stamp, and deliveries of one, that are killed, run out of disk or lose power."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from evidence.errors import StoreError
from evidence.operations.seams import Seams
from tests import tsa
from tests.network.tsaserver import Served, refused_url
from tests.operations import killpoint
from tests.operations.durables import Full, Killing, PowerCut, Stepping
from tests.operations.forked import killed
from tests.operations.scene import copy_vault, make_incident, seal, seal_all, seal_unless_sealed
from tests.operations.stamp_scene import caught_up, check_stamped, configure, make_vault


def seal_steps(folder: Path, authority: tsa.Authority, server: Served) -> list[str]:
    """The durable steps of one undisturbed seal with a time stamp."""
    durable = Stepping()
    vault = make_vault(folder / "recorded", authority, server.url)
    assert seal(vault, make_incident(folder / "incident-r"), Seams(durable=durable)).stamp is not None
    return durable.steps


def pending_vault(folder: Path, authority: tsa.Authority, server: Served) -> Path:
    """A vault with two archives that wait; its authority answers again."""
    vault = make_vault(folder / "pending", authority, refused_url())
    configure(vault, attempts=1)
    numbers = ("A", "B")
    outcomes = seal_all(vault, [make_incident(folder / f"i-{n}", n) for n in numbers])
    assert [getattr(outcome, "is_pending", None) for outcome in outcomes] == [True, True]
    configure(vault, servers=[server.url])
    return vault


def test_steps_of_a_seal_with_a_time_stamp(tmp_path: Path, authority: tsa.Authority, server: Served) -> None:
    steps = seal_steps(tmp_path, authority, server)
    assert steps.count("commit") == 6  # claim, entry, nonce, token, choice, published
    assert len(steps) < 60


@pytest.mark.parametrize("part", range(3))
def test_seal_killed_at_every_durable_step(
    tmp_path: Path, authority: tsa.Authority, server: Served, part: int
) -> None:
    steps = seal_steps(tmp_path, authority, server)
    for number in range(1 + part, len(steps) + 1, 3):
        vault = make_vault(tmp_path / f"v{number}", authority, server.url)
        incident = make_incident(tmp_path / f"i{number}")
        killed(partial(killpoint.main, str(vault), str(number), str(incident)))
        seal_unless_sealed(vault, incident)
        caught_up(vault)
        check_stamped(vault, authority)


def test_timestamp_killed_at_every_durable_step(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    vault = pending_vault(tmp_path, authority, server)
    durable = Stepping()
    assert len(caught_up(copy_vault(vault, tmp_path / "recorded"), Seams(durable=durable)).deliveries) == 2
    assert durable.steps.count("commit") == 3  # nonce, token, delivered
    for number in range(1, len(durable.steps) + 1):
        copy = copy_vault(vault, tmp_path / f"v{number}")
        killed(partial(caught_up, copy, Seams(durable=Killing(number))))
        caught_up(copy)
        check_stamped(copy, authority, archives=2)


def test_power_cut_ahead_of_every_step_of_a_seal(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    vault, incident = make_vault(tmp_path / "v", authority, server.url), make_incident(tmp_path / "incident")
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    seal(vault, incident, Seams(durable=durable))
    durable.cut()
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        shutil.rmtree(Seams().user.state / "heads", ignore_errors=True)  # on the same disk, perhaps
        seal_unless_sealed(restored, incident)
        caught_up(restored)
        check_stamped(restored, authority)


def test_power_cut_ahead_of_every_step_of_a_delivery(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    vault = pending_vault(tmp_path, authority, server)
    durable = PowerCut(vault, vault / "register" / "register.sqlite")
    caught_up(vault, Seams(durable=durable))
    durable.cut()
    assert len(durable.cuts) > 8
    for number, cut in enumerate(durable.cuts):
        restored = durable.restore(cut, tmp_path / f"cut-{number}")
        caught_up(restored)
        check_stamped(restored, authority, archives=2)


def test_disk_full_from_every_step_of_a_seal_on(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    steps = seal_steps(tmp_path, authority, server)
    for number in range(2, len(steps) + 1, 3):
        vault = make_vault(tmp_path / f"v{number}", authority, server.url)
        incident = make_incident(tmp_path / f"i{number}")
        try:
            seal(vault, incident, Seams(durable=Full(number)))
        except (OSError, StoreError):
            pass
        else:
            assert "remove" in steps[number - 1]  # nothing after it needs room
        seal_unless_sealed(vault, incident)
        caught_up(vault)
        check_stamped(vault, authority)


def test_disk_full_from_every_step_of_a_delivery_on(
    tmp_path: Path, authority: tsa.Authority, server: Served
) -> None:
    vault = pending_vault(tmp_path, authority, server)
    durable = Stepping()
    caught_up(copy_vault(vault, tmp_path / "recorded"), Seams(durable=durable))
    needing = [n for n, step in enumerate(durable.steps, 1) if not step.startswith(("remove", "sync_dir"))]
    for number in needing:
        copy = copy_vault(vault, tmp_path / f"v{number}")
        with pytest.raises((OSError, StoreError)):
            caught_up(copy, Seams(durable=Full(number)))
        caught_up(copy)
        check_stamped(copy, authority, archives=2)
