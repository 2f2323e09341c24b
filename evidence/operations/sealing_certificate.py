"""Whether archives sealed now would be accepted at all."""

import datetime as dt

from evidence.crypto import trust
from evidence.crypto.keys import SealingKey
from evidence.crypto.trust import Anchors
from evidence.errors import CryptoError
from evidence.messages import t


def require_usable(key: SealingKey, now: dt.datetime) -> None:
    """Refuse a sealing certificate that is expired, not valid yet, or not for signing.

    Raises:
        CryptoError: nobody could trust what is sealed with it.
    """
    found = trust.check(key.chain[0], key.chain[1:], Anchors((key.chain[0],)), now, "seal")
    if found.status != "trusted":
        status = t(f"vault.certificate_{found.status}")
        raise CryptoError(t("vault.certificate_now", status=status), t("vault.certificate_now_hint"))
