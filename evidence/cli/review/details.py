"""Everything about the chosen item, as text of several rows."""

from rich.text import Text

from evidence.cli.markers_shown import kind, rows_of, rows_of_suggestion
from evidence.cli.review import rowlist
from evidence.cli.review.items import EVERYTHING, MARKERS, OPEN, Item
from evidence.cli.review.state import State
from evidence.messages import t
from evidence.text import visible


def text(state: State) -> Text:
    """What is known of the chosen item; how to go on where there is none."""
    item = state.selected
    if item is None:
        return Text(t("review.list_empty_hint"))
    found = Text(f"{_title(item, state)}\n", style="bold")
    rows = list(rows_of(item.document) if item.is_marker else rows_of_suggestion(item.document))
    if item.is_marker and item.context:
        rows.insert(1, t("review.context", text=visible(item.context)))
    found.append("\n".join(rows), style="not bold")
    return found


def _title(item: Item, state: State) -> str:
    key = "review.title_marker" if item.is_marker else "review.title_suggestion"
    place = rowlist.where(item, state.moved)
    return t(key, n=item.number, kind=visible(kind(item.document)), where=place)


def filter_name(state: State) -> str:
    """What the list is narrowed to."""
    if state.filter in {EVERYTHING, OPEN, MARKERS}:
        return t(f"review.filter_{state.filter}")
    classes = (item.document for item in state.contents.items if item.document["class"] == state.filter)
    return kind(next(classes))
