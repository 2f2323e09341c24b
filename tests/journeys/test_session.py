"""The sessions that stand in session.en.txt and session.uk.txt go exactly so."""

from pathlib import Path

import pytest

from tests.journeys import session


@pytest.mark.parametrize("language", ["en", "uk"])
def test_session(tmp_path: Path, language: str) -> None:
    text = session.TEXTS[language].read_text(encoding="utf-8")
    assert session.replay(text, language, tmp_path) == text
    assert "(exit code" not in text
