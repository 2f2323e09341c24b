"""One thing worth mending in an incident before it is sealed."""

from dataclasses import dataclass, field

from evidence.messages import t


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing worth mending.

    Attributes:
        code: of the messages ``intake.gap_<code>`` and ``intake.gap_<code>_hint``.
        params: values for both; untrusted text among them is already visible.
    """

    code: str
    params: dict[str, str | int] = field(default_factory=dict)


def message(gap: Gap, number: str) -> tuple[str, str]:
    """What a gap of the incident of that number says and how to mend it, in the user's language."""
    name = f"intake.gap_{gap.code}"
    return t(name, **gap.params), t(f"{name}_hint", **gap.params, number=number)


def clock(milliseconds: int) -> str:
    """A length or a place in a recording, rounded down to tenths: ``1:02:03.4``, ``2:03.4``."""
    minutes, tenths = divmod(milliseconds // 100, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{tenths // 10:02d}.{tenths % 10}"
