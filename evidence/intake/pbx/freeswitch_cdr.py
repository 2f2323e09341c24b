"""FreeSWITCH's call detail records as CSV: the template ``example`` of mod_cdr_csv, or columns with a header.

Columns as of ``cdr_csv.conf.xml`` in FreeSWITCH's configuration "vanilla"; older ones end before the codecs.
"""

from collections.abc import Mapping

from evidence.intake.pbx.draft import Draft, kept
from evidence.model.pbxlog import CALL

COLUMNS = (
    *("caller_id_name", "caller_id_number", "destination_number", "context"),
    *("start_stamp", "answer_stamp", "end_stamp", "duration", "billsec", "hangup_cause"),
    *("uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec"),
)


def draft(cells: Mapping[str, str], line: int, last_line: int) -> Draft:
    """What a row says."""

    def cell(name: str) -> str:
        return cells.get(name, "")

    return Draft(
        line,
        last_line,
        CALL,
        at=cell("start_stamp"),
        until=cell("end_stamp"),
        length=cell("duration"),
        values=kept(
            id=cell("uuid"),
            peer_id=cell("bleg_uuid"),
            caller=cell("caller_id_number"),
            caller_name=cell("caller_id_name"),
            callee=cell("destination_number"),
            answered=cell("answer_stamp"),
            duration=cell("duration"),
            talked=cell("billsec"),
            disposition=cell("hangup_cause"),
        ),
    )
