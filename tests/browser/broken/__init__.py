"""Archives that are broken in one place and otherwise signed, registered and packed as they are."""

from collections.abc import Callable

from tests.browser.both import Given

Case = tuple[str, Callable[[], Given]]
"""What was done, and what makes it: few of them are made in one run."""
