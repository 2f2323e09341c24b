"""Why bytes of this package's formats are refused; the modules that callers use rename these to their own."""

from collections.abc import Iterator
from contextlib import contextmanager


class Malformed(ValueError):
    """The bytes aren't what they should be."""


class Unsupported(ValueError):
    """The bytes may be fine; they use an algorithm or a feature that isn't checked here."""


class SignerMissing(Unsupported):
    """The signer's certificate doesn't stand in the message."""


class Broken(ValueError):
    """The bytes are well-formed, and what they claim isn't true."""


class OtherContent(Broken):
    """The signature is over other content than this."""


class Mismatch(ValueError):
    """The signature doesn't name the certificate that stands beside it."""


@contextmanager
def renamed(
    malformed: type[ValueError],
    unsupported: type[ValueError],
    broken: type[ValueError],
    mismatch: type[ValueError],
) -> Iterator[None]:
    """Within it, problems leave as the given classes; every other ValueError leaves as ``malformed``."""
    try:
        yield
    except Unsupported as error:
        raise unsupported(str(error)) from error
    except Broken as error:
        raise broken(str(error)) from error
    except Mismatch as error:
        raise mismatch(str(error)) from error
    except ValueError as error:
        raise malformed(str(error)) from error
