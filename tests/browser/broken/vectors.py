"""The public vectors, with what each is verified with."""

from functools import cache

from tests.browser.both import Given
from tests.vectors.test_vectors import NAMES, content, read

__all__ = ["NAMES", "vector"]


@cache
def vector(name: str) -> Given:
    """The vector of that name."""
    told = read(name)
    archive, sidecar, export, checkpoint = (
        content(file) or b""
        for file in (f"{name}.asice", told["proof"], told["register"], told["checkpoint"])
    )
    return Given(
        archive,
        sidecar,
        export,
        checkpoint,
        told["trust"],
        told["trust_tsa"],
        told["now"],
        told["at"] or "",
        told["require"] or "",
    )
