"""The parts of the screen that draw themselves anew for every size."""

from collections.abc import Callable

from rich.text import Text
from textual.widget import Widget

Draw = Callable[[int, int], list[Text]]
"""The rows for so many columns and rows."""


class Drawing(Widget):
    """Rows that are drawn for the room there is.

    Args:
        draw: makes the rows.
        name: of the part, for the style sheet.
    """

    def __init__(self, draw: Draw, name: str) -> None:
        super().__init__(id=name)
        self._draw = draw

    def render(self) -> Text:
        """The rows as they are now."""
        return Text("\n", no_wrap=True).join(self._draw(self.size.width, self.size.height))
