"""Every code has its line in every language."""

import json
from pathlib import Path

import pytest

from evidence import messages
from evidence.media.frames import CODECS, PROBLEMS
from evidence.model import noticesearch, waveform
from evidence.operations.body import GROWING

KEYS = {f"problem_{code}" for code in (*PROBLEMS, GROWING)} | {f"codec_{codec}" for codec in CODECS}
KEYS |= {f"search_problem_{code}" for code in noticesearch.PROBLEMS}
KEYS |= {f"drawing_problem_{code}" for code in waveform.PROBLEMS}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_catalogue_is_complete(language: str) -> None:
    path = Path(messages.__file__).parent / language / "media.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    assert set(catalogue) == KEYS
    for key, text in catalogue.items():
        assert text.format() == text, key
        assert text == text.strip(), key
        assert not text.endswith("."), key
