"""The finder of the notice, measured: announcements in calls under all conditions, sound without them, and speed.

Of each condition the table has the share of calls in which the place was told within 50 ms, by whatever grade; the
details have the grades. False grades are counted over sound of which each second is used once; the figure is the
upper bound of 95 % confidence for a window of 4 seconds.
"""

from collections.abc import Iterator

from tests.benchmarks.measure import Bench, Row


def rows(bench: Bench) -> Iterator[Row]:
    """All tables."""
    from tests.benchmarks.finder import tables  # noqa: PLC0415  numpy and av only when this part is run

    yield from tables.rows(bench)
