"""Private keys encrypted by a passphrase: PKCS #8 with scrypt and AES-256-CBC (RFC 5958, 8018, 7914).

cryptography itself writes PBKDF2 with 2,048 rounds, which is soon guessed; it reads this form, and so does
openssl.
"""

import base64
from hashlib import scrypt

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from evidence.crypto.der import Oid, encode, tlv
from evidence.entropy import system_entropy

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 5
"""Costs 16 MiB and about 0.2 s; a bigger N is beyond openssl's memory limit."""

_PBES2 = "1.2.840.113549.1.5.13"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_AES_256_CBC = "2.16.840.1.101.3.4.1.42"
_BLOCK = 16
_KEY = 32


@asn1.sequence
class _Algorithm:
    algorithm: Oid
    parameters: asn1.TLV


@asn1.sequence
class _Scrypt:
    salt: bytes
    cost: int
    block_size: int
    parallelization: int


@asn1.sequence
class _Pbes2:
    derivation: _Algorithm
    encryption: _Algorithm


@asn1.sequence
class _EncryptedKey:
    algorithm: _Algorithm
    data: bytes


def encrypt(private_key: bytes, passphrase: bytes) -> bytes:
    """A DER PrivateKeyInfo encrypted by a passphrase, as PEM ``ENCRYPTED PRIVATE KEY``."""
    salt, iv = system_entropy(_BLOCK), system_entropy(_BLOCK)
    key = scrypt(passphrase, salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, dklen=_KEY)
    padding = _BLOCK - len(private_key) % _BLOCK
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(iv)).encryptor()
    data = encryptor.update(private_key + bytes([padding]) * padding) + encryptor.finalize()
    cost = _Scrypt(salt=salt, cost=SCRYPT_N, block_size=SCRYPT_R, parallelization=SCRYPT_P)
    scheme = _Pbes2(derivation=_algorithm(_SCRYPT, cost), encryption=_algorithm(_AES_256_CBC, iv))
    return _pem(encode(_EncryptedKey(algorithm=_algorithm(_PBES2, scheme), data=data)))


def _algorithm(oid: str, parameters: object) -> _Algorithm:
    return _Algorithm(algorithm=Oid(oid), parameters=tlv(encode(parameters)))


def _pem(der: bytes) -> bytes:
    lines = base64.encodebytes(der).replace(b"\n", b"")
    wrapped = b"\n".join(lines[i : i + 64] for i in range(0, len(lines), 64))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + wrapped + b"\n-----END ENCRYPTED PRIVATE KEY-----\n"
