"""A group under an expected time stamp from a real authority, killed: each archive is stamped or catches up."""

import shutil
from pathlib import Path

from evidence.operations.seams import Seams
from tests import tsa
from tests.batch.scene import files_under, fresh, make_inbox, run_batch
from tests.batch.test_crashes_drops import seams_for
from tests.network.tsaserver import serving
from tests.operations.durables import Killing, Stepping
from tests.operations.forked import killed
from tests.operations.scene import copy_vault
from tests.operations.stamp_scene import check_stamped, make_vault

STRIDE = 6


def test_a_stamped_group_killed_at_durable_steps(tmp_path: Path) -> None:
    check_stamped_kills(tmp_path, STRIDE)


def check_stamped_kills(tmp_path: Path, stride: int) -> None:
    """Kill a batch of three under one token at durable steps, one in ``stride``."""
    (tmp_path / "tsa").mkdir()
    authority, ground, durable = tsa.Authority(tmp_path / "tsa"), make_inbox(tmp_path / "g", 3), Stepping()
    before = files_under(ground)
    with serving(authority.answer) as server:
        empty = make_vault(tmp_path / "empty", authority, server.url)
        recorded = copy_vault(empty, tmp_path / "rv")
        run_batch(recorded, fresh(ground, tmp_path / "ri"), seams_for(tmp_path / "ru", durable))
        assert len(server.queries) == 1
        for number in range(1, len(durable.steps) + 1, stride):
            vault, inbox = copy_vault(empty, tmp_path / f"v{number}"), fresh(ground, tmp_path / f"i{number}")
            user = tmp_path / f"u{number}"

            def run(seams: Seams, vault: Path = vault, inbox: Path = inbox) -> list[str]:
                return run_batch(vault, inbox, seams).problems

            killed(lambda u=user, n=number, r=run: r(seams_for(u, Killing(n))))  # type: ignore[misc]
            assert run(seams_for(user)) == []
            check_stamped(vault, authority, archives=3)
            assert files_under(inbox) == before
            shutil.rmtree(vault)
