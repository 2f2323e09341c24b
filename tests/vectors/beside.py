"""The vectors about sidecars: what a file beside an archive adds, and that it never takes anything away."""

from evidence.container import sidecar
from evidence.container.names import ENTRY
from tests import builder
from tests.builder import Members, Register, changed
from tests.vectors.archives import PROOF, TOKEN, Case, World, source, with_token, world


def cases() -> dict[str, Case]:
    """Their names and how they are made; see tests.vectors.cases."""
    return {**_expected(), **_ignored(), **_contradicting()}


def parts_of(made: World, register: Register | None = None, token: bytes = b"") -> Members:
    """The members of a sidecar but mimetype: entry, proof against a register's head, perhaps a token."""
    found = [(ENTRY, made.register.chain[made.index]), (PROOF, (register or made.register).proof(made.index))]
    return [*found, (TOKEN, token)] if token else found


def pack(parts: Members) -> bytes:
    """The sidecar of these members."""
    return builder.pack([("mimetype", sidecar.MIMETYPE), *parts])


def _expected() -> dict[str, Case]:
    """An archive to which a token belongs, and which has none inside."""
    made = world(time_policy="expected")
    bare = builder.pack(with_token()[:-1])
    good = pack(parts_of(made, token=source("token.tsr")))
    return {
        "PASSED_SIDECAR": Case(
            "TOKEN_MISSING.asice with its token in the file beside it.", bare, 0, sidecar=good
        ),
        "TOKEN_MISSING-SIDECAR": Case(
            "TOKEN_MISSING.asice; the file beside it is another archive's.",
            bare,
            3,
            sidecar=pack(parts_of(world())),
        ),
        "TSA_UNKNOWN-SIDECAR": Case(
            "PASSED_SIDECAR.asice, with the file beside it, verified without trust in the authority.",
            bare,
            3,
            trust_tsa=(),
            sidecar=good,
        ),
    }


def _ignored() -> dict[str, Case]:
    """PASSED.asice beside a file that proves nothing."""
    base = world()
    parts = parts_of(base)
    unsigned = changed(parts, PROOF, lambda data: data.replace(b"\n3\n", b"\n4\n"))
    broken = [*parts, (TOKEN, source("token.tsr"))]
    other = parts_of(world(time_policy="expected"))

    def case(told: str, beside: bytes) -> Case:
        return Case(f"PASSED.asice, verified with {told} beside it.", base.file, 0, sidecar=beside)

    return {
        "PASSED_SIDECAR_MALFORMED": case("a file that has one byte too many", pack(parts) + b"\n"),
        "PASSED_SIDECAR_OTHER": case("the file of another archive", pack(other)),
        "PASSED_SIDECAR_UNSIGNED": case(
            "a proof whose checkpoint states a size of 4, below the signature over 3,", pack(unsigned)
        ),
        "PASSED_SIDECAR_TOKEN_BROKEN": case("a token over another checkpoint", pack(broken)),
    }


def _contradicting() -> dict[str, Case]:
    """PASSED.asice beside the same entry below another head of the same size, signed with the same key."""
    base, fork = world(), Register()
    fork.seal(builder.seal(9).facts)
    fork.chain.append(base.register.chain[base.index])
    return {
        "REGISTER_FORK-SIDECAR": Case(
            "PASSED.asice, verified with a proof of its entry below another head of size 3 beside it; the "
            "register's key signed both.",
            base.file,
            1,
            sidecar=pack(parts_of(base, fork)),
        ),
    }
