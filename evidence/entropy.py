"""The one source of randomness. Everything else is handed an Entropy."""

import os
from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Returns the given number of unpredictable bytes."""


def system_entropy(count: int) -> bytes:
    """Unpredictable bytes from the operating system."""
    return os.urandom(count)


def new_uuid(entropy: Entropy) -> str:
    """A random UUID (RFC 9562, version 4) in its usual lower-case form."""
    from uuid import UUID  # noqa: PLC0415  only where something is made

    return str(UUID(bytes=entropy(16), version=4))
