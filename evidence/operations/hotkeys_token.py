"""The token that softphones and CRMs show: made at first use, private to the vault's owner."""

import base64
import os
import re
import stat
from pathlib import Path

from evidence.errors import CryptoError, StoreError
from evidence.messages import t
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault.durable import write_new
from evidence.vault.hotkeys import make_folder
from evidence.vault.layout import Layout
from evidence.vault.regular import open_regular

_FORM = re.compile(rb"[A-Za-z0-9._~+/-]{16,512}=*", re.ASCII)
_LONGEST = 1024
_BYTES = 32


def token_of(layout: Layout, named: Path | None, seams: Seams) -> tuple[str, Path]:
    """The token, and the file in which it stands.

    Args:
        layout: the vault's paths; its own token is made where there is none.
        named: another file that holds one.
        seams: for randomness and the file system.

    Raises:
        CryptoError: the file can't be read, others may read it, or it holds no token.
        StoreError: the vault's own can't be written.
    """
    path = named or layout.hotkeys_token
    if named is None and not os.path.lexists(path):
        _make(layout, seams)
    shown = visible(str(path))
    try:
        with open_regular(path) as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_LONGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = t("live.token_unreadable", file=shown, reason=reason)
        raise CryptoError(message, t("live.token_unreadable_hint")) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CryptoError(t("live.token_open", file=shown), t("live.token_open_hint", file=shown))
    found = data.rstrip(b"\r\n")
    if not _FORM.fullmatch(found):
        raise CryptoError(t("live.token_form", file=shown), t("live.token_form_hint"))
    return found.decode("ascii"), path


def _make(layout: Layout, seams: Seams) -> None:
    token = base64.urlsafe_b64encode(seams.entropy(_BYTES)).rstrip(b"=")
    try:
        make_folder(layout, seams.durable)
        write_new(seams.durable, layout.hotkeys_token, token + b"\n")
    except FileExistsError:  # made by another process just now
        return
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = t("live.log_unwritable", folder=visible(str(layout.hotkeys)), reason=reason)
        raise StoreError(message, t("live.log_unwritable_hint")) from error
