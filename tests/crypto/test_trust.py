"""Paths to an anchor: a matrix of real chains, judged by us and by ``openssl verify``."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from cryptography import x509 as oracle
from cryptography.x509.oid import ExtendedKeyUsageOID

from evidence.crypto import trust
from evidence.crypto.trust import Anchors, ChainResult, check
from tests.crypto import pki
from tests.crypto.pki import NOW, YEAR, authority, issue, signer

DAY = dt.timedelta(days=1)
STAMPING = [ExtendedKeyUsageOID.TIME_STAMPING]
UNKNOWN = oracle.UnrecognizedExtension(oracle.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


def chain(*certificates: pki.Issued) -> list[pki.Issued]:
    """Certificates from the root down."""
    return list(certificates)


def three(root: object = None, middle: object = None, leaf: object = None) -> list[pki.Issued]:
    """Root, certification authority and signer with these changes."""
    top = authority("Root", **(root or {}))  # type: ignore[arg-type]
    between = authority("Middle", top, **(middle or {}))  # type: ignore[arg-type]
    return [top, between, signer("Leaf", between, **(leaf or {}))]  # type: ignore[arg-type]


PAST = {"start": NOW - 3 * YEAR, "end": NOW - DAY}
FUTURE = {"start": NOW + DAY, "end": NOW + 3 * YEAR}


def not_a_ca() -> list[pki.Issued]:
    root = authority("Root")
    middle = signer("Middle", root)
    return [root, middle, signer("Leaf", middle)]


def ca_without_cert_sign() -> list[pki.Issued]:
    root = authority("Root")
    middle = issue("Middle", root, ca=True, key_usage=pki.SIGNING)
    return [root, middle, signer("Leaf", middle)]


def ca_without_constraints() -> list[pki.Issued]:
    root = authority("Root")
    middle = issue("Middle", root, key_usage=pki.ISSUING)
    return [root, middle, signer("Leaf", middle)]


def other_name() -> list[pki.Issued]:
    root = authority("Root")
    middle = authority("Middle", root)
    return [root, middle, signer("Leaf", middle, issuer_name="Somebody")]


def other_key() -> list[pki.Issued]:
    root = authority("Root")
    middle, imitation = authority("Middle", root), authority("Middle", root, key=pki.key_of("p384"))
    return [root, middle, signer("Leaf", imitation)]


def deep(levels: int) -> list[pki.Issued]:
    issued = [authority("Root")]
    for level in range(levels - 2):
        issued.append(authority(f"CA {level}", issued[-1]))
    return [*issued, signer("Leaf", issued[-1])]


def path_length(root_allows: int) -> list[pki.Issued]:
    root = authority("Root", path_length=root_allows)
    first = authority("First", root)
    second = authority("Second", first)
    return [root, first, second, signer("Leaf", second)]


def renewed_root() -> list[pki.Issued]:
    """A self-issued certificate in the middle doesn't count for the path length."""
    root = authority("Root", path_length=0)
    renewed = authority("Root", root, key=pki.key_of("p384"))
    return [root, renewed, signer("Leaf", renewed)]


CHAINS: list[tuple[str, Callable[[], list[pki.Issued]], str]] = [
    ("good", three, "trusted"),
    ("leaf expired", lambda: three(leaf=PAST), "expired"),
    ("issuer expired", lambda: three(middle=PAST), "expired"),
    ("root expired", lambda: three(root=PAST), "expired"),
    ("leaf not yet valid", lambda: three(leaf=FUTURE), "not_yet_valid"),
    ("issuer not yet valid", lambda: three(middle=FUTURE), "not_yet_valid"),
    ("issuer not a CA", not_a_ca, "unusable"),
    ("issuer may not sign certificates", ca_without_cert_sign, "unusable"),
    ("issuer without constraints", ca_without_constraints, "unusable"),
    ("path length kept", lambda: path_length(2), "trusted"),
    ("path length just exceeded", lambda: path_length(1), "unusable"),
    ("path length exceeded", lambda: path_length(0), "unusable"),
    ("path length with a renewed root", renewed_root, "trusted"),
    ("issued under another name", other_name, "unknown"),
    ("issued by another key", other_key, "unknown"),
    ("unknown critical extension of the leaf", lambda: three(leaf={"extra": [(UNKNOWN, True)]}), "unusable"),
    (
        "unknown critical extension of an issuer",
        lambda: three(middle={"extra": [(UNKNOWN, True)]}),
        "unusable",
    ),
    ("unknown extension", lambda: three(leaf={"extra": [(UNKNOWN, False)]}), "trusted"),
    ("deep", lambda: deep(8), "trusted"),
    ("RSA and P-384", lambda: three({"key": pki.key_of("rsa", 1)}, {"key": pki.key_of("p384")}), "trusted"),
]


def judged(issued: Sequence[pki.Issued], anchors: Anchors, **changes: object) -> ChainResult:
    others = [item.der for item in issued[:-1]]
    arguments = {"at": NOW, "purpose": "seal", **changes}
    return check(issued[-1].der, others, anchors, **arguments)  # type: ignore[arg-type]


def accepted_by_openssl(folder: Path, issued: Sequence[pki.Issued]) -> bool:
    (folder / "root.pem").write_bytes(issued[0].pem)
    (folder / "others.pem").write_bytes(b"".join(item.pem for item in issued[1:]))
    (folder / "leaf.pem").write_bytes(issued[-1].pem)
    files = ["-CAfile", folder / "root.pem", "-untrusted", folder / "others.pem", folder / "leaf.pem"]
    time = ["-attime", str(int(NOW.timestamp()))]
    return pki.openssl("verify", "-x509_strict", *time, *files, check=False).returncode == 0


@pytest.mark.parametrize(("build", "status"), [case[1:] for case in CHAINS], ids=[case[0] for case in CHAINS])
def test_matrix(build: Callable[[], list[pki.Issued]], status: str, tmp_path: Path) -> None:
    issued = build()
    root = issued[0]
    assert judged(issued, Anchors(certificates=(root.der,))).status == status
    assert judged(issued, Anchors(fingerprints=frozenset({root.sha256}))).status == status
    assert accepted_by_openssl(tmp_path, issued) == (status == "trusted")


def test_what_the_result_says() -> None:
    root, middle, leaf = issued = three(middle={"end": NOW + DAY})
    result = judged(issued, Anchors(certificates=(root.der,)))
    assert result == ChainResult("trusted", root.sha256, direct=False, valid_until=NOW + DAY)
    result = judged(issued, Anchors(fingerprints=frozenset({middle.sha256})))
    assert (result.anchor_sha256, result.direct) == (middle.sha256, False)
    result = judged(issued, Anchors(fingerprints=frozenset({leaf.sha256, root.sha256})))
    assert result == ChainResult("trusted", leaf.sha256, direct=True, valid_until=NOW + YEAR)
    assert judged(issued, Anchors()) == ChainResult("unknown", "", direct=False, valid_until=NOW + YEAR)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (NOW - YEAR, "trusted"),
        (NOW - YEAR - dt.timedelta(seconds=1), "not_yet_valid"),
        (NOW + YEAR, "trusted"),
        (NOW + YEAR + dt.timedelta(seconds=1), "expired"),
    ],
)
def test_both_ends_of_validity_belong_to_it(at: dt.datetime, status: str) -> None:
    leaf = signer("Self")
    assert judged([leaf], Anchors(certificates=(leaf.der,)), at=at).status == status


def test_self_issued_certificate_is_trusted_by_itself_only() -> None:
    leaf, twin = signer("Self"), signer("Self", key=pki.key_of("p256", 5))
    assert judged([leaf], Anchors(certificates=(leaf.der,))).direct
    assert judged([leaf], Anchors(certificates=(twin.der,))).status == "unknown"


def test_signer_cannot_issue_for_others() -> None:
    """Who holds a trusted sealing key can't make another organisation trusted with it."""
    leaf = signer("Self")
    forged = signer("Other", leaf)
    result = judged([leaf, forged], Anchors(certificates=(leaf.der,)))
    assert (result.status, result.reason) == ("unusable", "an issuer that isn't a certification authority")


def test_fingerprint_of_an_issuer_that_is_not_there() -> None:
    root, middle, leaf = three()
    anchors = Anchors(fingerprints=frozenset({root.sha256}))
    assert check(leaf.der, [middle.der], anchors, NOW, "seal").status == "unknown"
    assert check(leaf.der, [middle.der, root.der], anchors, NOW, "seal").status == "trusted"


def test_issuer_from_the_anchors_without_the_chain() -> None:
    root, middle, leaf = three()
    assert check(leaf.der, [], Anchors(certificates=(middle.der,)), NOW, "seal").status == "trusted"
    assert check(leaf.der, [], Anchors(certificates=(root.der, middle.der)), NOW, "seal").status == "trusted"
    assert check(leaf.der, [], Anchors(certificates=(root.der,)), NOW, "seal").status == "unknown"


def test_too_deep_is_unknown() -> None:
    issued = deep(9)
    assert judged(issued, Anchors(certificates=(issued[0].der,))).status == "unknown"
    assert judged(issued, Anchors(certificates=(issued[1].der,))).status == "trusted"


def test_the_better_of_two_issuers_counts() -> None:
    """An expired and a renewed certificate of the same authority, in either order."""
    root = authority("Root")
    old, new = authority("Middle", root, **PAST), authority("Middle", root)
    leaf = signer("Leaf", new)
    for others in ([old.der, new.der], [new.der, old.der]):
        assert check(leaf.der, others, Anchors(certificates=(root.der,)), NOW, "seal").status == "trusted"


@pytest.mark.parametrize(
    ("purposes", "critical", "seal", "timestamp"),
    [
        ([], False, "trusted", "unusable"),
        (STAMPING, True, "unusable", "trusted"),
        (STAMPING, False, "unusable", "unusable"),
        ([*STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION], True, "trusted", "unusable"),
        ([ExtendedKeyUsageOID.EMAIL_PROTECTION], True, "trusted", "unusable"),
        ([ExtendedKeyUsageOID.SERVER_AUTH], True, "unusable", "unusable"),
        ([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH], False, "trusted", "unusable"),
    ],
)
def test_purposes(
    purposes: list[oracle.ObjectIdentifier],
    critical: bool,  # noqa: FBT001
    seal: str,
    timestamp: str,
) -> None:
    root = authority("Root")
    leaf = signer("Leaf", root, purposes=purposes, purposes_critical=critical)
    for anchor in (root, leaf):
        anchors = Anchors(certificates=(anchor.der,))
        assert judged([root, leaf], anchors).status == seal
        assert judged([root, leaf], anchors, purpose="timestamp").status == timestamp


def test_purposes_of_an_issuer_bind_those_below() -> None:
    root = authority("Root")
    middle = authority("Middle", root, purposes=STAMPING)
    stamper = signer("TSA", middle, purposes=STAMPING)
    sealer = signer("Leaf", middle)
    anchors = Anchors(certificates=(root.der,))
    assert judged([root, middle, stamper], anchors, purpose="timestamp").status == "trusted"
    assert judged([root, middle, sealer], anchors).status == "unusable"
    mail = authority("Mail", root, purposes=[ExtendedKeyUsageOID.EMAIL_PROTECTION])
    stamper = signer("TSA", mail, purposes=STAMPING)
    assert judged([root, mail, stamper], anchors, purpose="timestamp").status == "unusable"


@pytest.mark.parametrize(
    "leaf",
    [
        authority("CA as signer"),
        issue("No signing", ca=False, key_usage=pki.usage("key_encipherment")),
    ],
)
def test_certificate_that_is_not_for_signing(leaf: pki.Issued) -> None:
    assert judged([leaf], Anchors(certificates=(leaf.der,))).status == "unusable"


def test_link_by_an_unknown_algorithm_is_unusable() -> None:
    root = authority("Root", key=pki.key_of("ed25519"))
    leaf = signer("Leaf", root)
    result = judged([root, leaf], Anchors(certificates=(root.der,)))
    assert (result.status, result.reason) == ("unusable", "signature algorithm 1.3.101.112")


def test_link_by_sha1_is_unusable(tmp_path: Path) -> None:
    root = authority("Root", key=pki.key_of("rsa", 1))
    (tmp_path / "root.pem").write_bytes(root.pem + pki.key_pem(root.key))
    (tmp_path / "leaf.pem").write_bytes(pki.key_pem(pki.key_of("p256")))
    request = ["-new", "-subj", "/O=Leaf", "-key", tmp_path / "leaf.pem", "-out", tmp_path / "leaf.csr"]
    pki.openssl("req", *request)
    issuing = [
        "-req",
        "-sha1",
        "-in",
        tmp_path / "leaf.csr",
        "-CA",
        tmp_path / "root.pem",
        "-set_serial",
        "5",
    ]
    pki.openssl("x509", *issuing, "-outform", "DER", "-out", tmp_path / "leaf.der")
    leaf = (tmp_path / "leaf.der").read_bytes()
    result = check(leaf, [], Anchors(certificates=(root.der,)), NOW, "seal")
    assert (result.status, result.reason) == ("unusable", "signature algorithm 1.2.840.113549.1.1.5")


def test_search_is_bounded() -> None:
    """Sixty authorities of one name that all issue for each other."""
    root = authority("Knot")
    knot = [authority("Knot", root, key=pki.key_of("p256", 1)) for _ in range(60)]
    leaf = signer("Leaf", knot[0])
    result = judged([*knot, leaf], Anchors(fingerprints=frozenset({root.sha256})))
    assert result.status == "unknown"
    assert trust.MAX_STEPS < 60 * 60


def test_what_cannot_be_read() -> None:
    root, middle, leaf = three()
    anchors = Anchors(certificates=(b"nonsense", root.der))
    assert check(leaf.der, [b"", middle.der, b"\x30\x00"], anchors, NOW, "seal").status == "trusted"
    with pytest.raises(ValueError, match="not DER"):
        check(b"\x30\x00", [], anchors, NOW, "seal")
