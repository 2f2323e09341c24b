"""Work that ends in SIGKILL, in a forked process: as deadly as a program of its own, and ten times as quick."""

import os
import signal
import traceback
import warnings
from collections.abc import Callable
from typing import NoReturn

from evidence.operations import bodytask

PATIENCE = 120
"""Seconds after which a process counts as hanging."""


def killed(act: Callable[[], object]) -> None:
    """Do something that kills its own process with SIGKILL."""
    status = _forked(act)
    assert os.WIFSIGNALED(status), f"it came to an end: {status}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def ended(act: Callable[[], object]) -> int:
    """Do something that may kill its own process; 0 if it came to its end."""
    return os.waitstatus_to_exitcode(_forked(act))


def _forked(act: Callable[[], object]) -> int:
    with (
        warnings.catch_warnings()
    ):  # Python 3.12 warns of threads: those of a test's servers are of no concern
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _child(act)
    return os.waitpid(child, 0)[1]


def _child(act: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        signal.alarm(PATIENCE)
        bodytask._media.clear()  # that process answers its own parent alone
        act()
        code = 0
    except BaseException:  # noqa: BLE001  nothing of the test may run on in this process
        traceback.print_exc()
    finally:
        os._exit(code)
