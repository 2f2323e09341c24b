"""What can go wrong, by class; each class has one exit code.

Findings about an archive are returned, never raised (see evidence.findings). Errors are for what stops
the program from doing what it was asked.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The program's exit codes; one table for all commands."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INDETERMINATE = 3
    MALFORMED = 4
    REFUSED = 5
    KEY = 6
    TIMESTAMP = 7
    STORE = 8
    QUARANTINED = 9
    BUG = 70
    INTERRUPTED = 130


class EvidenceError(Exception):
    """An error a person can act on.

    Args:
        message: what happened, one sentence without a full stop, in the user's language.
        hint: what to do next; empty when the message says it all.
    """

    exit_code = ExitCode.BUG

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(EvidenceError):
    """The command was called with options or values it can't take."""

    exit_code = ExitCode.USAGE


class FormatError(EvidenceError):
    """An input (archive, document, key file, export) isn't what it should be."""

    exit_code = ExitCode.MALFORMED


class StateError(EvidenceError):
    """The request is refused in this state: already sealed, register rolled back, nothing to do."""

    exit_code = ExitCode.REFUSED


class ChangedError(StateError):
    """Somebody wrote to a file while it was read; later it may be possible."""


class CryptoError(EvidenceError):
    """A key, certificate or passphrase is missing, wrong or unusable."""

    exit_code = ExitCode.KEY


class TimestampServiceError(EvidenceError):
    """A time-stamping authority or a witness gave no usable answer."""

    exit_code = ExitCode.TIMESTAMP


class StoreError(EvidenceError):
    """The file system or the register store failed."""

    exit_code = ExitCode.STORE
