"""What an audit and the doctor can find, and how grave it is.

Codes are stable: scripts and operators' notes rest on them. What a code means stands in the catalogues
(``audit.CODE``, ``doctor.CODE``, ``pbx.CODE``), what to do next in ``CODE_next`` beside it.
"""

from collections.abc import Callable
from enum import Enum

from evidence.errors import ExitCode
from evidence.findings import Finding
from evidence.messages import t
from evidence.text import visible

Found = Callable[[Finding], None]
"""Takes a finding as soon as it is made."""


class Grade(Enum):
    """How grave a finding is, the gravest first."""

    FAILED = "FAILED"
    UNREADABLE = "UNREADABLE"
    INDETERMINATE = "INDETERMINATE"
    ALARM = "ALARM"
    NOTE = "NOTE"


EXIT = {
    Grade.FAILED: ExitCode.FAILED,
    Grade.UNREADABLE: ExitCode.STORE,
    Grade.INDETERMINATE: ExitCode.INDETERMINATE,
    Grade.ALARM: ExitCode.QUARANTINED,
    Grade.NOTE: ExitCode.DONE,
}

_F, _U, _I, _A, _N = Grade.FAILED, Grade.UNREADABLE, Grade.INDETERMINATE, Grade.ALARM, Grade.NOTE

AUDIT = {
    # the register
    "REGISTER_ALTERED": _F,
    "REGISTER_GAP": _F,
    "REGISTER_CHAIN": _F,
    "REGISTER_TREE": _F,
    "REGISTER_CHECKPOINT": _F,
    "REGISTER_ROLLBACK": _F,
    "REGISTER_FORK": _F,
    "REGISTER_FORMER_AHEAD": _F,
    "REGISTER_HEAD_MISSING": _F,
    "REGISTER_HEAD_UNREADABLE": _F,
    "REGISTER_DOUBLE": _F,
    # archives
    "ARCHIVE_MISSING": _F,
    "ARCHIVE_ALTERED": _F,
    "ARCHIVE_UNKNOWN": _F,
    "ARCHIVE_DOUBLED": _F,
    "ARCHIVE_FORK": _F,
    "ARCHIVE_VOIDED": _I,
    "ARCHIVE_UNDECIDED": _I,
    "ARCHIVE_UNREADABLE": _U,
    "FOLDER_UNREADABLE": _U,
    "ARCHIVE_COPIED": _A,
    "ARCHIVE_MISPLACED": _A,
    "FOREIGN_FILE": _A,
    "ENTRY_COPY_ALTERED": _A,
    # what was left lying
    "SEAL_UNFINISHED": _A,
    "STAGING_LEFTOVER": _A,
    "RECEIPTS_UNSEALED": _A,
    "RECEIPTS_UNREADABLE": _A,
    "QUARANTINE_NOT_EMPTY": _A,
    # times and certificates
    "SEAL_OVERDUE": _A,
    "STAMPS_PENDING": _N,  # ordinary: a batch seals whether an authority answers or not
    "STAMPS_OVERDUE": _A,
    "STAMP_LOST": _A,
    "STAMP_DAMAGED": _A,
    "PROOF_FILE_DAMAGED": _A,
    "CLOCK_BACK": _A,
    "CERTIFICATE_EXPIRING": _A,
    "CERTIFICATE_EXPIRED": _A,
    "CERTIFICATE_UNREADABLE": _A,
    "TSA_CERTIFICATE_EXPIRING": _A,
    "TSA_CERTIFICATE_EXPIRED": _A,
    "TSA_ROOT_EXPIRING": _A,
    "TSA_ROOT_EXPIRED": _A,
    "TSA_ROOTS_UNREADABLE": _A,
    # calls and second places
    "CALL_UNSEALED": _A,
    "CALLS_UNREADABLE": _I,
    "SECOND_PLACE": _A,
    "SECOND_PLACE_CONTRADICTS": _F,
    # custody records and notices
    "CUSTODY_ALTERED": _F,
    "CUSTODY_MISSING": _A,
    "CUSTODY_UNREADABLE": _U,
    "NOTICE_ALTERED": _F,
    "NOTICE_MISSING": _A,
}
"""What `audit` finds; the doctor shares some of it."""

DOCTOR = {
    "CLOCK_IMPLAUSIBLE": _A,
    "CLOCK_BEHIND_STAMP": _A,
    "DISK_LOW": _A,
    "DISK_INODES": _A,
    "NOT_WRITABLE": _A,
    "NO_HARD_LINKS": _A,
    "KEY_MISSING": _A,
    "KEY_OPEN": _A,
    "KEY_NEEDS_PASSPHRASE": _A,
    "KEY_UNUSABLE": _A,
    "TSA_NONE": _A,
    "TSA_UNANSWERED": _A,
    "WITNESS_UNANSWERED": _A,
    "SECOND_PLACE_NONE": _N,
    "SECOND_PLACE_UNREACHABLE": _A,
    "BATCH_STUCK": _A,
    "LOCK_STALE": _N,
}
"""What only the doctor finds."""

PBX = {
    # how it records
    "PBX_NOT_RECORDED": _A,
    "PBX_MIXMONITOR_BRIDGED": _A,
    "PBX_RECORDING_DELAYED": _A,
    "PBX_RECORDING_DELETED": _A,
    "PBX_STEREO_NOT_RAW": _A,
    "PBX_OVERWRITTEN": _A,
    "PBX_POST_COMMAND": _A,
    "PBX_POST_UNKNOWN": _N,
    "PBX_VOLUME_CHANGED": _N,
    "PBX_MIXED_CHANNELS": _N,
    "PBX_LOSSY_FORMAT": _N,
    # the notice
    "PBX_RECORDING_AFTER_NOTICE": _A,
    "PBX_RECORDING_UNDECIDED": _N,
    "PBX_RECORDING_AFTER_SOUND": _N,
    "PBX_NOTICE_UNKNOWN": _A,
    "PBX_NOTICE_NOT_PLAYED": _A,
    "PBX_NOTICE_TO_AGENT": _A,
    "PBX_NOTICE_SOUND_DIFFERS": _A,
    "PBX_NOTICE_SOUND_MISSING": _A,
    "PBX_NOTICE_SOUND_OTHER_FORMAT": _N,
    # what it writes down
    "PBX_CEL_OFF": _A,
    "PBX_CEL_EVENTS": _A,
    "PBX_CEL_APPS": _A,
    "PBX_CEL_NO_BACKEND": _A,
    "PBX_CDR_OFF": _A,
    "PBX_CDR_UTC": _N,
    "PBX_QUEUE_LOG_OFF": _A,
    # what couldn't be looked at
    "PBX_NO_DIALPLAN": _A,
    "PBX_CONFIG_UNREADABLE": _A,
    "PBX_INCLUDE_MISSING": _A,
    "PBX_CONFIG_ELSEWHERE": _N,
    "PBX_MORE": _N,
}
"""What the doctor finds in a PBX's configuration; its words are in the catalogue ``pbx``."""

GRADES = {**AUDIT, **DOCTOR, **PBX}


def grade(finding: Finding) -> Grade:
    """How grave a finding is."""
    return GRADES[finding.code]


def sentence(finding: Finding) -> str:
    """What was found, one sentence; untrusted text in it comes out harmless."""
    return _words(finding, finding.code)


def next_step(finding: Finding) -> str:
    """What to do next."""
    return _words(finding, f"{finding.code}_next")


def _words(finding: Finding, key: str) -> str:
    """A message of the catalogue that has the code's."""
    if finding.code in AUDIT:
        return t(f"audit.{key}", **_values(finding))
    if finding.code in PBX:
        return t(f"pbx.{key}", **_values(finding))
    return t(f"doctor.{key}", **_values(finding))


def _values(finding: Finding) -> dict[str, str | int]:
    values = {"subject": finding.subject, **finding.params}
    if "n" not in values:  # plural forms go by the entries of the head that it is about
        values["n"] = finding.params.get("seen", finding.params.get("size", 0))
    return {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
