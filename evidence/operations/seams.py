"""The edges of the world, passed in so that tests can fix them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

from evidence.clock import Clock, system_clock
from evidence.entropy import Entropy, system_entropy
from evidence.vault.durable import Durable
from evidence.vault.userstore import UserStore

Post = Callable[[str, bytes, float], bytes]
"""Sends a time-stamp query to an address and returns the answer within that many seconds."""


def _post(url: str, query: bytes, timeout: float) -> bytes:
    from evidence.network import tsa  # noqa: PLC0415  slow to import, and most commands never ask

    return tsa.post(url, query, timeout)


@dataclass(frozen=True, slots=True)
class Seams:
    """Clock, randomness, file system, the user's own store, time-stamping authorities, waiting (seconds)."""

    clock: Clock = system_clock
    entropy: Entropy = system_entropy
    durable: Durable = field(default_factory=Durable)
    user: UserStore = field(default_factory=UserStore.of_user)
    post: Post = _post
    pause: Callable[[float], None] = sleep
