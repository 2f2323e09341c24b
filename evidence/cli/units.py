"""Files that start `evidence batch` every night: a systemd service with its timer, or a line for cron.

They are made for one vault and this installation, and printed; a person puts them in their place.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.cli import unitquoting as quoting
from evidence.cli.passphrase import VARIABLE
from evidence.crypto.keys import is_encrypted
from evidence.messages import language, t
from evidence.vault.vault import Vault

NAME = "evidence-batch"
_HOUR = "02:30"
_CRON_TIME = "30 2 * * *"
_VARIABLES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
_HARDENING = """\
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=user net
SystemCallArchitectures=native"""
"""What a batch needs none of. The media process makes its own network namespace, so these two are left to it;
MemoryDenyWriteExecute= and SystemCallFilter= aren't set, since decoders and cffi break with them."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the files are made for; every path is absolute.

    Attributes:
        program: how the program is started: its path, or an interpreter and what follows it.
        arguments: what follows ``batch``.
        vault: the vault's folder.
        writable: files and folders outside the vault that the batch writes to or takes from.
        account: the account that runs it.
        passphrase: the file with the keys' passphrase; None: the keys aren't encrypted, or nobody said.
        environment: variables by which the batch finds what this account remembers.
        lacks_passphrase: the keys are encrypted, and no file with their passphrase is known.
    """

    program: tuple[str, ...]
    arguments: tuple[str, ...]
    vault: Path
    writable: tuple[Path, ...]
    account: str
    passphrase: Path | None = None
    environment: tuple[tuple[str, str], ...] = ()
    lacks_passphrase: bool = False

    @property
    def command(self) -> list[str]:
        """The whole command, in the language that is set now."""
        chosen = [] if language() == "en" else ["--lang", language()]
        return [*self.program, "batch", *chosen, "--vault", str(self.vault), *self.arguments]


def setup_of(vault: Vault, inboxes: Sequence[Path], arguments: Sequence[str], metrics: Path | None) -> Setup:
    """What is to be started for an open vault, by the account that runs this.

    Args:
        vault: the vault; its configuration names further places.
        inboxes: those that were named; the configuration's if none were.
        arguments: options for the batch besides inboxes, ``--vault`` and ``--metrics``.
        metrics: the file that was named; the configuration's if None.
    """
    named = [_absolute(path) for path in inboxes]
    given = [f"--metrics={_absolute(metrics)}"] if metrics else []
    passphrase = os.environ.get(VARIABLE)
    return Setup(
        program=installation(),
        arguments=(*arguments, *given, *map(str, named)),
        vault=vault.layout.root,
        writable=_places(vault, named, metrics),
        account=_account(),
        passphrase=_absolute(Path(passphrase)) if passphrase else None,
        environment=tuple((name, os.environ[name]) for name in _VARIABLES if os.environ.get(name)),
        lacks_passphrase=not passphrase and _is_encrypted(vault),
    )


def _is_encrypted(vault: Vault) -> bool:
    """Whether a key needs a passphrase; one that this account can't read is the doctor's to tell of."""
    try:
        return any(
            is_encrypted(key.read_bytes()) for key in (vault.layout.sealing_key, vault.layout.register_key)
        )
    except OSError:
        return False


def _places(vault: Vault, inboxes: Sequence[Path], metrics: Path | None) -> tuple[Path, ...]:
    """What the batch writes to and doesn't lie in the vault's folder; links out of it are named, too."""
    root, batch = vault.layout.root, vault.config.batch
    files = [*([metrics] if metrics else [root / batch.metrics] if batch.metrics else [])]
    files += vault.config.second_place.files
    folders = [*(inboxes or [root / inbox for inbox in batch.inboxes])]
    folders += [root / batch.done] if batch.originals == "move" else []
    folders += [_absolute(file).parent for file in files]
    folders += [link for link in sorted(root.iterdir()) if link.is_symlink() and link.is_dir()]
    folders.append(vault.user.state)
    outside = (path for path in map(_absolute, folders) if not path.resolve().is_relative_to(root))
    return tuple(dict.fromkeys(outside))


def _account() -> str:
    """The account that runs this; its number where it has no name."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def installation() -> tuple[str, ...]:
    """How to start this installation of the program from anywhere."""
    script = Path(sys.executable).absolute().parent / "evidence"
    if os.access(script, os.X_OK):
        return (str(script),)
    started = Path(sys.argv[0]).absolute()
    checkout = [str(started)] if started.name == "cli.py" and started.is_file() else ["-m", "evidence"]
    return (str(Path(sys.executable).absolute()), *checkout)


def page(setup: Setup) -> str:
    """All of it, with what to do with it, as comments.

    Raises:
        UsageError: a path can't be written into such files.
    """
    parts = [
        *([_comment(t("ops.unit_needs_passphrase"))] if setup.lacks_passphrase else []),
        _comment(t("ops.unit_intro")),
        _file(f"{NAME}.service", service(setup)),
        _file(f"{NAME}.timer", timer()),
        _comment(t("ops.unit_enable", name=NAME)),
        _comment(t("ops.unit_cron")) + "\n" + crontab(setup),
    ]
    return "\n\n".join(parts)


def service(setup: Setup) -> str:
    """The service: one batch, with no more rights than it needs.

    Every exit code but 0 is a failure, 9 ("finished, but a person must look") too: OnFailure= is how a person
    hears of it, so there is no SuccessExitStatus=. Nor is there RequiresMountsFor=: of a batch that isn't
    started, since a disk is missing, nobody hears; one that is started says so.
    """
    hidden = any(map(_is_temporary, (setup.vault, *setup.writable)))
    private = [] if hidden else ["PrivateTmp=yes"]
    others = [
        f"-{path}" for path in setup.writable
    ]  # a missing inbox must not keep the rest from being sealed
    lines = [
        "[Unit]",
        f"Description={t('ops.unit_description')}",
        "Wants=network-online.target",
        "After=network-online.target remote-fs.target",
        _comment(t("ops.unit_failure")),
        "#OnFailure=evidence-alarm.service",
        "",
        "[Service]",
        "Type=oneshot",
        f"User={setup.account}",
        *(f"Environment={quoting.setting(f'{name}={value}')}" for name, value in setup.environment),
        *_passphrase(setup),
        f"ExecStart={quoting.exec_line(setup.command)}",
        "KillMode=mixed",
        "Nice=10",
        f"ReadWritePaths={quoting.settings([str(setup.vault), *others])}",
        *private,
        _HARDENING,
        *([] if setup.account == "root" else ["CapabilityBoundingSet="]),
    ]
    return "\n".join(lines)


def timer() -> str:
    """The timer: every night, and after a night that was slept through."""
    lines = [
        "[Unit]",
        f"Description={t('ops.unit_description')}",
        "",
        "[Timer]",
        f"OnCalendar=*-*-* {_HOUR}:00",
        "RandomizedDelaySec=10min",
        "Persistent=yes",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines)


def crontab(setup: Setup) -> str:
    """The line for the account's crontab; cron mails what the batch prints."""
    environment = [(VARIABLE, str(setup.passphrase))] if setup.passphrase else []
    command = quoting.cron_command(setup.command, [*environment, *setup.environment])
    if len(command.encode("utf-8")) > quoting.LONGEST_CRON_LINE:
        return _comment(t("ops.unit_cron_long"))
    return f"{_CRON_TIME} {command}"


def _passphrase(setup: Setup) -> list[str]:
    if setup.passphrase is None:
        return [_comment(t("ops.unit_passphrase")), "#LoadCredential=passphrase:/etc/evidence/passphrase"]
    path = quoting.rest_of_line(str(setup.passphrase))
    return [f"LoadCredential=passphrase:{path}", f'Environment="{VARIABLE}=%d/passphrase"']


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  also without following links


def _is_temporary(path: Path) -> bool:
    """Whether PrivateTmp= would hide it."""
    return any(path.is_relative_to(folder) for folder in ("/tmp", "/var/tmp"))  # noqa: S108


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.split("\n"))


def _file(name: str, text: str) -> str:
    return f"# ---- /etc/systemd/system/{name}\n{text}"
