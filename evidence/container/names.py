"""Names of members: what each stands for and in which order they stand (FORMAT.md, "Members")."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto

MIMETYPE_NAME = "mimetype"
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
VERIFY_TXT = "VERIFY.txt"
REPORT = "report.pdf"
ASIC_MANIFEST = "META-INF/ASiCManifest001.xml"
SIGNATURE = "META-INF/signature001.p7s"
ENTRY = "META-INF/register-entry.json"

MAX_NAME = 128
"""Characters in the longest name."""

_VALID = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")


class MemberKind(Enum):
    """What a member stands for, told by its name alone; in the order in which they stand in an archive."""

    MIMETYPE = auto()
    EXHIBIT = auto()
    RECORD = auto()
    DERIVED = auto()
    MANIFEST = auto()
    SUMS = auto()
    VERIFY_TXT = auto()
    ASIC_MANIFEST = auto()
    SIGNATURE = auto()
    ENTRY = auto()
    PROOF = auto()
    TOKEN = auto()
    KEY_PROOF = auto()
    LATER = auto()
    UNKNOWN = auto()

    @property
    def in_body(self) -> bool:
        """Whether ASiCManifest001.xml lists members of this kind."""
        return self in _BODY


_BODY = frozenset(
    {
        MemberKind.EXHIBIT,
        MemberKind.RECORD,
        MemberKind.DERIVED,
        MemberKind.MANIFEST,
        MemberKind.SUMS,
        MemberKind.VERIFY_TXT,
    }
)
_FIXED = {
    MIMETYPE_NAME: MemberKind.MIMETYPE,
    MANIFEST: MemberKind.MANIFEST,
    SUMS: MemberKind.SUMS,
    VERIFY_TXT: MemberKind.VERIFY_TXT,
    ASIC_MANIFEST: MemberKind.ASIC_MANIFEST,
    SIGNATURE: MemberKind.SIGNATURE,
    ENTRY: MemberKind.ENTRY,
    REPORT: MemberKind.DERIVED,
    "report.html": MemberKind.DERIVED,
}
_EXHIBIT = re.compile(r"exhibits/(E([1-9][0-9]{0,4}))(?:\.[a-z0-9]{1,8})?")
_TOKEN = re.compile(r"META-INF/register-(0[0-9]{2})-token-([1-9])\.tsr")
_PROOF = re.compile(r"META-INF/register-(0[0-9]{2})\.tlog-proof")
_KEY_PROOF = re.compile(r"META-INF/register-(0[0-9]{2})\.key-proof")
_LATER = re.compile(r"META-INF/([A-Za-z]+)([0-9]{3})\.(xml|p7s|tst)")
_LATER_FIRST = {
    ("ASiCManifest", "xml"): 2,
    ("signature", "p7s"): 2,
    ("ASiCArchiveManifest", "xml"): 1,
    ("timestamp", "tst"): 1,
}
_PATTERNS = (
    (_EXHIBIT, MemberKind.EXHIBIT),
    (re.compile(r"records/r-[0-9a-f]{8}\.json"), MemberKind.RECORD),
    (re.compile(r"access/.+"), MemberKind.DERIVED),
    (_PROOF, MemberKind.PROOF),
    (_TOKEN, MemberKind.TOKEN),
    (_KEY_PROOF, MemberKind.KEY_PROOF),
)
_NUMBERED = {MemberKind.PROOF: _PROOF, MemberKind.TOKEN: _TOKEN, MemberKind.KEY_PROOF: _KEY_PROOF}


def is_valid(name: str) -> bool:
    """Whether an archive may hold a member of that name: ASCII ``[A-Za-z0-9._-]`` in parts joined by ``/``.

    1 to 128 characters; no part is empty, ``.`` or ``..``.
    """
    if len(name) > MAX_NAME or not _VALID.fullmatch(name):
        return False
    return not any(part in {".", ".."} for part in name.split("/"))


def record_name(record_id: str) -> str:
    """``records/r-1f2e3d4c.json`` for ``r-1f2e3d4c``."""
    return f"records/{record_id}.json"


def proof_name(number: int) -> str:
    """Name of the inclusion proof of that number, from 1."""
    return f"META-INF/register-{number:03d}.tlog-proof"


def token_name(number: int, token: int) -> str:
    """Name of a time-stamp token (from 1) over the checkpoint of the proof of that number."""
    return f"META-INF/register-{number:03d}-token-{token}.tsr"


def key_proof_name(number: int) -> str:
    """Name of the proof that the key of the checkpoint of that number belongs to the register."""
    return f"META-INF/register-{number:03d}.key-proof"


def evidence_numbers(name: str) -> tuple[int, int]:
    """The number of a proof, token or key proof, and the token's own (else 0).

    Raises:
        ValueError: the name is none of these.
    """
    pattern = _NUMBERED.get(classify(name))
    match = pattern.fullmatch(name) if pattern else None
    if match is None:
        raise ValueError("not the name of a proof, token or key proof")
    return int(match[1]), int(match[2]) if match.re is _TOKEN else 0


def exhibit_id(name: str) -> str:
    """``E1`` of ``exhibits/E1.wav``.

    Raises:
        ValueError: the name isn't an exhibit's.
    """
    match = _EXHIBIT.fullmatch(name)
    if match is None:
        raise ValueError("not the name of an exhibit")
    return match[1]


def classify(name: str) -> MemberKind:
    """What a member of that name stands for; UNKNOWN for every name that version 1 has no use for."""
    if not is_valid(name):
        return MemberKind.UNKNOWN
    if name in _FIXED:
        return _FIXED[name]
    for pattern, kind in _PATTERNS:
        if match := pattern.fullmatch(name):
            numbered = kind in _NUMBERED
            return MemberKind.UNKNOWN if numbered and int(match[1]) == 0 else kind
    return MemberKind.UNKNOWN if later(name) is None else MemberKind.LATER


def later(name: str) -> tuple[str, int] | None:
    """Series and number of a further signature or archive time stamp; None for other names.

    The series is ``ASiCManifest``, ``signature`` (both from 2), ``ASiCArchiveManifest`` or ``timestamp``.
    """
    match = _LATER.fullmatch(name)
    if match is None or int(match[2]) < _LATER_FIRST.get((match[1], match[3]), 1000):
        return None
    return match[1], int(match[2])


def check_order(names: Iterable[str]) -> tuple[str, str] | None:
    """The first thing wrong with an archive's names, as code and subject; None when nothing is.

    MEMBER_EXTRA: a name that version 1 has no use for. MEMBER_ORDER: a kind behind one that comes after it;
    exhibits not by rising number; proofs, tokens, key proofs and later signatures not numbered without gaps;
    a token or key proof without its proof (unless proof 001 is gone: that is a missing member); a later
    manifest without its signature. Exhibits may have gaps: a copy may withhold some. Missing members and
    the order within records and derived members are judged by the lists that name them.
    """
    order = _Order()
    for name in names:
        kind = classify(name)
        if kind is MemberKind.UNKNOWN:
            return "MEMBER_EXTRA", name
        if not order.accepts(kind, name):
            return "MEMBER_ORDER", name
    return ("MEMBER_ORDER", order.unpaired) if order.unpaired else None


_RANK = {kind: rank for rank, kind in enumerate(MemberKind)}
_RANK[MemberKind.TOKEN] = _RANK[MemberKind.KEY_PROOF] = _RANK[MemberKind.PROOF]


class _Order:
    """Where a walk over an archive's names stands, and what may come next."""

    def __init__(self) -> None:
        self.unpaired = ""
        self._rank = -1
        self._exhibit = 0
        self._evidence = {proof_name(1), token_name(1, 1), key_proof_name(1)}
        self._counts = {"ASiCManifest": 1, "ASiCArchiveManifest": 0}
        self._later = _after_later("", self._counts)

    def accepts(self, kind: MemberKind, name: str) -> bool:
        rank, before = _RANK[kind], self._rank
        self._rank = rank
        if rank < before:
            return False
        if kind is MemberKind.EXHIBIT:
            before, self._exhibit = self._exhibit, int(exhibit_id(name)[1:])
            return self._exhibit > before
        if kind in _NUMBERED:
            allowed, self._evidence = self._evidence, _after_evidence(name)
            return name in allowed
        if kind is MemberKind.LATER:
            return self._accepts_later(name)
        return rank > before or kind in {MemberKind.RECORD, MemberKind.DERIVED}

    def _accepts_later(self, name: str) -> bool:
        series, number = later(name) or ("", 0)
        if name not in self._later:
            return False
        if series in self._counts:
            self._counts[series] = number
        self._later = _after_later(series, self._counts)
        self.unpaired = name if series == "ASiCManifest" else ""
        return True


def _after_evidence(name: str) -> set[str]:
    number, token = evidence_numbers(name)
    following = {proof_name(number + 1)}
    if name != key_proof_name(number):
        following |= {token_name(number, token + 1), key_proof_name(number)}
    return following


def _after_later(series: str, counts: Mapping[str, int]) -> set[str]:
    """Names that may follow one of that series, when so many pairs and archive manifests stand there."""
    pairs, archives = counts["ASiCManifest"], counts["ASiCArchiveManifest"]
    if series == "ASiCManifest":
        return {f"META-INF/signature{pairs:03d}.p7s"}
    following = {
        f"META-INF/ASiCManifest{pairs + 1:03d}.xml",
        f"META-INF/ASiCArchiveManifest{archives + 1:03d}.xml",
    }
    if series == "ASiCArchiveManifest":
        following.add(f"META-INF/timestamp{archives:03d}.tst")
    return following
