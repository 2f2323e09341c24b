"""One archive, verified with its progress shown: what show, extract and explain begin with."""

from pathlib import Path
from typing import TYPE_CHECKING

from evidence.cli.options import split_trust
from evidence.cli.progress import progress

if TYPE_CHECKING:
    from evidence.verify.results import Verification


def verified(path: Path, trust: tuple[Path | str, ...]) -> "Verification":
    """Verify an archive, trusting what ``--trust`` names, or else the user's trust store.

    Raises:
        FormatError: it isn't an archive, or a trust file holds no certificate.
        OSError: a file can't be read.
    """
    from evidence.operations.seams import Seams
    from evidence.operations.verification import Request, Trust, Verifier

    with progress(0, str(path)) as bar:
        return Verifier(Request(trust=Trust(*split_trust(trust))), Seams()).verify(path, bar)
