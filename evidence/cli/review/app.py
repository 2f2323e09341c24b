"""The application of `evidence mark review`."""

from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType

from evidence.cli.review.screen import ReviewScreen
from evidence.cli.review.store import Store
from evidence.cli.waveform import style
from evidence.operations.listening import Player


class ReviewApp(App[None]):
    """One screen over the whole terminal, in the terminal's own colours.

    Args:
        store: the incident.
        player: plays sound; None where nothing can be heard.
    """

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = """
    Screen { layout: vertical; }
    #head, #keys { height: 1; }
    #list { height: 2fr; }
    #detail { height: 3fr; border-top: ascii $foreground; }
    #detail { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    #said { height: auto; max-height: 3; }
    ModalScreen { align: center middle; }
    .box { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; }
    .box { border: ascii $foreground; }
    .title { height: auto; }
    .line { height: 1; }
    .label { width: 16; }
    .line Input { width: 1fr; }
    #wrong { height: auto; }
    """

    def __init__(self, store: Store, player: Player | None) -> None:
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self._store = store
        self._player = player
        self._style = style()  # while stdout is the terminal's

    def get_default_screen(self) -> ReviewScreen:
        """The only screen."""
        return ReviewScreen(self._store, self._player, self._style)

    def _fatal_error(self) -> None:
        """End without the library's own report, which would show values; run tells the error."""
        self._close_messages_no_wait()


def run(store: Store, player: Player | None) -> None:
    """Show the screen until the person leaves it; an error in it is raised."""
    app = ReviewApp(store, player)
    app.run(mouse=False)
    failure: Any = app._exception  # noqa: SLF001  there is no other way to it
    if failure is not None:
        raise failure
