"""Result types of verification: what was found, in which of the four results, how grave.

See FORMAT.md, "Verification".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum


class Status(IntEnum):
    """How grave; the verdict is the worst (the three of ETSI EN 319 102-1)."""

    PASSED = 0
    INDETERMINATE = 1
    FAILED = 2


class Result(Enum):
    """The four results a verdict is made of."""

    INTEGRITY = "integrity"
    SIGNER = "signer"
    TIME = "time"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result with a code.

    Attributes:
        code: one of the codes of FORMAT.md, e.g. ``MEMBER_ALTERED``.
        subject: what it is about, mostly a member's name; untrusted text.
        params: values for the message of that code; untrusted text.
    """

    code: str
    subject: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
