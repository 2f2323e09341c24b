"""The public vectors, as questions to both verifiers."""

from functools import cache

from evidence import strict
from tests.browser.altered.asked import Asked
from tests.vectors import test_vectors as vectors


def names() -> list[str]:
    """Their names, in order."""
    return vectors.NAMES


@cache
def asked(name: str) -> Asked:
    """The vector of that name with the verifier's side that its document names."""
    told = vectors.read(name)
    return Asked(
        archive=(vectors.FOLDER / f"{name}.asice").read_bytes(),
        now=strict.timestamp(told["now"]),
        anchors=vectors.anchors(told["trust"]),
        tsa_anchors=vectors.anchors(told["trust_tsa"]),
        at=told["at"] and strict.timestamp(told["at"]),
        register=vectors.content(told["register"]),
        checkpoint=vectors.content(told["checkpoint"]),
        complete=told["require"] == "complete",
        sidecar=vectors.content(told["proof"]),
    )
