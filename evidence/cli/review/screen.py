"""The screen: what is shown, and what each key does."""

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from evidence.cli.review import acts, details, rowlist, timeline
from evidence.cli.review.forms import Form, Page
from evidence.cli.review.items import Item
from evidence.cli.review.keys import BINDINGS
from evidence.cli.review.parts import Drawing
from evidence.cli.review.sound import Drawn, Played, Sound
from evidence.cli.review.state import State
from evidence.cli.review.store import Store
from evidence.cli.waveform import Style
from evidence.errors import EvidenceError
from evidence.messages import t
from evidence.operations.listening import Player
from evidence.text import visible
from evidence.verify.durations import clock

AHEAD_MS, BEHIND_MS = 1000, 1000
"""How much is heard ahead of an item, and behind a point."""
POINT_AHEAD_MS = 5000
"""The same ahead of a point: a key is pressed after the words."""
LISTEN_MS = 15_000
"""How much is heard from the cursor on."""
_LOW, _HIGH, _MOST_ROWS = 24, 34, 4


class Told(Message):
    """What another thread found out about the sound."""

    def __init__(self, what: Drawn | Played) -> None:
        super().__init__()
        self.what = what


class ReviewScreen(Screen[None]):
    """Time line, list, details.

    Args:
        store: the incident.
        player: plays sound; None where nothing can be heard.
        style: the characters of sound and markers.
    """

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(self, store: Store, player: Player | None, style: Style) -> None:
        super().__init__()
        self._style = style
        self.store = store
        self.state = State(store.load())
        self.state.update(self.state.contents)
        self.state.move(0)
        self.sound = Sound(store.opened, player, self._hear)
        self._waves: dict[str, Drawn] = {}
        self._leaving = False
        self._elsewhere = ""

    def compose(self) -> ComposeResult:
        """The parts, from top to bottom."""
        yield Drawing(self._head, "head")
        yield Drawing(self._timeline, "timeline")
        yield Drawing(self._list, "list")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static(id="text")
        yield Static(id="said")
        yield Static(Text(t("review.keys"), style="dim", no_wrap=True), id="keys")

    def on_mount(self) -> None:
        """Draw everything."""
        self.show()

    def on_resize(self) -> None:
        """Give the time line as many rows as it needs now."""
        self.show()

    def on_unmount(self) -> None:
        """End what still goes on."""
        self.sound.close()

    # What is shown

    def show(self) -> None:
        """Draw everything anew."""
        self._leaving = False
        if self.state.recording:
            self.sound.draw(self.state.recording)
        self.query_one("#timeline").styles.height = len(self._timeline(self.size.width, 0))
        for part in self.query(Drawing):
            part.refresh()
        self.query_one("#text", Static).update(details.text(self.state))

    def say(self, message: str, hint: str = "") -> None:
        """Tell something in the line above the keys; harmless text."""
        said = Text(message, style="bold")
        if hint:
            said.append(f" - {hint}", style="not bold")
        self.query_one("#said", Static).update(said)

    def _head(self, width: int, _height: int) -> list[Text]:
        state = self.state
        names = list(state.contents.recordings)
        parts = [visible(state.contents.number)]
        if state.known is not None:
            length = state.known.milliseconds
            which = f" ({names.index(state.recording) + 1}/{len(names)})" if len(names) > 1 else ""
            parts.append(f"{'?' if length is None else clock(length)}{which} {visible(state.recording)}")
        if state.zoom:
            parts.insert(1, t("review.zoomed", times=str(1 << state.zoom)))
        narrowed = [details.filter_name(state)] if state.filter != "everything" else []
        narrowed += [f"/{visible(state.search)}"] if state.search else []
        said = "  ".join([*narrowed, visible(self.store.by)])[: width // 2]
        room = max(width - cell_len(said) - 2, 10)
        head = rowlist.fitted("  ".join(parts), room) + "  " + said
        return [Text(head, style="bold reverse", no_wrap=True)]

    def _timeline(self, width: int, _height: int) -> list[Text]:
        state = self.state
        if state.known is None:
            return [Text(t("review.no_recording"))]
        drawn = self._waves.get(state.recording, Drawn(state.recording, None, ""))
        begin, end = state.window
        view = timeline.View(
            state.known,
            begin,
            end,
            state.cursor,
            drawn.waveform,
            drawn.said,
            state.contents.items,
            state.selected,
            state.moved,
            self._style,
        )
        return timeline.rows(
            view, width, self._channel_rows(len(drawn.waveform.channels) if drawn.waveform else 1)
        )

    def _channel_rows(self, channels: int) -> int:
        """Rows for each channel: one on the smallest screen, more where there is room."""
        spare = max(self.size.height - _LOW, 0) // 3
        return max(1, min(_MOST_ROWS, 1 + spare // max(channels, 1)))

    def _list(self, width: int, height: int) -> list[Text]:
        rows = rowlist.Rows(self.state.shown, self.state.place, self.state.moved)
        return rowlist.drawn(rows, width, height)

    def _hear(self, told: Drawn | Played) -> None:
        """Take what another thread tells."""
        self.post_message(Told(told))

    def on_told(self, message: Told) -> None:
        """Show what became known about the sound."""
        told = message.what
        if isinstance(told, Drawn):
            self._waves[told.recording] = told
            self.show()
        elif told.problem:
            self.say(told.problem, self._elsewhere)
        else:
            self.say("")

    # Looking round

    def action_move(self, by: int) -> None:
        """Choose another item."""
        self.state.move(by)
        self.say("")
        self.query_one("#detail").scroll_home(animate=False)
        self.show()

    def action_read(self, pages: int) -> None:
        """Turn the pages of the details."""
        detail = self.query_one("#detail")
        detail.scroll_relative(y=pages * max(1, detail.size.height - 1), animate=False)

    def action_cursor(self, by: int) -> None:
        """Move the cursor."""
        self.state.move_cursor(by)
        self.show()

    def action_zoom(self, by: int) -> None:
        """Draw a shorter or a longer part."""
        self.state.magnify(by)
        self.show()

    def action_next_recording(self) -> None:
        """Draw the next recording."""
        self.state.next_recording()
        self.show()

    def action_filter(self) -> None:
        """Show the next part of the list."""
        self.state.narrow(self.state.next_filter(), self.state.search)
        self.say(t("review.filtered", name=details.filter_name(self.state)))
        self.show()

    def action_search(self) -> None:
        """Ask what to look for."""
        self._fill(lambda: acts.search_form(self.state), "")

    def action_help(self) -> None:
        """Tell what the keys do."""
        self.app.push_screen(Page(t("review.help_page")))

    # Listening

    def action_play(self) -> None:
        """Play the chosen item, or stop."""
        if self.state.selected is None:
            self.action_listen()
            return
        start, end = self.state.edges(self.state.selected)
        if end is None:
            self._play(start - POINT_AHEAD_MS, start + BEHIND_MS)
        else:
            self._play(start - AHEAD_MS, end)

    def action_listen(self) -> None:
        """Play from the cursor on, or stop."""
        self._play(self.state.cursor, self.state.cursor + LISTEN_MS)

    def _play(self, start: int, end: int) -> None:
        if self.sound.is_playing:
            self.sound.stop()
            self.say(t("review.stopped"))
            return
        if self.state.known is None:
            return
        start, end = max(0, start), min(end, max(self.state.length, start + 1))
        place = {"begin": clock(start), "end": clock(end)}
        self._elsewhere = t("review.elsewhere", file=visible(self.state.recording), **place)
        if self.sound.player is None:
            self.say(t("review.no_player"), self._elsewhere)
            return
        self.sound.play(self.state.recording, start, end)
        self.say(t("review.playing", **place))

    # What a person does

    def action_edge(self, edge: str, by: int) -> None:
        """Move an edge of the chosen item; nothing is saved yet."""
        item = self.state.selected
        if item is None or item.is_withdrawn:
            self.say(t("review.nothing_to_move"))
            return
        self.state.move_edge(item, edge, by)
        self.say(t("review.moved" if item.is_marker else "review.moved_suggestion"))
        self.show()

    def action_save(self) -> None:
        """Save the moved edges of the chosen marker."""
        item = self.state.selected
        if item is None or item not in self.state.moved:
            self.say(t("review.nothing_to_save"))
        elif not item.is_marker:
            self.say(t("review.moved_suggestion"))
        else:
            self._do(lambda: acts.save(self.store, self.state, item), t("review.saved"))

    def action_accept(self) -> None:
        """Make the chosen suggestion a marker."""
        item = self._chosen(is_marker=False)
        if item is not None:
            self._do(lambda: acts.accept(self.store, self.state, item), t("review.accepted"))

    def action_confirm(self) -> None:
        """Confirm the chosen marker."""
        item = self._chosen(is_marker=True)
        if item is not None:
            is_own = item.document["asserted_by"] == self.store.by
            done = t("review.confirms_oneself", n=item.number) if is_own else t("review.done_confirmed")
            self._do(lambda: self.store.confirm(item), done)

    def action_reject(self) -> None:
        """Reject the chosen suggestion, once it is said why, if at all."""
        item = self._chosen(is_marker=False)
        if item is not None:
            self._fill(lambda: acts.reject_form(self.store, item), t("review.done_rejected"))

    def action_withdraw(self) -> None:
        """Withdraw the chosen marker, once it is said why."""
        item = self._chosen(is_marker=True)
        if item is not None:
            self._fill(lambda: acts.withdraw_form(self.store, item), t("review.done_withdrawn"))

    def action_edit(self) -> None:
        """Correct the chosen marker, or accept a suggestion with what was heard otherwise."""
        item = self.state.selected
        if item is None:
            self.say(t("review.nothing_chosen"))
            return
        self._fill(lambda: acts.edit_form(self.store, self.state, item), t("review.saved"))

    def action_new(self) -> None:
        """Add a marker at the cursor."""
        if self.state.known is not None:
            self._fill(lambda: acts.new_form(self.store, self.state), t("review.added"))

    def action_undo(self) -> None:
        """Move edges back, or open a rejected suggestion again."""
        item = self.state.selected
        if item is not None and item in self.state.moved:
            del self.state.moved[item]
            self.say(t("review.moved_back"))
            self.show()
        elif item is not None and not item.is_marker and item.is_withdrawn:
            self._do(lambda: self.store.reopen(item), t("review.reopened"))
        else:
            self.say(t("review.nothing_to_undo"))

    def action_leave(self) -> None:
        """End; what was moved and not saved is told once."""
        if self.state.moved and not self._leaving:
            self._leaving = True
            self.say(t("review.not_saved", n=len(self.state.moved)))
            return
        self.app.exit()

    def _chosen(self, *, is_marker: bool) -> Item | None:
        """The chosen item if it is of that kind; else it is told what to do."""
        item = self.state.selected
        if item is None:
            self.say(t("review.nothing_chosen"))
        elif item.is_marker != is_marker:
            self.say(t("review.is_marker" if item.is_marker else "review.is_suggestion"))
            item = None
        return item

    def _do(self, act: Callable[[], Item | None], done: str) -> None:
        """Do something at once, and show the incident as it is then."""
        wanted: Item | None = None
        try:
            wanted = act()
        except EvidenceError as error:
            self._renew(wanted)
            self.say(f"! {error.message}", error.hint)
        else:
            if self._renew(wanted):
                self.say(done)

    def _fill(self, make: Callable[[], Form], done: str) -> None:
        """Have a form filled in, if there is one to be, and show the incident as it is then."""
        try:
            form = make()
        except EvidenceError as error:
            self.say(f"! {error.message}", error.hint)
        else:
            self.run_worker(self._filled(form, done))

    async def _filled(self, form: Form, done: str) -> None:
        was_taken = await self.app.push_screen_wait(form)
        if self._renew(form.made):
            self.say(done if was_taken else "")

    def _renew(self, wanted: Item | None) -> bool:
        """Read the incident again; False when it can't be read, which is told."""
        try:
            self.state.update(self.store.load(), wanted)
        except EvidenceError as error:
            self.say(f"! {error.message}", error.hint)
            return False
        finally:
            self.show()
        return True
