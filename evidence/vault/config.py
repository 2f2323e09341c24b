"""The vault's configuration, evidence.toml (schema config.v1; unknown keys are errors)."""

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from evidence import resources
from evidence.errors import FormatError, UsageError
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.pbx.rules import PbxMapping, PbxRules
from evidence.messages import t
from evidence.text import visible
from evidence.vault.settings import (
    BatchSettings,
    NoticeSettings,
    ReportSettings,
    SecondPlaces,
    TimeStampSettings,
    WaveformSettings,
)

_LIMIT = 1024 * 1024
_ADDRESS = re.compile(r"https?://[!-~]{1,990}", re.ASCII)
"""As in the schema."""
_HEADING = re.compile(r"\s*\[\s*([a-z_]+)\s*\]")
_ORIGIN = re.compile(r"\s*origin\s*=")


@dataclass(frozen=True, slots=True)
class Config:
    """What the owner of a vault decides.

    Attributes:
        organisation: the name that stands in the certificate.
        origin: the register's name, unique in the world, without spaces or plus signs.
        time_policy: ``none``: archives carry no time-stamp token; ``expected``: each gets one.
        time_zone: IANA name of the zone in which local times are meant; empty when it isn't set.
        time_stamp: where tokens come from.
        batch: how the nightly batch works.
        second_place: where checkpoints are put besides the vault.
        mappings: how files of other programs in inboxes are read, in the configuration's order.
        pbx: how logs of other PBXs are read, likewise.
        notice: how recordings are searched for the notice.
        marker_classes: the vault's own classes of markers, by code, with their names by language.
        waveform: whether recordings are drawn.
        report: whether archives get a report inside.
    """

    organisation: str
    origin: str
    time_policy: str = "none"
    time_zone: str = ""
    time_stamp: TimeStampSettings = field(default_factory=TimeStampSettings)
    batch: BatchSettings = field(default_factory=BatchSettings)
    second_place: SecondPlaces = field(default_factory=SecondPlaces)
    mappings: tuple[InboxMapping, ...] = ()
    pbx: tuple[PbxMapping, ...] = ()
    notice: NoticeSettings = field(default_factory=NoticeSettings)
    marker_classes: OwnClasses = field(default_factory=dict)
    waveform: WaveformSettings = field(default_factory=WaveformSettings)
    report: ReportSettings = field(default_factory=ReportSettings)

    @property
    def inbox_rules(self) -> Rules:
        """By which rules inboxes are read."""
        batch = self.batch
        return Rules(
            self.time_zone, batch.quiet_seconds, batch.unfinished_hours, batch.sidecar_hours, self.mappings
        )

    @property
    def pbx_rules(self) -> PbxRules:
        """By which rules a PBX's logs are read."""
        return PbxRules(self.time_zone, self.pbx)


def render(config: Config) -> str:
    """The text of evidence.toml for a new vault."""
    zone = f"\n[intake]\ntime_zone = {json.dumps(config.time_zone)}\n" if config.time_zone else ""
    return (
        f"# {t('vault.config_comment')}\n"
        "format = 1\n\n"
        f"[organisation]\nname = {json.dumps(config.organisation, ensure_ascii=False)}\n\n"
        f"[register]\norigin = {json.dumps(config.origin)}\n\n"
        f"[seal]\ntime_policy = {json.dumps(config.time_policy)}\n{zone}{_time_stamp(config)}"
    )


def _time_stamp(config: Config) -> str:
    settings = config.time_stamp
    if not settings.roots:
        return ""
    servers = f"servers = {json.dumps(settings.servers)}\n" if settings.servers else ""
    return f"\n[time_stamp]\n{servers}roots = {json.dumps(settings.roots)}\n"


def check_names(config: Config) -> None:
    """Refuse an organisation's name, an origin or addresses that can't stand where they must.

    Raises:
        UsageError: it is empty, too long, or holds characters that aren't allowed there.
    """
    name, origin = config.organisation, config.origin
    if not name.strip() or len(name) > 64 or not name.isprintable():
        raise UsageError(t("vault.organisation"), t("vault.organisation_hint"))
    printable = origin.isascii() and origin.isprintable() and not set(" +") & set(origin)
    if not printable or not 1 <= len(origin) <= 255:
        raise UsageError(t("vault.origin"), t("vault.origin_hint"))
    for address in config.time_stamp.servers:
        if not _ADDRESS.fullmatch(address):
            words = t("timestamp.init_address", address=visible(address[:200]))
            raise UsageError(words, t("timestamp.init_address_hint"))


def load(path: Path) -> Config:
    """The configuration of a vault.

    Raises:
        FormatError: it isn't TOML, or doesn't follow the schema.
    """
    with path.open("rb") as file:
        data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise _bad(path, t("vault.config_long"))
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _bad(path, visible(str(error))) from error
    reason = resources.problem("config.v1", document)
    if reason:
        raise _bad(path, reason)
    return Config(
        document["organisation"]["name"],
        document["register"]["origin"],
        document["seal"]["time_policy"],
        document.get("intake", {}).get("time_zone", ""),
        TimeStampSettings.of(document.get("time_stamp", {})),
        BatchSettings.of(document.get("batch", {})),
        SecondPlaces.of(document.get("second_place", {})),
        tuple(InboxMapping.of(*section) for section in document.get("inbox", {}).items()),
        tuple(PbxMapping.of(*section) for section in document.get("pbx", {}).items()),
        NoticeSettings.of(document.get("notice", {})),
        document.get("marker_class", {}),
        WaveformSettings.of(document.get("waveform", {})),
        ReportSettings.of(document.get("report", {})),
    )


def with_origin(text: str, origin: str) -> str:
    """The text of evidence.toml with another name of the register and everything else as it was.

    Raises:
        FormatError: the name doesn't stand on a line of its own in the section [register].
    """
    lines, section = text.splitlines(keepends=True), ""
    for number, line in enumerate(lines):
        heading = _HEADING.match(line)
        section = heading[1] if heading else section
        if section == "register" and _ORIGIN.match(line):
            lines[number] = f"origin = {json.dumps(origin)}\n"
            break
    changed = "".join(lines)
    wanted = tomllib.loads(text)
    wanted["register"]["origin"] = origin
    if tomllib.loads(changed) != wanted:
        raise FormatError(t("recover.config_by_hand"), t("recover.config_by_hand_hint"))
    return changed


def _bad(path: Path, reason: str) -> FormatError:
    return FormatError(t("vault.config", path=visible(str(path)), reason=reason), t("vault.config_hint"))
