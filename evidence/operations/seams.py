"""The edges of the world, passed in so that tests can fix them."""

from dataclasses import dataclass, field

from evidence.clock import Clock, system_clock
from evidence.entropy import Entropy, system_entropy
from evidence.vault.durable import Durable
from evidence.vault.userstore import UserStore


@dataclass(frozen=True, slots=True)
class Seams:
    """Clock, randomness, file system and the user's own store."""

    clock: Clock = system_clock
    entropy: Entropy = system_entropy
    durable: Durable = field(default_factory=Durable)
    user: UserStore = field(default_factory=UserStore.of_user)
