"""The table of verification rules: every code, its result, how grave it is, and its step.

Each code has a section in FORMAT.md and a broken archive among the tests' vectors that triggers exactly it.
What a code means in words stands in the message catalogues (``verify.CODE``).
"""

from dataclasses import dataclass

from evidence.findings import Result, Status


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of verification.

    Attributes:
        step: the numbered step of FORMAT.md that finds it.
        result: which of the four results it belongs to.
        status: how grave it is.
    """

    step: int
    result: Result
    status: Status


_F, _I = Status.FAILED, Status.INDETERMINATE
_INTEGRITY, _SIGNER, _TIME, _REGISTER = Result.INTEGRITY, Result.SIGNER, Result.TIME, Result.REGISTER

STEPS = {
    1: _INTEGRITY,  # the container: every byte accounted for
    2: _INTEGRITY,  # the member set and its order
    3: _INTEGRITY,  # ASiCManifest001.xml: its form, and the digest of every member it lists
    4: _SIGNER,  # signature001.p7s over ASiCManifest001.xml
    5: _INTEGRITY,  # manifest.json and SHA256SUMS agree with it
    6: _INTEGRITY,  # records: form, salt, and agreement with the exhibits
    7: _REGISTER,  # the register entry names this archive, signature and certificate
    8: _REGISTER,  # checkpoint signature and inclusion proof
    9: _TIME,  # time-stamp tokens over the checkpoint; order of times
    10: _SIGNER,  # the signer's certificate against the verifier's trust, at the proven time or now
    11: _REGISTER,  # a register export and a kept checkpoint from the verifier's side
}

RULES: dict[str, Rule] = {
    "CONTAINER_TRUNCATED": Rule(1, _INTEGRITY, _F),
    "CONTAINER_MALFORMED": Rule(1, _INTEGRITY, _F),
    "MEMBER_NAME": Rule(1, _INTEGRITY, _F),
    "MEMBER_DUPLICATE": Rule(1, _INTEGRITY, _F),
    "MEMBER_EXTRA": Rule(2, _INTEGRITY, _F),
    "MEMBER_MISSING": Rule(2, _INTEGRITY, _F),
    "MEMBER_ORDER": Rule(2, _INTEGRITY, _F),
    "ASIC_MANIFEST_MALFORMED": Rule(3, _INTEGRITY, _F),
    "DIGEST_UNSUPPORTED": Rule(3, _INTEGRITY, _I),
    "MEMBER_ALTERED": Rule(3, _INTEGRITY, _F),
    "MEMBER_CRC": Rule(3, _INTEGRITY, _F),
    "SIGNATURE_MALFORMED": Rule(4, _SIGNER, _F),
    "SIGNATURE_UNSUPPORTED": Rule(4, _SIGNER, _I),
    "SIGNATURE_BROKEN": Rule(4, _SIGNER, _F),
    "CERTIFICATE_MISMATCH": Rule(4, _SIGNER, _F),
    "MANIFEST_MALFORMED": Rule(5, _INTEGRITY, _F),
    "FORMAT_UNSUPPORTED": Rule(5, _INTEGRITY, _I),
    "MANIFEST_DISAGREES": Rule(5, _INTEGRITY, _F),
    "SUMS_DISAGREE": Rule(5, _INTEGRITY, _F),
    "RECORD_MALFORMED": Rule(6, _INTEGRITY, _F),
    "RECORD_DISAGREES": Rule(6, _INTEGRITY, _F),
    "ENTRY_MALFORMED": Rule(7, _REGISTER, _F),
    "ENTRY_DISAGREES": Rule(7, _REGISTER, _F),
    "PROOF_MALFORMED": Rule(8, _REGISTER, _F),
    "CHECKPOINT_BROKEN": Rule(8, _REGISTER, _F),
    "PROOF_BROKEN": Rule(8, _REGISTER, _F),
    "TOKEN_MISSING": Rule(9, _TIME, _I),
    "TOKEN_MALFORMED": Rule(9, _TIME, _F),
    "TOKEN_BROKEN": Rule(9, _TIME, _F),
    "TOKEN_UNSUPPORTED": Rule(9, _TIME, _I),
    "TSA_UNKNOWN": Rule(9, _TIME, _I),
    "TIME_ORDER": Rule(9, _TIME, _I),
    "SIGNER_UNKNOWN": Rule(10, _SIGNER, _I),
    "CERTIFICATE_EXPIRED": Rule(10, _SIGNER, _I),
    "CERTIFICATE_NOT_YET_VALID": Rule(10, _SIGNER, _I),
    "CERTIFICATE_UNUSABLE": Rule(10, _SIGNER, _I),
    "EXPORT_UNUSABLE": Rule(11, _REGISTER, _I),
    "REGISTER_CHAIN_BROKEN": Rule(11, _REGISTER, _F),
    "REGISTER_FORK": Rule(11, _REGISTER, _F),
    "REGISTER_ROLLBACK": Rule(11, _REGISTER, _F),
    "REGISTER_DOUBLE": Rule(11, _REGISTER, _F),
    "REGISTER_VOIDED": Rule(11, _REGISTER, _I),
    "REGISTER_NOT_COVERED": Rule(11, _REGISTER, _I),
    "CHECKPOINT_UNUSABLE": Rule(11, _REGISTER, _I),
    "NOT_COMPLETE": Rule(2, _INTEGRITY, _I),
}
