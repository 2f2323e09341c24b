"""Forms over the screen: a few lines to be filled in, and what must be told in full."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from evidence.cli.review.items import Item
from evidence.errors import EvidenceError
from evidence.messages import t

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form.

    Attributes:
        name: of the value.
        label: what it is called; harmless.
        value: what stands there at first.
        hint: shown while it is empty; harmless.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""


class Form(ModalScreen[bool]):
    """Lines to be filled in. Enter hands them over, Escape gives them up; True when they were taken.

    Args:
        title: what it is about; harmless.
        lines: what is asked for.
        take: does what was asked for; what it raises is shown, and the form stays. It returns what it made
            to be chosen, which ``made`` holds then.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[Line], take: Callable[[Values], Item | None]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._take = take
        self.made: Item | None = None

    def compose(self) -> ComposeResult:
        """Title, lines, and room for what is wrong."""
        with Vertical(classes="box"):
            yield Label(Text(self._title, style="bold"), classes="title")
            for line in self._lines:
                with Horizontal(classes="line"):
                    yield Label(Text(line.label), classes="label")
                    yield Input(line.value, line.hint, id=line.name, compact=True, select_on_focus=False)
            yield Static("", id="wrong")
            yield Label(Text(t("review.form_keys"), style="dim"))

    def on_input_submitted(self) -> None:
        """Hand the lines over."""
        values = {line.name: self.query_one(f"#{line.name}", Input).value for line in self._lines}
        try:
            self.made = self._take(values)
        except EvidenceError as error:
            said = f"! {error.message}" + (f" - {error.hint}" if error.hint else "")
            self.query_one("#wrong", Static).update(Text(said, style="bold"))
        else:
            self.dismiss(True)

    def action_give_up(self) -> None:
        """Leave everything as it was."""
        self.dismiss(False)


class Page(ModalScreen[None]):
    """A text to be read; any key closes it but those that scroll.

    Args:
        text: harmless.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,й,question_mark,space", "dismiss", show=False),
        Binding("down,j,о", "scroll(1)", show=False),
        Binding("up,k,л", "scroll(-1)", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a box."""
        with VerticalScroll(classes="box"):
            yield Static(Text(self._text))

    def action_scroll(self, rows: int) -> None:
        """Move the text by so many rows."""
        self.query_one(VerticalScroll).scroll_relative(y=rows, animate=False)
