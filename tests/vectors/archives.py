"""The vectors: for each code an archive that shows it and nothing else, made from one that passes.

A vector's name is its expectation: the code it is named after, or nothing for names beginning with PASSED.
Unless ``made_by`` says otherwise, everything after the changed part was signed and registered again with the
true keys, so that nothing but the change itself is wrong.
"""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from evidence import strict
from evidence.container.names import (
    SIGNATURE,
    VERIFY_TXT,
    key_proof_name,
    proof_name,
    token_name,
)
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.digests import sha256_hex
from tests import builder
from tests.builder import RECORDING, Changes, Document, Members, Register, Sealed, changed, flipped

PROOF = proof_name(1)
TOKEN = token_name(1, 1)
_NOW = "2027-01-15T09:00:00.000Z"
_LATE = "2031-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Case:
    """One vector.

    Attributes:
        made_by: how its archive, or what it is verified with, differs from PASSED.asice.
        archive: the file.
        trust, trust_tsa: files of certificates.
        now, at: the verifier's clock, and the time as of which to judge; empty for none.
        register, checkpoint: contents of the export and of the kept checkpoint; empty for none.
        require: ``complete``, or empty.
        exit: the program's exit code.
    """

    made_by: str
    archive: bytes
    exit: int
    trust: tuple[str, ...] = ("sources/sealer.pem",)
    trust_tsa: tuple[str, ...] = ("sources/tsa.pem",)
    now: str = _NOW
    at: str = ""
    register: bytes = b""
    checkpoint: bytes = b""
    require: str = ""


@dataclass(frozen=True)
class World:
    """An archive that was entered in a register as entry 2 of 3."""

    sealed: Sealed
    register: Register
    index: int = 2

    @property
    def members(self) -> Members:
        return builder.members(self.sealed, self.register, self.index, size=3)

    @property
    def file(self) -> bytes:
        return builder.pack(self.members)


def world(
    changes: Changes = builder.UNCHANGED,
    *,
    time_policy: str = "none",
    claimed: str = builder.CLAIMED,
    then: Callable[[Sealed], Sealed] = lambda sealed: sealed,
) -> World:
    """The archive of PASSED, or a changed one, in the same register."""
    register = Register()
    register.seal(builder.seal(7).facts)
    sealed = then(builder.seal(1, changes, time_policy=time_policy))
    register.seal(sealed.facts, claimed)
    return World(sealed, register)


def with_token_note() -> bytes:
    """What the token of PASSED_WITH_TOKEN stamps."""
    return world(time_policy="expected").register.checkpoint(3)


def claimed_late_note() -> bytes:
    """What the token of TIME_ORDER stamps."""
    return world(time_policy="expected", claimed=_LATE).register.checkpoint(3)


def source(name: str) -> bytes:
    """A file of the sources."""
    return (builder.SOURCES / name).read_bytes()


def cases() -> dict[str, Case]:
    """Every vector by its name."""
    made = {**_passing(), **_container(), **_signature(), **_documents(), **_register(), **_time()}
    return made | _trust() | _history()


def inserted(parts: Members, before: str, *new: tuple[str, bytes]) -> Members:
    """The members with further ones before a given one."""
    place = [name for name, _data in parts].index(before)
    return [*parts[:place], *new, *parts[place:]]


def _passing() -> dict[str, Case]:
    base = world()
    unknown = b"\xe2\x80\x94 stranger.example AAAAAAECAwQ=\n"
    later: Members = [("META-INF/ASiCManifest002.xml", b"<x/>\n"), ("META-INF/signature002.p7s", b"0")]
    register = base.register.copy()
    register.seal(builder.seal(8).facts)
    return {
        "PASSED": Case(
            "Sealed, and entered in a register as entry 2 of 3; no token belongs to it.", base.file, 0
        ),
        "PASSED_WITH_TOKEN": Case("A token belongs to it, and is there.", builder.pack(with_token()), 0),
        "PASSED_UNKNOWN_LINE": Case(
            "The checkpoint has a further signature line of an unknown key.",
            builder.pack(changed(base.members, PROOF, lambda proof: proof + unknown)),
            0,
        ),
        "PASSED_LATER_PAIR": Case(
            "A second ASiCManifest and signature stand behind it, which version 1 doesn't check.",
            builder.pack([*base.members, *later]),
            0,
        ),
        "PASSED_REGISTER": Case(
            "PASSED.asice, verified with an export of size 4 and a kept checkpoint of size 2.",
            base.file,
            0,
            register=register.export(),
            checkpoint=register.checkpoint(2),
        ),
        "NOT_AN_ARCHIVE": Case("PASSED.asice behind one further byte.", b"\0" + base.file, 4),
    }


def with_token(token: str = "token.tsr") -> Members:  # noqa: S107  a file's name
    """The members of PASSED_WITH_TOKEN, or with another token from the sources."""
    return [*world(time_policy="expected").members, (TOKEN, source(token))]


def _container() -> dict[str, Case]:
    base = world()
    parts, file = base.members, base.file
    backslash = [(name.replace("/", "\\", 1) if name == RECORDING else name, data) for name, data in parts]
    record, following = (name for name, _data in parts[2:4])
    swapped = [*parts[:2], parts[3], parts[2], *parts[4:]]
    return {
        "CONTAINER_TRUNCATED": Case("The last 30 bytes are cut off.", file[:-30], 1),
        "CONTAINER_MALFORMED": Case("One byte stands behind the end.", file + b"\n", 1),
        "MEMBER_NAME": Case(
            "In the ZIP headers, the recording's name has a backslash for its slash.",
            builder.pack_anyhow(backslash),
            1,
        ),
        "MEMBER_DUPLICATE": Case(
            "VERIFY.txt is there twice.",
            builder.pack_anyhow(inserted(parts, VERIFY_TXT, *(p for p in parts if p[0] == VERIFY_TXT))),
            1,
        ),
        "MEMBER_EXTRA": Case(
            "access/E1.mp3, which no list names, was put before manifest.json.",
            builder.pack(inserted(parts, "manifest.json", ("access/E1.mp3", b"noise"))),
            1,
        ),
        "MEMBER_MISSING": Case(
            "The recording was taken out.", builder.pack(changed(parts, RECORDING, None)), 1
        ),
        "MEMBER_ORDER": Case(f"{record} and {following} changed places.", builder.pack(swapped), 1),
        "MEMBER_ALTERED": Case(
            "One bit of the recording is another, with the right checksum in the ZIP headers.",
            builder.pack(changed(parts, RECORDING, lambda sound: flipped(sound, 100))),
            1,
        ),
        "MEMBER_CRC": Case(
            "The checksum of the recording in both ZIP headers is wrong; nothing was signed anew.",
            builder.pack_anyhow(parts, {RECORDING: 0x12345678}),
            1,
        ),
        "NOT_COMPLETE": Case(
            "PASSED_LATER_PAIR.asice, verified with --require complete.",
            _passing()["PASSED_LATER_PAIR"].archive,
            3,
            require="complete",
        ),
    }


def _signature() -> dict[str, Case]:
    def unknown_digest(asic: bytes) -> bytes:
        return asic.replace(b"2001/04/xmlenc#sha256", b"2001/04/xmlenc#sha512", 1)

    def sha224(signature: bytes) -> bytes:
        ecdsa = bytes.fromhex("06082a8648ce3d0403")
        place = signature.rindex(ecdsa) + len(ecdsa)
        return flipped(signature, place, 3)

    def twin(signature: bytes) -> bytes:
        own, other = (certificates.pem_to_der(source(f"{name}.pem"))[0] for name in ("sealer", "twin"))
        return signature.replace(own, other)

    def by_twin(sealed: Sealed) -> Sealed:
        return replace(sealed, certificate=certificates.pem_to_der(source("twin.pem"))[0])

    return {
        "ASIC_MANIFEST_MALFORMED": Case(
            "A comment stands in ASiCManifest001.xml.",
            world(Changes(asic=lambda asic: asic.replace(b"</ASiC", b"<!-- -->\n</ASiC"))).file,
            1,
        ),
        "DIGEST_UNSUPPORTED": Case(
            "One line of ASiCManifest001.xml says SHA-512.", world(Changes(asic=unknown_digest)).file, 3
        ),
        "SIGNATURE_MALFORMED": Case(
            "One byte stands behind the signature; it is registered so.",
            world(Changes(signature=lambda signature: signature + b"\0")).file,
            1,
        ),
        "SIGNATURE_UNSUPPORTED": Case(
            "The signature states ECDSA with SHA-224; it is registered so.",
            world(Changes(signature=sha224)).file,
            3,
        ),
        "SIGNATURE_BROKEN": Case(
            "One bit of the signature value is another; it is registered so.",
            world(Changes(signature=lambda signature: flipped(signature, len(signature) - 1))).file,
            1,
        ),
        "CERTIFICATE_MISMATCH": Case(
            "The signature holds another certificate of the same key, name and number; it is registered so.",
            world(Changes(signature=twin), then=by_twin).file,
            1,
        ),
    }


def _documents() -> dict[str, Case]:
    def other_digest(manifest: Document) -> Document:
        manifest["exhibits"][0]["sha256"] = sha256_hex(b"")
        return manifest

    def without_salt(documents: dict[str, Document]) -> dict[str, Document]:
        del documents["r-00010004"]["salt"]
        return documents

    def other_recording(documents: dict[str, Document]) -> dict[str, Document]:
        documents["r-00010004"]["recording_sha256"] = sha256_hex(b"")
        return documents

    other_line = sha256_hex(b"").encode()
    return {
        "MANIFEST_MALFORMED": Case(
            "manifest.json has a field of another name.",
            world(Changes(manifest=lambda manifest: {**manifest, "number": "INC-2026-000001"})).file,
            1,
        ),
        "FORMAT_UNSUPPORTED": Case(
            "manifest.json says that the format's version is 2.",
            world(Changes(manifest=lambda manifest: {**manifest, "format": 2})).file,
            3,
        ),
        "MANIFEST_DISAGREES": Case(
            "manifest.json has another digest for the recording.",
            world(Changes(manifest=other_digest)).file,
            1,
        ),
        "SUMS_DISAGREE": Case(
            "SHA256SUMS has another digest for the recording.",
            world(Changes(sums=lambda lines: other_line + lines[64:])).file,
            1,
        ),
        "RECORD_MALFORMED": Case("A marker has no salt.", world(Changes(records=without_salt)).file, 1),
        "RECORD_DISAGREES": Case(
            "A marker has the digest of another recording.", world(Changes(records=other_recording)).file, 1
        ),
    }


def _register() -> dict[str, Case]:
    base = world()
    parts, register = base.members, base.register
    spaced = base.register.copy()
    spaced.chain[2] = spaced.chain[2].replace(b":", b": ", 1)
    again = builder.seal(1, signing_time=builder.SIGNED + dt.timedelta(hours=1))
    unsigned = register.proof(2, note=register.checkpoint(key=builder.register_key("successor")))
    rotated = [*changed(parts, PROOF, unsigned), (key_proof_name(1), b"not checked by version 1\n")]
    return {
        "ENTRY_MALFORMED": Case(
            "There is a space in the register entry; it is proven so.",
            builder.pack(builder.members(base.sealed, spaced, 2)),
            1,
        ),
        "ENTRY_DISAGREES": Case(
            "The body was signed once more with the true key; the register entry is that of PASSED.asice.",
            builder.pack(changed(parts, SIGNATURE, again.signature)),
            1,
        ),
        "PROOF_MALFORMED": Case(
            "The first line of the proof says tlog-proof@v2.",
            builder.pack(changed(parts, PROOF, lambda proof: proof.replace(b"@v1", b"@v2"))),
            1,
        ),
        "CHECKPOINT_BROKEN": Case(
            "The checkpoint states a size of 4, below the signature over 3.",
            builder.pack(changed(parts, PROOF, lambda proof: proof.replace(b"\n3\n", b"\n4\n"))),
            1,
        ),
        "CHECKPOINT_KEY_UNKNOWN": Case(
            "Another key signed the checkpoint, and a key proof stands beside it.", builder.pack(rotated), 3
        ),
        "PROOF_BROKEN": Case(
            "The proof is that of entry 1, another archive's.",
            builder.pack(changed(parts, PROOF, register.proof(1))),
            1,
        ),
    }


def _time() -> dict[str, Case]:
    late = [*world(time_policy="expected", claimed=_LATE).members, (TOKEN, source("token-late.tsr"))]
    made = "PASSED_WITH_TOKEN.asice"
    return {
        "TOKEN_MISSING": Case(f"{made} without its token.", builder.pack(with_token()[:-1]), 3),
        "TOKEN_MALFORMED": Case(
            f"{made} with one byte behind the token.",
            builder.pack(changed(with_token(), TOKEN, lambda token: token + b"\0")),
            1,
        ),
        "TOKEN_BROKEN": Case(
            f"{made} with the token of TIME_ORDER.asice.", builder.pack(with_token("token-late.tsr")), 1
        ),
        "TOKEN_UNSUPPORTED": Case(
            f"{made} with a token over the SHA-512 of the checkpoint.",
            builder.pack(with_token("token-sha512.tsr")),
            3,
        ),
        "TSA_UNKNOWN": Case(
            f"{made}, verified without trust in the time-stamping authority.",
            builder.pack(with_token()),
            3,
            trust_tsa=(),
        ),
        "TIME_ORDER": Case(
            f"As {made}, with a claimed time years after the token over its own checkpoint.",
            builder.pack(late),
            3,
            now="2031-02-01T00:00:00.000Z",
        ),
    }


def _trust() -> dict[str, Case]:
    base = world().file
    unusable = certificates.pem_to_der(source("unusable.pem"))
    key = replace(builder.sealer(), chain=unusable)
    register = Register()
    register.seal(builder.seal(7).facts)
    sealed = builder.seal(1, key=key)
    register.seal(sealed.facts)
    return {
        "SIGNER_UNKNOWN": Case("PASSED.asice, verified without trust in anybody.", base, 3, trust=()),
        "CERTIFICATE_EXPIRED": Case(
            "PASSED.asice, verified five years after the certificate's end.",
            base,
            3,
            now="2041-01-01T00:00:00.000Z",
        ),
        "CERTIFICATE_NOT_YET_VALID": Case(
            "PASSED.asice, judged as of a time before the certificate's beginning.",
            base,
            3,
            at="2025-12-31T23:59:59.000Z",
        ),
        "CERTIFICATE_UNUSABLE": Case(
            "Signed with a trusted certificate that is for key agreement only.",
            World(sealed, register).file,
            1,
            trust=("sources/unusable.pem",),
        ),
    }


def _history() -> dict[str, Case]:
    base = world()
    register = base.register
    stranger = Register(builder.register_key("successor"))
    broken = register.export().replace(b"18:40:02.517Z", b"18:40:02.518Z", 1)
    fork = Register()
    fork.seal(builder.seal(9).facts)
    fork.seal(base.sealed.facts)
    longer, double, voided = register.copy(), register.copy(), register.copy()
    longer.seal(builder.seal(8).facts)
    double.seal(replace(base.sealed.facts, signature_sha256=bytes(32)))
    voided.void(2)

    def case(told: str, status: int, export: bytes = b"", checkpoint: bytes = b"") -> Case:
        return Case(
            f"PASSED.asice, verified with {told}.", base.file, status, register=export, checkpoint=checkpoint
        )

    return {
        "EXPORT_UNUSABLE": case("an export signed by another register's key", 3, stranger.export()),
        "REGISTER_CHAIN_BROKEN": case("an export in which the claimed time of entry 1 is another", 1, broken),
        "REGISTER_FORK": case(
            "an export of the same size, signed by the same key, in which entry 1 is another",
            1,
            fork.export(),
        ),
        "REGISTER_ROLLBACK": case(
            "an export of size 3 and a kept checkpoint of size 4", 1, register.export(), longer.checkpoint()
        ),
        "REGISTER_DOUBLE": case("an export that holds the archive again as entry 3", 1, double.export()),
        "REGISTER_VOIDED": case("an export in which entry 3 voids entry 2", 3, voided.export()),
        "REGISTER_NOT_COVERED": case(
            "an export of size 2, as the register was before", 3, register.export(2)
        ),
        "CHECKPOINT_UNUSABLE": case(
            "a kept checkpoint signed by another register's key", 3, checkpoint=stranger.checkpoint()
        ),
    }


def options(case: Case) -> dict[str, Any]:
    """What a vector is verified with, in the names of evidence.verify.results.Options."""
    return {
        "anchors": _anchors(case.trust),
        "tsa_anchors": _anchors(case.trust_tsa),
        "now": strict.timestamp(case.now),
        "at": strict.timestamp(case.at) if case.at else None,
        "register_export": io.BytesIO(case.register) if case.register else None,
        "checkpoint": case.checkpoint or None,
        "require_complete": case.require == "complete",
    }


def _anchors(trust: tuple[str, ...]) -> Anchors:
    folder = builder.SOURCES.parent
    return Anchors(
        tuple(der for file in trust for der in certificates.pem_to_der((folder / file).read_bytes()))
    )
