"""Options that several commands share, and the forms of their values."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from evidence.cli.passphrase import new_passphrase_source, passphrase_source
from evidence.errors import UsageError
from evidence.messages import t
from evidence.text import visible

__all__ = [
    "at_option",
    "json_option",
    "new_passphrase_source",
    "parse_fingerprint",
    "parse_time",
    "parse_trust",
    "passphrase_option",
    "passphrase_source",
    "split_trust",
    "trust_option",
    "vault_option",
]

F = TypeVar("F", bound=Callable[..., Any])

_FINGERPRINT = re.compile(r"sha-?256(?: fingerprint)?\s*[:=]", re.IGNORECASE | re.ASCII)
_SEPARATORS = re.compile(r"[\s:-]")
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONE = re.compile(r"z|[+-]\d\d:[0-5]\d", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(\S*)", re.IGNORECASE | re.ASCII)


def vault_option(function: F) -> F:
    """``--vault DIR`` or EVIDENCE_VAULT, as ``vault: Path | None``."""
    return click.option(
        "--vault",
        type=click.Path(path_type=Path),
        envvar="EVIDENCE_VAULT",
        metavar=t("cli.metavar_dir"),
        help=t("cli.opt_vault"),
    )(function)


def json_option(function: F) -> F:
    """``--json``, as ``as_json: bool``."""
    return click.option("--json", "as_json", is_flag=True, help=t("cli.opt_json"))(function)


def passphrase_option(function: F) -> F:
    """``--passphrase-fd N``, as ``passphrase_fd: int | None``; see ``passphrase_source``."""
    return click.option(
        "--passphrase-fd", type=click.IntRange(min=0), metavar="N", help=t("cli.opt_passphrase_fd")
    )(function)


def trust_option(function: F) -> F:
    """``--trust FILE|sha256:HEX`` (any number), as ``trust: tuple[Path | str, ...]``; see ``split_trust``."""
    return click.option(
        "--trust",
        multiple=True,
        type=parse_trust,
        metavar=t("cli.metavar_trust"),
        help=t("cli.opt_trust"),
    )(function)


def at_option(function: F) -> F:
    """``--at TIME``, as ``at: datetime | None`` (aware, UTC)."""
    return click.option(
        "--at",
        type=parse_time,
        metavar=t("cli.metavar_time"),
        help=t("cli.opt_at"),
    )(function)


def parse_trust(text: str) -> Path | str:
    """A certificate file, or a fingerprint as 64 lower-case hexadecimal digits.

    A fingerprint begins with ``sha256:`` (or as openssl prints it, ``sha256 Fingerprint=``); its digits may
    be grouped by spaces, colons or hyphens and written in upper case.

    Raises:
        UsageError: not a whole SHA-256 fingerprint, or one without its prefix.
    """
    prefix = _FINGERPRINT.match(text)
    digits = _SEPARATORS.sub("", text[prefix.end() :] if prefix else text).lower()
    is_hex = _HEX.fullmatch(digits) is not None
    if prefix is None:
        if is_hex and len(digits) in (40, 64) and not Path(text).exists():
            raise UsageError(t("cli.trust_prefix", text=visible(text)), t("cli.trust_prefix_hint"))
        return Path(text)
    if not is_hex:
        raise UsageError(t("cli.trust_not_hex", text=visible(text)), t("cli.trust_hint"))
    if len(digits) != 64:
        raise UsageError(t("cli.trust_length", n=len(digits)), t("cli.trust_hint"))
    return digits


def parse_fingerprint(text: str) -> str:
    """A fingerprint as 64 lower-case hexadecimal digits; written as for ``parse_trust``.

    Raises:
        UsageError: not a whole SHA-256 fingerprint with its prefix.
    """
    found = parse_trust(text)
    if isinstance(found, Path):
        raise UsageError(t("cli.keys_not_a_fingerprint", text=visible(text)), t("cli.trust_hint"))
    return found


def split_trust(values: Iterable[Path | str]) -> tuple[tuple[Path, ...], frozenset[str]]:
    """The values of ``--trust`` as certificate files and fingerprints."""
    given = tuple(values)
    return (
        tuple(value for value in given if isinstance(value, Path)),
        frozenset(value for value in given if isinstance(value, str)),
    )


def parse_time(text: str) -> dt.datetime:
    """A time of RFC 3339 with its zone; seconds may be left out. Aware, in UTC.

    Raises:
        UsageError: no such time, or the zone is missing: a local time would mean another instant elsewhere.
    """
    form = _TIME.fullmatch(text.strip())
    if form is None:
        key = "cli.time_date_only" if _DATE.fullmatch(text.strip()) else "cli.time_bad"
        raise UsageError(t(key, text=visible(text)), t("cli.time_hint"))
    date, clock, fraction, zone = form.groups()
    if not zone:
        raise UsageError(t("cli.time_no_zone", text=visible(text)), t("cli.time_hint"))
    try:
        return _instant(date, clock, fraction or "", zone)
    except (ValueError, OverflowError) as error:
        raise UsageError(t("cli.time_bad", text=visible(text)), t("cli.time_hint")) from error


def _instant(date: str, clock: str, fraction: str, zone: str) -> dt.datetime:
    if not _ZONE.fullmatch(zone):
        raise ValueError("not a zone")
    seconds = clock if len(clock) == 8 else f"{clock}:00"
    return dt.datetime.fromisoformat(f"{date}T{seconds}.{fraction[:6]:0<6}{zone.upper()}").astimezone(dt.UTC)
