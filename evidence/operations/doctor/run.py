"""`evidence doctor`: its checks, one after another; none reads an archive in full.

The network is used where that is asked for. A PBX's configuration is looked at by ``doctor.pbx``.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from evidence.container.names import ENTRY
from evidence.container.reader import open_archive
from evidence.findings import Finding
from evidence.operations.audit import certificates, formers, heads, times, upkeep
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import DAY, open_regular
from evidence.operations.audit.run import WARN_DAYS
from evidence.operations.audit.stamps import Stamps
from evidence.operations.audit.times import Newest
from evidence.operations.doctor import answering, disk, elsewhere, keys
from evidence.operations.seams import Seams
from evidence.register import entries
from evidence.strict import format_timestamp
from evidence.vault.archive_store import SUFFIX
from evidence.vault.layout import Layout
from evidence.vault.reading import RegisterReader
from evidence.vault.vault import Vault

_YEARS = range(2026, 2100)
_ARCHIVES = 1000
"""The newest archives whose time stamps are looked at."""
_LATEST = 1000
"""The newest entries among which the latest time is looked for."""
_ENTRIES = 10_000
"""The newest entries among which a seal is looked for."""


def doctor(
    vault: Vault,
    reader: RegisterReader,
    passphrase: keys.Passphrase | None,
    seams: Seams,
    found: Found,
    *,
    uses_network: bool = False,
) -> None:
    """Look for what would hinder the next night.

    Args:
        vault: a vault that is open for reading.
        reader: its register.
        passphrase: gives the keys' passphrase without asking; None where no source is configured.
        seams: clock and the user's own store.
        found: takes findings.
        uses_network: whether time-stamping authorities and witnesses are asked whether they answer.

    Raises:
        StoreError: the register's database can't be read.
        OSError: a folder of the vault can't be read.
    """
    overdue = dt.timedelta(hours=vault.config.batch.overdue_hours)
    warn = dt.timedelta(days=WARN_DAYS)
    seen = heads.read(vault)
    heads.check(vault, seen, vault.store.size(), whole=True, found=found)
    newest = _newest(reader)
    now = seams.clock()
    if now.year not in _YEARS:
        found(Finding("CLOCK_IMPLAUSIBLE", "", {"now": format_timestamp(now)}))
    else:
        times.check(newest, now, overdue, found)
    with formers.opened(vault, reader, seams.durable) as known:
        stamps = _stamps(vault.layout, Stamps.of(reader, known), found)
    if stamps.newest is not None and stamps.newest > now + times.CLOCK_TOLERANCE:
        values = {"proven": format_timestamp(stamps.newest), "now": format_timestamp(now)}
        found(Finding("CLOCK_BEHIND_STAMP", "", values))
    stamps.report(now, overdue, warn, found)
    keys.check(vault, passphrase, found)
    certificates.check(vault, now, warn, found)
    elsewhere.time_stamps(vault, found)
    disk.check(vault, found)
    elsewhere.second_places(vault, found)
    if uses_network:
        answering.check(vault, seams, found)
    elsewhere.locks(vault, now, found)
    upkeep.seals(vault, reader, found)
    upkeep.receipts(vault, now, overdue, found)
    upkeep.quarantine(vault, found)


def _newest(reader: RegisterReader) -> Newest:
    """The newest entries' times, found from the end."""
    created = entries.parse(reader.entry(0)).claimed_time
    latest = sealed = ""
    for place, document in enumerate(islice(reader.newest_first(), _ENTRIES)):
        if sealed and place >= _LATEST:
            break
        try:
            entry = entries.parse(document)
        except ValueError:  # the audit's business
            continue
        latest = max(latest, entry.claimed_time)
        if entry.type == entries.SEALED:
            sealed = sealed or entry.claimed_time
    return Newest(created, sealed, latest)


def _stamps(layout: Layout, stamps: Stamps, found: Found) -> Stamps:
    """The newest archives' time stamps."""
    for path in islice(_newest_archives(layout), _ARCHIVES):
        try:
            with open_regular(path) as file:
                container = open_archive(file)
                member = container.find(ENTRY)
                data = container.read(member, entries.MAX_ENTRY) if member else b""
                stamps.look(path, container, data, found)
        except (OSError, ValueError):  # the audit's business, as every damaged archive
            continue
    return stamps


def _newest_archives(layout: Layout) -> Iterator[Path]:
    days = sorted((path for path in layout.archives.iterdir() if DAY.fullmatch(path.name)), reverse=True)
    for folder in days:
        yield from sorted(folder.glob(f"*{SUFFIX}"))
