"""The vectors about what stands outside the body: register, time, trust, and the verifier's own knowledge."""

import datetime as dt
from dataclasses import replace

from evidence.container.names import SIGNATURE
from evidence.crypto import certificates
from tests import builder
from tests.builder import Register, changed
from tests.vectors.archives import LATE, PROOF, TOKEN, Case, World, source, with_token, world


def cases() -> dict[str, Case]:
    """Their names and how they are made; see tests.vectors.cases."""
    return {**_register(), **_time(), **_trust(), **_history()}


def _register() -> dict[str, Case]:
    base = world()
    parts, register = base.members, base.register
    spaced = base.register.copy()
    spaced.chain[2] = spaced.chain[2].replace(b":", b": ", 1)
    again = builder.seal(1, signing_time=builder.SIGNED + dt.timedelta(hours=1))
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
        "PROOF_BROKEN": Case(
            "The proof is that of entry 1, another archive's.",
            builder.pack(changed(parts, PROOF, register.proof(1))),
            1,
        ),
    }


def _time() -> dict[str, Case]:
    late = [*world(time_policy="expected", claimed=LATE).members, (TOKEN, source("token-late.tsr"))]
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
            3,
            trust=("sources/unusable.pem",),
        ),
    }


def _history() -> dict[str, Case]:
    base = world()
    register = base.register
    stranger = Register(builder.register_key("successor"))
    broken = register.copy()
    broken.chain[1] = broken.chain[1].replace(b"18:40:02.517Z", b"18:40:02.518Z", 1)
    edited = register.export().replace(b"18:40:02.517Z", b"18:40:02.518Z", 1)
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
        "EXPORT_UNUSABLE": case("an export in which the claimed time of entry 1 was edited", 3, edited),
        "REGISTER_CHAIN_BROKEN": Case(
            "Entered in a register whose entry 1 was changed before entry 2 was signed, with its export.",
            World(base.sealed, broken).file,
            1,
            register=broken.export(),
        ),
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
