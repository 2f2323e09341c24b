"""Step 4 of FORMAT.md, "Verification": the signature over ASiCManifest001.xml, whoever signed."""

from dataclasses import replace

from evidence.container.names import ASIC_MANIFEST, SIGNATURE
from evidence.crypto import cades, certificates
from evidence.verify.state import State

MAX_SIGNATURE = 256 * 1024
"""Bytes of the longest signature001.p7s."""


def check(state: State) -> None:
    """Step 4. Where the signature is of another ASiCManifest001.xml, that list is nothing to go by."""
    if state.asic is None:
        return
    data = state.read(SIGNATURE, MAX_SIGNATURE, "SIGNATURE_MALFORMED")
    if data is None:
        return
    state.checks[4] = 1
    try:
        signature = cades.verify(data, state.asic)
        state.signer = certificates.facts(signature.certificate)
    except cades.SignatureMalformed as error:
        state.find("SIGNATURE_MALFORMED", SIGNATURE, reason=str(error))
    except cades.SignatureUnsupported as error:
        state.find("SIGNATURE_UNSUPPORTED", SIGNATURE, reason=str(error))
    except cades.ContentAltered as error:
        state.find("SIGNATURE_BROKEN", ASIC_MANIFEST, SIGNATURE, reason=str(error))
        state.listed = None
    except cades.SignatureBroken as error:
        state.find("SIGNATURE_BROKEN", SIGNATURE, reason=str(error))
    except cades.CertificateMismatch as error:
        state.find("CERTIFICATE_MISMATCH", SIGNATURE, reason=str(error))
    except ValueError as error:
        state.find("SIGNATURE_MALFORMED", SIGNATURE, reason=f"the signer's certificate: {error}")
    else:
        state.signature = signature
        state.claimed = replace(state.claimed, signing=signature.signing_time)
        state.finished.add(4)
