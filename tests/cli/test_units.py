"""Units for systemd and lines for cron: read by systemd itself, and by sh after cron's own rules."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.cli import units
from evidence.cli.passphrase import passphrase_source
from evidence.cli.unitquoting import LONGEST_CRON_LINE, cron_command
from evidence.cli.units import Setup
from evidence.errors import CryptoError, UsageError
from evidence.messages import set_language
from evidence.operations.init import default_origin, init, self_issued
from evidence.operations.seams import Seams
from evidence.vault.config import Config
from evidence.vault.durable import Durable
from evidence.vault.userstore import UserStore
from evidence.vault.vault import Vault
from tests.cli import systemd
from tests.cli.cron import by_cron
from tests.operations.scene import make_vault

HOSTILE = [
    "plain",
    "two words",
    "100% sure",
    "100%% %h %d",
    'quo"te',
    "apo'strophe",
    "'",
    "back\\slash",
    "back\\%n",
    "\\\\%",
    "$HOME ${HOME} $$",
    "; rm -rf; & | > <",
    "`id` $(id)",
    "#comment",
    "Сховище доказів ї",
    "-dash",
    "~tilde *?[x]",
]


def setup(folder: Path, name: str) -> Setup:
    """A vault, an inbox, a program and a passphrase below folders of that name."""
    program = folder / name / "bin" / "evidence"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        "print(json.dumps([sys.argv, os.environ.get('EVIDENCE_PASSPHRASE_FILE')]))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    base = Path("/srv") / name
    return Setup(
        program=(str(program),),
        arguments=("--workers=2", str(base / "inbox")),
        vault=base / "vault",
        writable=(base / "inbox", base / "metrics"),
        account="nobody",
        passphrase=base / "passphrase",
    )


def expected(made: Setup) -> list[str]:
    return [*made.program, "batch", "--vault", str(made.vault), *made.arguments]


# systemd


@pytest.mark.parametrize("name", HOSTILE)
def test_systemd_reads_the_same_words_and_paths(tmp_path: Path, name: str) -> None:
    made = setup(tmp_path, name)
    text = units.service(made)
    assert systemd.complaints("evidence-batch.service", text) == ""
    found = systemd.read("evidence-batch.service", text)
    command = [word.replace("$$", "$") for word in found.command]  # what systemd does when it starts it
    assert command[-len(expected(made)) :] == expected(made)
    assert command[: -len(expected(made))] in ([], ["/usr/bin/env"])
    others = [f"-{path}" for path in made.writable]
    assert found.settings["ReadWritePaths"] == " ".join([str(made.vault), *others])
    assert found.settings["Environment"].endswith(
        "EVIDENCE_PASSPHRASE_FILE=/run/credentials/evidence-batch.service/passphrase"
    )
    assert f"LoadCredential=passphrase:{made.passphrase}".replace("%", "%%") in text.splitlines()


def test_a_wrong_quoting_would_be_noticed(tmp_path: Path) -> None:
    made = setup(tmp_path, "two words")
    text = units.service(made).replace('"', "")
    assert "Command" in systemd.complaints("evidence-batch.service", text)
    assert systemd.read("evidence-batch.service", text).command != expected(made)


def test_hardening_is_on_and_the_media_process_keeps_its_namespaces(tmp_path: Path) -> None:
    settings = systemd.read("evidence-batch.service", units.service(setup(tmp_path, "plain"))).settings
    for name in (
        "PrivateDevices",
        "PrivateTmp",
        "ProtectKernelTunables",
        "RestrictSUIDSGID",
        "LockPersonality",
    ):
        assert settings[name] == "yes", name
    assert settings["ProtectSystem"] == "strict"
    assert settings["ProtectHome"] == "read-only"
    assert settings["MemoryDenyWriteExecute"] == "no"
    assert set(settings["RestrictNamespaces"].split()) == {"net", "user"}
    assert settings["KillMode"] == "mixed"
    assert settings["Type"] == "oneshot"
    assert settings["User"] == "nobody"


def test_whatever_is_not_0_is_a_failure(tmp_path: Path) -> None:
    assert (
        "SuccessExitStatus"
        not in systemd.read("evidence-batch.service", units.service(setup(tmp_path, "plain"))).settings
    )


def test_a_vault_in_a_temporary_folder_is_not_hidden(tmp_path: Path) -> None:
    made = replace(setup(tmp_path, "plain"), vault=Path("/var/tmp/vault"))
    assert systemd.read("evidence-batch.service", units.service(made)).settings["PrivateTmp"] == "no"


def test_the_timer_fires_every_night_and_catches_up() -> None:
    text = f"{units.timer()}\n[Timer]\nUnit=multi-user.target"
    assert systemd.complaints("evidence-batch.timer", text) == ""
    settings = systemd.read("evidence-batch.timer", text).settings
    assert settings["Persistent"] == "yes"
    assert "*-*-* 02:30:00" in settings["OnCalendar"]


def test_without_a_passphrase_the_unit_says_how(tmp_path: Path) -> None:
    text = units.service(replace(setup(tmp_path, "plain"), passphrase=None))
    assert "#LoadCredential=" in text
    assert "Environment" not in systemd.read("evidence-batch.service", text).settings


# cron


@pytest.mark.parametrize("name", HOSTILE)
def test_sh_gets_the_same_words_from_cron(tmp_path: Path, name: str) -> None:
    made = setup(tmp_path, name)
    times, line = units.crontab(made)[:10], units.crontab(made)[11:]
    assert times == "30 2 * * *"
    command, given = by_cron(line)
    assert given == ""
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True, cwd="/")
    assert json.loads(done.stdout) == [expected(made), str(made.passphrase)]


def test_what_cron_would_cut_off_is_not_printed(tmp_path: Path) -> None:
    made = setup(tmp_path, "plain")
    long = replace(made, arguments=tuple(f"/srv/inbox{n:04}" for n in range(100)))
    assert len(cron_command(long.command)) > LONGEST_CRON_LINE
    assert all(line.startswith("#") for line in units.crontab(long).splitlines())


# both


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "tab\t", "\x1b[2J", "\u202e", "\x7f", "\udcff", "\u2028"])
def test_what_can_not_stand_in_such_files_is_refused(tmp_path: Path, name: str) -> None:
    made = replace(setup(tmp_path, "plain"), vault=Path("/srv") / name)
    for make in (units.service, units.crontab, units.page):
        with pytest.raises(UsageError) as caught:
            make(made)
        assert caught.value.message.isprintable()


@pytest.mark.parametrize("name", ["ends with a space ", "ends with a backslash\\"])
def test_a_credential_that_the_line_would_cut_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        units.service(replace(setup(tmp_path, "plain"), passphrase=Path("/srv") / name))


def test_the_page_holds_both_ways_and_the_language(tmp_path: Path) -> None:
    set_language("uk")
    made = setup(tmp_path, "plain")
    page = units.page(made)
    assert units.service(made) in page
    assert units.timer() in page
    assert page.splitlines()[-1] == units.crontab(made)
    assert '"--lang" "uk"' in page
    service, timer = page.split("# ---- /etc/systemd/system/")[1:3]
    assert systemd.complaints("evidence-batch.service", service.partition("\n")[2]) == ""
    assert systemd.read("evidence-batch.timer", timer.partition("\n")[2]).settings["Persistent"] == "yes"


# Made for a vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    user = UserStore(tmp_path / "home" / "config", tmp_path / "home" / "state")
    opened = Vault(make_vault(tmp_path / "vault"), Durable(), user)
    opened.close()
    return opened


def test_the_setup_of_a_vault(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", "secret")
    inboxes = [Path("inbox"), tmp_path / "vault" / "inbox", tmp_path / "vault" / ".." / "other"]
    made = units.setup_of(vault, inboxes, ["--workers=2"], Path("metrics/evidence.prom"))
    assert made.vault == tmp_path / "vault"
    assert made.arguments == (
        "--workers=2",
        f"--metrics={tmp_path}/metrics/evidence.prom",
        f"{tmp_path}/inbox",
        f"{tmp_path}/vault/inbox",
        f"{tmp_path}/other",
    )
    outside = [tmp_path / name for name in ("inbox", "other", "metrics", "home/state")]
    assert list(made.writable) == outside
    assert made.passphrase == tmp_path / "secret"


@pytest.mark.parametrize(("word", "file", "warns"), [(b"x", "", True), (b"x", "f", False), (None, "", False)])
def test_encrypted_keys_without_their_passphrase_are_told_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: bytes | None, file: str, *, warns: bool
) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", file)
    seams = Seams()
    config = Config("ТОВ Приклад", default_origin(seams))
    init(tmp_path / "v", config, self_issued("ТОВ Приклад", seams), (lambda: word) if word else None, seams)
    opened = Vault(tmp_path / "v", Durable(), UserStore(tmp_path / "config", tmp_path / "state"))
    text = units.page(units.setup_of(opened, [], [], None))
    opened.close()
    assert text.startswith("# WARNING: ") is warns
    assert all(line.startswith("#") for line in text.partition("\n\n")[0].split("\n"))


def test_what_a_link_leads_to_outside_the_vault_is_writable(vault: Vault, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    vault.layout.archives.rename(disk / "archives")
    vault.layout.archives.symlink_to(disk / "archives")
    made = units.setup_of(vault, [], [], None)
    assert made.writable == (vault.layout.archives, tmp_path / "home" / "state")


def test_this_installation_can_be_started_from_anywhere() -> None:
    done = subprocess.run([*units.installation(), "--version"], capture_output=True, check=True, cwd="/")
    assert done.stdout.startswith(b"evidence")
    assert Path(units.installation()[0]).is_absolute()


def test_a_credential_of_systemd_may_look_readable_for_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The access list by which a service may read it shows as the group's right."""
    path = tmp_path / "passphrase"
    path.write_bytes(b"secret\n")
    path.chmod(0o440)
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", str(path))
    with pytest.raises(CryptoError):
        passphrase_source(None)()
    for folder in (str(tmp_path.parent), "relative", ""):
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", folder)
        with pytest.raises(CryptoError):
            passphrase_source(None)()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert passphrase_source(None)() == b"secret"
