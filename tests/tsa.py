"""A real time-stamping authority for tests: ``openssl ts`` under a root of its own."""

import datetime as dt
from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.crypto import pki

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2045, 1, 1, tzinfo=dt.UTC)

_CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
crypto_device = builtin
"""


class Authority:
    """Stamps with the host's clock; keeps its files in a folder."""

    def __init__(self, folder: Path, name: str = "Test time stamps") -> None:
        self._folder = folder
        self.root = pki.authority(f"{name}, root", start=START, end=END)
        leaf = pki.signer(name, self.root, purposes=[ExtendedKeyUsageOID.TIME_STAMPING], start=START, end=END)
        (folder / "tsa.pem").write_bytes(leaf.pem)
        (folder / "key.pem").write_bytes(pki.key_pem(leaf.key))
        (folder / "serial").write_text("01\n")
        (folder / "ts.cnf").write_text(_CONFIG.format(folder=folder))

    def answer(self, query: bytes) -> bytes:
        """The answer to a request, DER TimeStampResp, as a server gives it."""
        asked, answer = self._folder / "asked.tsq", self._folder / "answer.tsr"
        asked.write_bytes(query)
        pki.openssl(
            *("ts", "-reply", "-config", self._folder / "ts.cnf", "-queryfile", asked),
            *("-signer", self._folder / "tsa.pem", "-inkey", self._folder / "key.pem", "-out", answer),
        )
        return answer.read_bytes()

    def stamp(self, data: bytes, digest: str = "sha256") -> bytes:
        """A bare token over data, DER."""
        (folder := self._folder).joinpath("data").write_bytes(data)
        query, token = folder / "query.tsq", folder / "token.tsr"
        pki.openssl("ts", "-query", "-data", folder / "data", f"-{digest}", "-cert", "-out", query)
        pki.openssl(
            *("ts", "-reply", "-config", folder / "ts.cnf", "-queryfile", query, "-token_out"),
            *("-signer", folder / "tsa.pem", "-inkey", folder / "key.pem", "-out", token),
        )
        return token.read_bytes()
