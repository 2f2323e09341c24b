"""What went wrong with a place outside the vault."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One place that isn't as it should be; nothing is stopped by it.

    Attributes:
        place: the file, program or address; visible text.
        message: what is wrong, in the user's language, without a full stop.
        is_alarm: whether a person must look: the place contradicts this register or is ahead of it.
    """

    place: str
    message: str
    is_alarm: bool = False
