"""Signatures that openssl made: which are read, and which are refused."""

from pathlib import Path

import pytest

from evidence.crypto import cades
from tests.crypto import pki
from tests.crypto.test_cades import CONTENT


@pytest.mark.parametrize("kind", ["p256", "p384", "p521", "rsa"])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_signatures_of_openssl_are_read(kind: str, digest: str, tmp_path: Path) -> None:
    signature, leaf = signed_by_openssl(tmp_path, "-cades", "-md", digest, kind=kind)
    read = cades.verify(signature, CONTENT)
    assert (read.certificate, read.digest_name) == (leaf.der, digest)
    with pytest.raises(cades.SignatureBroken):
        cades.verify(signature, CONTENT + b" ")


def signed_by_openssl(folder: Path, *options: str, kind: str = "p256") -> tuple[bytes, pki.Issued]:
    leaf = pki.signer("Company", key=pki.key_of(kind))
    (folder / "leaf.pem").write_bytes(leaf.pem + pki.key_pem(leaf.key))
    (folder / "content").write_bytes(CONTENT)
    arguments = ["cms", "-sign", "-binary", "-outform", "DER", "-nosmimecap"]
    files = ["-in", folder / "content", "-out", folder / "out.p7s", "-signer", folder / "leaf.pem"]
    pki.openssl(*arguments, *files, *options)
    return (folder / "out.p7s").read_bytes(), leaf


def test_signer_named_by_key_identifier(tmp_path: Path) -> None:
    signature, leaf = signed_by_openssl(tmp_path, "-cades", "-keyid")
    assert cades.verify(signature, CONTENT).certificate == leaf.der


@pytest.mark.parametrize(
    ("options", "kind", "problem"),
    [
        (["-cades", "-md", "sha1"], "p256", cades.SignatureUnsupported),
        (["-cades", "-md", "sha3-256"], "rsa", cades.SignatureUnsupported),
        (["-cades", "-keyopt", "rsa_padding_mode:pss"], "rsa", cades.SignatureUnsupported),
        (["-cades"], "k256", cades.SignatureUnsupported),
        (["-cades", "-nodetach"], "p256", cades.SignatureMalformed),
        (["-cades", "-nocerts"], "p256", cades.SignatureMalformed),
        (["-noattr"], "p256", cades.SignatureMalformed),
        ([], "p256", cades.CertificateMismatch),
    ],
)
def test_what_openssl_makes_and_we_refuse(
    options: list[str], kind: str, problem: type[ValueError], tmp_path: Path
) -> None:
    signature, _ = signed_by_openssl(tmp_path, *options, kind=kind)
    with pytest.raises(problem):
        cades.verify(signature, CONTENT)


def test_two_signers_are_refused(tmp_path: Path) -> None:
    second = pki.signer("Second", key=pki.key_of("p384"))
    (tmp_path / "second.pem").write_bytes(second.pem + pki.key_pem(second.key))
    signature, _ = signed_by_openssl(tmp_path, "-cades", "-signer", str(tmp_path / "second.pem"))
    with pytest.raises(cades.SignatureMalformed, match="2 signers"):
        cades.parse(signature)
