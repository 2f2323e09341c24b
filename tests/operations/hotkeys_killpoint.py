"""Adds hot-key events and tells each: ``python -m tests.operations.hotkeys_killpoint VAULT STEP PREFIX COUNT``.

STEP is the number of the durable step ahead of which it kills itself; 0: none.
"""

import datetime as dt
import sys
from pathlib import Path

from evidence.intake.hotkeys.event import Event
from evidence.vault.durable import Durable
from evidence.vault.hotkeys import Arriving, HotkeyLog
from evidence.vault.layout import Layout
from tests.operations.durables import Killing

NOON = dt.datetime(2026, 11, 5, 12, 0, tzinfo=dt.UTC)


def main(vault: str, step: str, prefix: str, count: str) -> None:
    """Add events one by one; the name of each that is durable is printed."""
    durable = Killing(int(step)) if int(step) else Durable()
    log = HotkeyLog(Layout(Path(vault)), durable)
    for number in range(int(count)):
        event = Event(id=f"{prefix}-{number}", agent="Олена")
        (noted,) = log.append([Arriving(event)], NOON)
        print(noted.name, event.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
