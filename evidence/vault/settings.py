"""Sections of evidence.toml that may be missing (schema config.v1), and what counts where they are silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

Section = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimeStampSettings:
    """Where time-stamp tokens come from.

    Attributes:
        servers: addresses of authorities, in the order in which they are asked.
        roots: PEM file, relative to the vault's folder unless absolute; empty when nothing is configured.
        policies: OIDs that are accepted; empty: any.
        timeout_seconds: for one answer.
        attempts: how often each authority is asked.
    """

    servers: tuple[str, ...] = ()
    roots: str = ""
    policies: tuple[str, ...] = ()
    timeout_seconds: int = 10
    attempts: int = 2

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(**_plain(section))


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How the nightly batch works.

    Attributes:
        inboxes: folders, relative to the vault's folder unless absolute.
        size: archives under one commit, checkpoint and token.
        quiet_seconds: how long a file must not have changed.
        unfinished_hours: how long a recording with an unfinished header is left.
        sidecar_hours: how long a recording waits for a sidecar, and a sidecar for its recordings.
        originals: ``keep``, ``move`` or ``delete``, once their archive is published and durable.
        done: folder for moved originals, relative to the vault's folder unless absolute.
        workers: processes.
        overdue_hours: hours without a seal or time stamp after which there is an alarm.
        metrics: file for Prometheus; empty: none.
    """

    inboxes: tuple[str, ...] = ("inbox",)
    size: int = 256
    quiet_seconds: int = 120
    unfinished_hours: int = 6
    sidecar_hours: int = 0
    originals: str = "keep"
    done: str = "done"
    workers: int = 1
    overdue_hours: int = 26
    metrics: str = ""

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(**_plain(section))


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """How recordings are searched for the notice when they are sealed.

    Attributes:
        search: ``beginning``, ``whole`` or ``off``.
        search_seconds: how much is a beginning.
    """

    search: str = "beginning"
    search_seconds: int = 120

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(**_plain(section))


@dataclass(frozen=True, slots=True)
class WaveformSettings:
    """Whether recordings are drawn when they are sealed.

    Attributes:
        record: whether archives get a record of how loud each recording is.
    """

    record: bool = True

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(**_plain(section))


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Whether archives get a report when they are sealed.

    Attributes:
        language: of the report; empty: archives get none.
    """

    language: str = ""

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(**_plain(section))


@dataclass(frozen=True, slots=True)
class WitnessSettings:
    """A witness: its address and its verifier key."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class SecondPlaces:
    """Where the newest checkpoint is put besides the vault.

    Attributes:
        files: absolute paths.
        command: program and arguments; it gets the checkpoint on standard input. Empty: none.
        witnesses: those that cosign.
    """

    files: tuple[Path, ...] = ()
    command: tuple[str, ...] = ()
    witnesses: tuple[WitnessSettings, ...] = ()

    @classmethod
    def of(cls, section: Section) -> Self:
        """The settings of a section that the schema accepts."""
        return cls(
            tuple(Path(file) for file in section.get("files", ())),
            tuple(section.get("command", ())),
            tuple(WitnessSettings(**witness) for witness in section.get("witnesses", ())),
        )


def _plain(section: Section) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in section.items()}
