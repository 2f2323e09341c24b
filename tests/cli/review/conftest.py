"""A desk whose incident has markers and suggestions, made once and copied."""

from pathlib import Path

import pytest

from tests.cli.review.scene import copied
from tests.journeys.desk import NUMBER, Desk
from tests.journeys.suggested import begin


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Three suggestions, two markers, a measure and a place of the notice."""
    desk = Desk(tmp_path_factory.mktemp("prepared"))
    begin(desk)
    threat = ("0:05-0:06", "--class", "threat", "--words", "Я вас знайду 漢字", "--channel", "caller")
    desk.do("mark", "add", NUMBER, *threat, "--confidence", "certain")
    desk.do("mark", "add", NUMBER, "0:10", "--class", "insult", "--words", "дурепа")
    desk.do("measure", NUMBER, "warning", "--position", "0:09")
    desk.do("add", NUMBER, "--notice-grade", "in_recording", "--notice-at", "0:00.3")
    return desk


@pytest.fixture
def desk(prepared: Desk, tmp_path: Path) -> Desk:
    return copied(prepared, tmp_path)
