"""The one source of the host's time. Everything else is handed a Clock."""

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]
"""Returns the current time, aware, in UTC."""


def system_clock() -> dt.datetime:
    """The host's clock, in UTC."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251  the one place
