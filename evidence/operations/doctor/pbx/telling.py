"""Findings about a PBX: where, and which line to change into what."""

from evidence.findings import Finding
from evidence.intake.dialplan.settings import Setting
from evidence.intake.dialplan.steps import Step
from evidence.messages import t
from evidence.operations.audit.findings import Found

MOST = 20
"""Findings of one code that are told; how many more there are is told in the end."""

_LONGEST = 300
_GENERATED = ("_additional.conf", "freepbx.conf")


class Telling:
    """Passes findings on, of each code not too many.

    Args:
        found: takes findings.
    """

    def __init__(self, found: Found) -> None:
        self._found = found
        self._counts: dict[str, int] = {}

    def __call__(self, finding: Finding) -> None:
        """Take a finding."""
        count = self._counts[finding.code] = self._counts.get(finding.code, 0) + 1
        if count <= MOST:
            self._found(finding)

    def close(self) -> None:
        """Tell how many findings weren't told."""
        for code, count in self._counts.items():
            if count > MOST:
                self._found(Finding("PBX_MORE", code, {"n": count - MOST}))


def place(at: Step | Setting) -> str:
    """File and line."""
    return f"{at.file}:{at.line}"


def shown(text: str) -> str:
    """A text of the configuration, cut short."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def change(at: Step | Setting, to: str) -> str:
    """What to do: change this line into that; in a file that FreePBX writes, by its web pages."""
    where = "pbx.change_freepbx" if at.file.endswith(_GENERATED) else "pbx.change"
    return t(where, place=place(at), to=shown(to))
