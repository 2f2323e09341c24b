"""What the tests of marker files share."""

import pytest

from evidence import messages
from evidence.errors import FormatError
from evidence.intake.markerfiles import reading


def refused(name: str, data: bytes, form: str = "", *, language: str = "en") -> FormatError:
    """The error with which a file is refused; it is fit to be shown in that language and tells what to do."""
    messages.set_language(language)
    with pytest.raises(FormatError) as caught:
        reading.read(name, data, form)
    messages.set_language("en")
    error = caught.value
    assert error.message.isprintable()
    assert error.hint.isprintable()
    assert error.hint
    assert len(error.message) < 600
    return error
