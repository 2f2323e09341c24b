"""An item of an inbox, read: in whatever process or host seals it."""

from evidence.entropy import Entropy, system_entropy
from evidence.errors import FormatError
from evidence.intake.folder import IncidentFolder, ensure_uid, read_folder
from evidence.intake.inbox import folders, sidecars, sources, statements, table, virtual
from evidence.intake.inbox.model import CALL, FOLDER, Item, Rows
from evidence.intake.inbox.rules import InboxMapping
from evidence.intake.inbox.settling import name_of
from evidence.intake.inbox.virtual import Paper
from evidence.messages import t
from evidence.text import visible


def read(item: Item, entropy: Entropy = system_entropy) -> IncidentFolder:
    """The incident folder of an item; a virtual one, without uid, where there is no folder.

    Nothing is copied. What is read and what is archived are the same bytes, or sealing refuses.

    Args:
        item: as ``scan`` told it.
        entropy: makes the uid of a folder that has none.

    Raises:
        Unsettled: what it is made of has changed since the scan; the next scan tells it anew.
        StoreError: the file system refuses; nothing is wrong with the item itself.
        UsageError, FormatError, StateError: it can't be sealed as it is.
    """
    if item.kind == FOLDER:
        folders.require_same(item)
        return ensure_uid(read_folder(item.originals[0]), entropy)
    sources.require_same(item)
    return _call(item) if item.kind == CALL else _drop(item)


def _drop(item: Item) -> IncidentFolder:
    recordings = {name_of(seen.path): seen for seen in item.recordings}
    if item.sidecar is None:
        name = name_of(item.recordings[0].path)
        stem = name.rpartition(".")[0] or name
        return virtual.folder(item.inbox, statements.of_name(name, stem, item.zone), item.recordings, ())
    name = name_of(item.sidecar.path)
    data = sources.read_sidecar(item.sidecar)
    sidecar = sidecars.Sidecar(item.inbox, name, data, item.mapping)
    told = sidecar.recordings()
    absent = [file for file in told if file not in recordings]
    if absent:
        raise sidecars.names_other(name, absent[0])
    present = [*told, *(file for file in recordings if file not in told)]
    document = sidecar.document(present, item.zone)
    role = "other" if item.mapping is None else "pbx"
    paper = Paper(name, data, role, t("inbox.title_sidecar"), item.sidecar.path)
    return virtual.folder(item.inbox, document, item.recordings, [paper])


def _call(item: Item) -> IncidentFolder:
    if item.mapping is None:
        raise ValueError("a call without a mapping")
    name = name_of(item.recordings[0].path)
    parts, titles, values = [], [], []
    for rows in item.rows:
        header, found = sources.read_rows(rows)
        parts += [*([header] if header else []), *found]
        titles.append(_title(rows))
        values += [_values(item.mapping, header, data) for data in found]
    stem = name.rpartition(".")[0] or name
    mapping = item.mapping

    def said(field: str) -> str:
        column = mapping.source(field)
        return next((row[column] for row in values if row.get(column, "").strip()), "") if column else ""

    try:
        document = statements.of_mapping(mapping, said, stem, [name], item.zone)
    except ValueError as error:
        raise FormatError(t("inbox.unreadable_row"), t("inbox.unreadable_row_hint")) from error
    ended = [part if part.endswith(b"\n") else part + b"\n" for part in parts[:-1]]
    data = b"".join([*ended, *parts[-1:]])
    paper = Paper(table.CDR, data, "pbx", "; ".join(titles)[:300])
    return virtual.folder(item.inbox, document, item.recordings, [paper])


def _values(mapping: InboxMapping, header: bytes | None, data: bytes) -> dict[str, str]:
    try:
        return dict(table.read(mapping, table.columns(mapping, header), data))
    except table.RowProblem as error:
        raise FormatError(t("inbox.unreadable_row"), t("inbox.unreadable_row_hint")) from error


def _title(rows: Rows) -> str:
    lines = ", ".join(str(row.line) for row in rows.rows[:20])
    name = visible(name_of(rows.file))
    return t("inbox.title_rows", n=len(rows.rows), file=name, lines=lines)
