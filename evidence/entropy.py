"""The one source of randomness. Everything else is handed an Entropy."""

import secrets
import uuid
from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Returns the given number of unpredictable bytes."""


def system_entropy(count: int) -> bytes:
    """Unpredictable bytes from the operating system."""
    return secrets.token_bytes(count)


def new_uuid(entropy: Entropy) -> str:
    """A random UUID (RFC 9562, version 4) in its usual lower-case form."""
    return str(uuid.UUID(bytes=entropy(16), version=4))
