"""What a batch did (placeholder until merged)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormatCost:
    """What examining recordings of one format cost.

    Attributes:
        format: codec.
        recordings: how many.
        milliseconds: of sound, as far as known.
        cpu_ms: CPU time of the media process and its parent.
    """

    format: str
    recordings: int
    milliseconds: int
    cpu_ms: float


def total(costs: "list[FormatCost]") -> FormatCost:
    """The sum of costs of one format."""
    return FormatCost(
        costs[0].format,
        sum(cost.recordings for cost in costs),
        sum(cost.milliseconds for cost in costs),
        sum(cost.cpu_ms for cost in costs),
    )
