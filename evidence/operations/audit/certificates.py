"""Certificates that end soon: the sealing certificate with its chain, roots of time-stamping authorities."""

import datetime as dt
from pathlib import Path

from evidence.crypto import certificates
from evidence.errors import FormatError
from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.operations.audit.reading import tsa_roots
from evidence.strict import format_timestamp
from evidence.vault.vault import Vault


def check(vault: Vault, now: dt.datetime, warn: dt.timedelta, found: Found) -> None:
    """Tell of certificates that end within that time, or ended."""
    _check(vault.layout.sealing_chain, ("CERTIFICATE", "CERTIFICATE_UNREADABLE"), now + warn, now, found)
    roots = tsa_roots(vault)
    if roots is not None:
        _check(roots, ("TSA_ROOT", "TSA_ROOTS_UNREADABLE"), now + warn, now, found)


def _check(path: Path, codes: tuple[str, str], until: dt.datetime, now: dt.datetime, found: Found) -> None:
    try:
        ders = certificates.load_anchors(path.read_bytes())
    except OSError as error:
        found(Finding(codes[1], str(path), {"reason": error.strerror or str(error)}))
        return
    except FormatError as error:
        found(Finding(codes[1], str(path), {"reason": error.message}))
        return
    for der in ders:
        facts = certificates.facts(der)
        if facts.not_after <= until:
            code = f"{codes[0]}_EXPIRED" if facts.not_after <= now else f"{codes[0]}_EXPIRING"
            found(Finding(code, facts.subject, {"date": format_timestamp(facts.not_after)[:10]}))
