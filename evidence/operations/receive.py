"""`evidence receive`: a recording's digest, noted in the spool right after the call (FORMAT.md, "Receipt").

It is a recorder's hook, started for every call: it needs no key, no register and no configuration, imports
little, and only reads the recording.
"""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from evidence import canonical, strict
from evidence.clock import Clock
from evidence.entropy import Entropy, new_uuid
from evidence.errors import FormatError, StateError, StoreError, UsageError
from evidence.messages import t
from evidence.model import names
from evidence.model.receipt import MAX_RECEIPT, Receipt
from evidence.operations.circumstances import circumstances
from evidence.text import visible
from evidence.vault import spool
from evidence.vault.durable import Durable
from evidence.vault.layout import Layout
from evidence.vault.locks import require_posix
from evidence.vault.regular import NotRegularError, open_regular

LONGEST_NOTE = 4096
_LONGEST_FACT = 4096
_CHUNK = 1024 * 1024


class Receiver:
    """Puts receipts into a vault's spool.

    Args:
        root: the vault's folder.
        durable: the file system.
        clock: the host's clock.
        entropy: source of ids and salts.

    Raises:
        StateError: that isn't a vault.
        StoreError: the vault or its spool can't be reached.
    """

    def __init__(self, root: Path, durable: Durable, clock: Clock, entropy: Entropy) -> None:
        require_posix()
        layout = Layout(root.resolve())
        self._spool = layout.spool
        self._durable = durable
        self._clock = clock
        self._entropy = entropy
        try:
            if not self._spool.is_dir():
                _require_vault(root, layout)
                spool.make_folder(self._spool, durable)
        except OSError as error:
            raise _not_written(self._spool, error) from error

    def receive(self, path: str, note: str = "") -> Receipt:
        """Note a recording as it is now; the receipt is durable afterwards.

        Args:
            path: the recording; untrusted. Bytes that aren't text are lone surrogates, as in sys.argv.
            note: anything else to know about it.

        Raises:
            UsageError: the note is too long, or isn't text.
            FormatError: it isn't a regular file.
            StateError: somebody is writing to it.
            StoreError: it can't be read, or the spool can't be written.
        """
        check_note(note)
        receipt = self._noted(os.path.abspath(path), note)  # noqa: PTH100  a link's own place, not its target's
        data = canonical.encode(receipt.to_document(self._entropy(32).hex()))
        if len(data) > MAX_RECEIPT:
            raise UsageError(t("receive.long"), t("receive.long_hint"))
        try:
            spool.deposit(self._spool, receipt.received_id, data, self._durable)
        except OSError as error:
            raise _not_written(self._spool, error) from error
        return receipt

    def _noted(self, path: str, note: str) -> Receipt:
        shown = visible(path)
        try:
            with open_regular(path) as file:
                status = os.fstat(file.fileno())
                digest = _digest(file, status, shown)
        except NotRegularError as error:
            raise FormatError(t("receive.not_regular", file=shown), t("receive.not_regular_hint")) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StoreError(
                t("receive.unreadable", file=shown, reason=reason), t("receive.unreadable_hint")
            ) from error
        return Receipt(
            received_id=new_uuid(self._entropy),
            claimed_time=strict.format_timestamp(self._clock()),
            name=names.from_bytes(os.fsencode(os.path.basename(path))),  # noqa: PTH119
            size=status.st_size,
            sha256=digest,
            circumstances={
                "path": shown[:_LONGEST_FACT],
                **_written_last(status),
                **circumstances(),
                **({"note": note} if note else {}),
            },
        )


def check_note(note: str) -> None:
    """Refuse a note that can't stand in a receipt.

    Raises:
        UsageError: it is too long, or isn't text.
    """
    is_text = not any("\ud800" <= character <= "\udfff" for character in note)
    if len(note) > LONGEST_NOTE or not is_text:
        raise UsageError(t("receive.note", n=LONGEST_NOTE), t("receive.note_hint"))


def _digest(file: BinaryIO, status: os.stat_result, shown: str) -> bytes:
    """SHA-256 of a file that nobody writes to meanwhile."""
    digest = hashlib.sha256()
    left = status.st_size + 1  # one byte more, if it has grown
    while left and (piece := file.read(min(_CHUNK, left))):
        digest.update(piece)
        left -= len(piece)
    after = os.fstat(file.fileno())
    if left != 1 or (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
        raise StateError(t("receive.growing", file=shown), t("receive.growing_hint"))
    return digest.digest()


def _written_last(status: os.stat_result) -> dict[str, str]:
    """The fact ``mtime``; nothing for a time that no calendar has."""
    try:
        since = dt.timedelta(milliseconds=status.st_mtime_ns // 1_000_000)
        return {"mtime": strict.format_timestamp(dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since)}
    except OverflowError:
        return {}


def _require_vault(root: Path, layout: Layout) -> None:
    if not layout.config.is_file():
        raise StateError(t("vault.not_a_vault", path=visible(str(root))), t("vault.not_a_vault_hint"))


def _not_written(folder: Path, error: OSError) -> StoreError:
    reason = error.strerror or type(error).__name__
    message = t("receive.not_written", folder=visible(str(folder)), reason=reason)
    return StoreError(message, t("receive.not_written_hint"))
