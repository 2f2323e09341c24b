"""What the keys do to markers and suggestions, by way of the store."""

from collections.abc import Callable

from evidence.cli.review import heardform
from evidence.cli.review.forms import Form, Line, Values
from evidence.cli.review.items import Item
from evidence.cli.review.state import State
from evidence.cli.review.store import Store, new_marker
from evidence.cli.stated import text
from evidence.errors import UsageError
from evidence.messages import t
from evidence.operations.markers import changes
from evidence.verify.durations import clock


def accept(store: Store, state: State, item: Item) -> Item:
    """Accept a suggestion, at the place to which it was moved."""
    made = store.accept(item, _moved(state, item))
    state.moved.pop(item, None)
    return made


def save(store: Store, state: State, item: Item) -> None:
    """Save the place to which a marker was moved."""
    store.edit(item, _moved(state, item), "")
    state.moved.pop(item, None)


def _moved(state: State, item: Item) -> dict[str, int | None]:
    if item not in state.moved:
        return {}
    start, end = state.moved[item]
    return {
        **({"start_ms": start} if start != item.start else {}),
        **({"end_ms": end} if end != item.end else {}),
    }


def reject_form(store: Store, item: Item) -> Form:
    """Asks why a suggestion is rejected; nothing need be said."""
    lines = [Line("reason", t("review.field_reason"), hint=t("review.hint_optional"))]
    return Form(
        t("review.title_reject", n=item.number),
        lines,
        lambda values: store.reject(item, text(values["reason"])),
    )


def withdraw_form(store: Store, item: Item) -> Form:
    """Asks why a marker is withdrawn."""
    changes.require_holds(item.document)

    def take(values: Values) -> None:
        reason = text(values["reason"])
        if not reason:
            raise UsageError(t("review.no_reason"), "")
        store.withdraw(item, reason)

    return Form(t("review.title_withdraw", n=item.number), [Line("reason", t("review.field_reason"))], take)


def edit_form(store: Store, state: State, item: Item) -> Form:
    """What a marker says, or what is heard where something was suggested."""
    lines = heardform.lines(heardform.values_of(item, state.edges(item)), store.own)
    if item.is_marker:
        changes.require_holds(item.document)
        lines.append(Line("reason", t("review.field_reason"), hint=t("review.hint_optional")))
        return Form(t("review.title_edit", n=item.number), lines, _edit(store, state, item))

    def take(values: Values) -> Item:
        made = store.accept(item, heardform.changes_of(item, values, store.own))
        state.moved.pop(item, None)
        return made

    return Form(t("review.title_accept", n=item.number), lines, take)


def _edit(store: Store, state: State, item: Item) -> Callable[[Values], None]:
    def take(values: Values) -> None:
        wanted = heardform.changes_of(item, values, store.own)
        store.edit(item, wanted, text(values["reason"]))
        state.moved.pop(item, None)

    return take


def new_form(store: Store, state: State) -> Form:
    """A new marker at the cursor."""
    values = {"position": clock(state.cursor)}
    recording = state.recording

    def take(values: Values) -> Item:
        return store.add(new_marker(recording, heardform.options_of(values)))

    return Form(t("review.title_new"), heardform.lines(values, store.own), take)


def search_form(state: State) -> Form:
    """Asks what to look for; nothing: everything is shown."""
    lines = [Line("search", t("review.field_search"), state.search, t("review.hint_search"))]
    return Form(
        t("review.title_search"), lines, lambda values: state.narrow(state.filter, values["search"].strip())
    )
