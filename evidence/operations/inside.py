"""The report that is sealed inside an archive: made before there is a signature or an entry."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.entropy import Entropy
from evidence.errors import StateError, UsageError
from evidence.messages import report_languages, t
from evidence.reporting.installed import is_installed
from evidence.text import visible
from evidence.vault.config import Config

OFF = "off"
_SALT = 32

Record = Mapping[str, Any]


def language_of(config: Config, chosen: str | None) -> str:
    """The language of the report that goes into each archive; empty: none goes in.

    Args:
        config: the vault's.
        chosen: a language or OFF; None: as the configuration says.

    Raises:
        UsageError: there are no reports in that language.
        StateError: what makes reports isn't installed.
    """
    language = config.report.language if chosen is None else chosen
    if language in {"", OFF}:
        return ""
    if language not in report_languages():
        known = ", ".join(report_languages())
        raise UsageError(t("seal.report_language", lang=visible(language), list=known), t("seal.report_hint"))
    if not is_installed():
        raise StateError(t("reporting.no_typst"), t("seal.report_no_typst_hint"))
    return language


def draft(records: Sequence[Record], manifest: bytes, language: str, entropy: Entropy) -> bytes | None:
    """The PDF report for an archive; None when it can't be made: no incident stays unsealed for its sake.

    Args:
        records: all records of the archive, without the bytes of files in them.
        manifest: the bytes of its manifest.json.
        language: as ``language_of`` says.
        entropy: gives the salt, so that nobody can guess what it says by its digest.
    """
    from evidence.reporting.pdf import draft_pdf  # noqa: PLC0415  heavy, and an extra

    salt = entropy(_SALT)
    try:
        return draft_pdf(records, manifest, language, salt)
    except (RuntimeError, UsageError):  # typst's own error, or typst is gone
        return None
