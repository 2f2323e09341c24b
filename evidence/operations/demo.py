"""`evidence demo`: the whole way once, in a folder of its own, with the call that comes with the package.

The demonstration has its own user store inside its folder: its key is never trusted by the real user.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from evidence import resources
from evidence.container.reader import open_archive
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.errors import StateError
from evidence.findings import Status
from evidence.messages import t
from evidence.model.notice import KeyClause, StatedTime
from evidence.operations.body import Probe
from evidence.operations.init import default_origin, init, self_issued
from evidence.operations.notice_add import add
from evidence.operations.notice_folder import Draft
from evidence.operations.seal import Events, Sealed, Sealer
from evidence.operations.seams import Seams
from evidence.operations.searching import Searcher, search_of
from evidence.text import visible
from evidence.vault.config import Config
from evidence.vault.userstore import UserStore
from evidence.vault.vault import Vault, load_keys
from evidence.verify.results import Options, Verification
from evidence.verify.verifier import verify

_FILES = ("call.wav", "notice.wav", "incident.json", "markers.json", "LICENSE.txt")
_TAMPERED = "exhibits/E1.wav"
_WORDS = "Конференция записывается"
"""What the prompt says, in its own language."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demonstration made.

    Attributes:
        incident: the incident folder.
        vault: the vault.
        sealed: the archive.
        genuine: its verification.
        tampered: a copy in which one byte of the recording was changed.
        caught: the copy's verification.
    """

    incident: Path
    vault: Path
    sealed: Sealed
    genuine: Verification
    tampered: Path
    caught: Verification


def demo(  # noqa: PLR0917  as many as a seal needs
    root: Path, probe: Probe, searcher: Searcher, events: Events, say: Callable[[str], None], seams: Seams
) -> Demonstration:
    """Make a vault with a notice and an incident, seal, verify, tamper with a copy, verify that.

    Args:
        root: a folder that doesn't exist yet.
        probe: determines facts about a recording.
        searcher: looks for the notice in the call.
        events: told what the seal does.
        say: called with the name of each stage as it begins.
        seams: clock, randomness and file system.

    Raises:
        StateError: the folder exists.
    """
    if root.exists():
        raise StateError(t("vault.exists", path=visible(str(root))), t("demo.exists_hint"))
    own = replace(seams, user=UserStore(root / "user" / "config", root / "user" / "state"))
    say("init")
    settings = Config(t("demo.organisation"), default_origin(own))
    made = init(root / "vault", settings, self_issued(settings.organisation, own), None, own)
    say("incident")
    incident = root / "INC-2026-000001"
    incident.mkdir()
    for name in _FILES:
        (incident / name).write_bytes(resources.sample(name))
    say("notice")
    vault = Vault(made.root, own.durable, own.user)
    try:
        keys = load_keys(vault, lambda: b"")
        add(vault, _notice(incident / "notice.wav"), lambda: keys[1], probe, own)
        say("seal")
        search = search_of(vault)
        sealer = Sealer(vault, lambda: keys, probe, own, events, search=search, searcher=searcher)
        sealed = sealer.seal(incident)
        certificate = pem_to_der(vault.layout.sealing_chain.read_bytes())[:1]
    finally:
        vault.close()
    say("verify")
    genuine = _verify(sealed.archive, certificate, own)
    say("tamper")
    tampered = root / "tampered.asice"
    _tamper(sealed.archive, tampered)
    caught = _verify(tampered, certificate, own)
    if (genuine.verdict, caught.verdict) != (Status.PASSED, Status.FAILED):
        raise AssertionError
    return Demonstration(incident, made.root, sealed, genuine, tampered, caught)


def _notice(sound: Path) -> Draft:
    """The announcement of the sample call, as its prompt says it."""
    begin = StatedTime("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z", "evidence demo")
    return Draft(
        language="ru",
        key_clause=KeyClause(100, 1750, _WORDS),
        valid_from=begin,
        approved_by=t("demo.approved"),
        title=t("demo.title"),
        text=_WORDS,
        sound=sound,
    )


def _verify(path: Path, certificates: tuple[bytes, ...], seams: Seams) -> Verification:
    options = Options(
        anchors=Anchors(certificates),
        tsa_anchors=Anchors(),
        now=seams.clock(),
        own_fingerprints=seams.user.own(),
    )
    with path.open("rb") as file:
        return verify(file, options)


def _tamper(archive: Path, copy: Path) -> None:
    """Change one bit in the middle of the recording."""
    data = bytearray(archive.read_bytes())
    with archive.open("rb") as file:
        member = open_archive(file).find(_TAMPERED)
    if member is None:
        raise AssertionError
    data[member.data_offset + member.size // 2] ^= 1
    copy.write_bytes(data)
