"""Names: which are valid, what they stand for, in which order they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.container import names
from evidence.container.names import MemberKind, check_order, classify, is_valid

FULL = [
    "mimetype",
    "exhibits/E1.wav",
    "exhibits/E2",
    "exhibits/E10.mp3",
    "records/r-ffffffff.json",
    "records/r-00000000.json",
    "access/E1.mp3",
    "report.pdf",
    "report.html",
    "manifest.json",
    "SHA256SUMS",
    "VERIFY.txt",
    "META-INF/ASiCManifest001.xml",
    "META-INF/signature001.p7s",
    "META-INF/register-entry.json",
    "META-INF/register-001.tlog-proof",
    "META-INF/register-001-token-1.tsr",
    "META-INF/register-001-token-2.tsr",
    "META-INF/register-001.key-proof",
    "META-INF/register-002.tlog-proof",
    "META-INF/register-003.tlog-proof",
    "META-INF/register-003-token-1.tsr",
    "META-INF/ASiCManifest002.xml",
    "META-INF/signature002.p7s",
    "META-INF/ASiCArchiveManifest001.xml",
    "META-INF/timestamp001.tst",
    "META-INF/ASiCManifest003.xml",
    "META-INF/signature003.p7s",
    "META-INF/ASiCArchiveManifest002.xml",
]
KINDS = [
    "MIMETYPE EXHIBIT EXHIBIT EXHIBIT RECORD RECORD DERIVED DERIVED DERIVED MANIFEST SUMS VERIFY_TXT",
    "ASIC_MANIFEST SIGNATURE ENTRY PROOF TOKEN TOKEN KEY_PROOF PROOF PROOF TOKEN",
    "LATER LATER LATER LATER LATER LATER LATER",
]
REQUIRED = {"exhibits/E1.wav", "report.pdf", "META-INF/register-001.tlog-proof", "mimetype", "SHA256SUMS"}
CHARACTERS = "".join(map(chr, range(0x20, 0x7F)))


def test_kinds() -> None:
    assert [classify(name).name for name in FULL] == " ".join(KINDS).split()


def test_kinds_in_the_body() -> None:
    inside = [name for name in FULL if classify(name).in_body]
    assert inside == FULL[1 : FULL.index(names.ASIC_MANIFEST)]


@pytest.mark.parametrize(
    "name",
    [
        "Mimetype",
        "exhibits/E0.wav",
        "exhibits/E01.wav",
        "exhibits/E1.WAV",
        "exhibits/E1.",
        "exhibits/E1.toolongext",
        "exhibits/E1.a.b",
        "exhibits/e1.wav",
        "exhibits/E1/x",
        "exhibits/E100000",
        "exhibits/E1.wav\n",
        "records/r-FFFFFFFF.json",
        "records/r-1234567.json",
        "records/x.json",
        "access",
        "access/../x",
        "report.txt",
        "META-INF/manifest.xml",
        "META-INF/ASiCManifest000.xml",
        "META-INF/ASiCManifest01.xml",
        "META-INF/ASiCManifest002.p7s",
        "META-INF/signature002.xml",
        "META-INF/signature000.p7s",
        "META-INF/ASiCArchiveManifest000.xml",
        "META-INF/ASiCArchiveManifest.xml",
        "META-INF/timestamp000.tst",
        "META-INF/register-000.tlog-proof",
        "META-INF/register-100.tlog-proof",
        "META-INF/register-1.tlog-proof",
        "META-INF/register-001-token-0.tsr",
        "META-INF/register-001-token-10.tsr",
        "META-INF/register-000.key-proof",
        "META-INF/register-001.key-proof.x",
        "evil.exe",
    ],
)
def test_unknown_names_are_extra(name: str) -> None:
    assert classify(name) is MemberKind.UNKNOWN
    assert check_order(["mimetype", name]) == ("MEMBER_EXTRA", name)


def test_made_names_are_classified() -> None:
    assert classify("exhibits/E7") is classify("exhibits/E7.wav") is MemberKind.EXHIBIT
    assert names.exhibit_id("exhibits/E7.wav") == "E7"
    assert classify(names.record_name("r-0a1b2c3d")) is MemberKind.RECORD
    for number in (1, 99):
        assert classify(names.proof_name(number)) is MemberKind.PROOF
        assert classify(names.key_proof_name(number)) is MemberKind.KEY_PROOF
        assert names.evidence_numbers(names.token_name(number, 9)) == (number, 9)
        assert names.evidence_numbers(names.proof_name(number)) == (number, 0)
    for function in (names.evidence_numbers, names.exhibit_id):
        with pytest.raises(ValueError):
            function("manifest.json")


@given(st.text(alphabet=CHARACTERS + "\n\0äд", max_size=140))
def test_a_valid_name_by_its_definition(name: str) -> None:
    """is_valid says what the words of the format say, character by character."""
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/")
    parts = name.split("/")
    expected = 1 <= len(name) <= 128 and set(name) <= allowed and not {"", ".", ".."} & set(parts)
    assert is_valid(name) == expected


@pytest.mark.parametrize(
    ("name", "valid"),
    [("a" * 128, True), ("a" * 129, False), ("a/b/c", True), ("...", True), ("a/..", False), ("a\n", False)],
)
def test_the_edges_of_valid_names(name: str, *, valid: bool) -> None:
    assert is_valid(name) is valid


def test_the_full_order_is_accepted() -> None:
    assert check_order(FULL) is None
    assert check_order([]) is None


@pytest.mark.parametrize("index", range(len(FULL) - 1))
def test_neighbours_swapped(index: int) -> None:
    """Only records and derived members have no order of their own."""
    swapped = [*FULL[:index], FULL[index + 1], FULL[index], *FULL[index + 2 :]]
    free = {MemberKind.RECORD, MemberKind.DERIVED}
    kinds = {classify(FULL[index]), classify(FULL[index + 1])}
    if len(kinds) == 1 and kinds <= free:
        assert check_order(swapped) is None
    elif FULL[index + 1] == "META-INF/ASiCManifest003.xml":
        assert check_order(swapped) == ("MEMBER_ORDER", "META-INF/timestamp001.tst")
    else:
        found = check_order(swapped)
        assert found is not None
        assert found[0] == "MEMBER_ORDER"
        assert found[1] in FULL[index : index + 3]


@pytest.mark.parametrize("name", FULL)
def test_one_name_left_out(name: str) -> None:
    """Numbered ones leave a gap; what is missing otherwise is no matter of order."""
    gaps = {
        "META-INF/register-001-token-1.tsr",
        "META-INF/register-002.tlog-proof",
        "META-INF/register-003.tlog-proof",
        "META-INF/ASiCManifest002.xml",
        "META-INF/signature002.p7s",
        "META-INF/ASiCArchiveManifest001.xml",
        "META-INF/ASiCManifest003.xml",
        "META-INF/signature003.p7s",
    }
    found = check_order([other for other in FULL if other != name])
    assert (found is not None and found[0] == "MEMBER_ORDER") == (name in gaps)


def test_only_the_first_proof_may_be_missing() -> None:
    """Its absence is a missing member; a token without any other proof is a gap."""
    for rest in (["META-INF/register-001-token-1.tsr"], ["META-INF/register-001.key-proof"]):
        assert check_order(rest) is None
        assert check_order([*rest, "META-INF/register-002.tlog-proof"]) is None
    second = ["META-INF/register-001.tlog-proof", "META-INF/register-002-token-1.tsr"]
    assert check_order(second) == ("MEMBER_ORDER", second[1])


@pytest.mark.parametrize(
    "sequence",
    [
        ["META-INF/signature002.p7s"],
        ["META-INF/ASiCManifest002.xml"],
        ["META-INF/ASiCManifest003.xml", "META-INF/signature003.p7s"],
        ["META-INF/ASiCManifest002.xml", "META-INF/signature003.p7s"],
        ["META-INF/ASiCManifest002.xml", "META-INF/ASiCArchiveManifest001.xml"],
        ["META-INF/timestamp001.tst"],
        ["META-INF/ASiCArchiveManifest002.xml"],
        ["META-INF/ASiCArchiveManifest001.xml", "META-INF/timestamp002.tst"],
        ["exhibits/E2.wav", "exhibits/E1.wav"],
        ["exhibits/E1.wav", "exhibits/E1.mp3"],
        ["exhibits/E10.wav", "exhibits/E9.wav"],
        ["manifest.json", "manifest.json"],
        ["exhibits/E1.wav", "mimetype"],
    ],
)
def test_out_of_order(sequence: list[str]) -> None:
    found = check_order(sequence)
    assert found is not None
    assert found[0] == "MEMBER_ORDER"
    assert found[1] in sequence


@given(st.lists(st.sampled_from(FULL), max_size=12, unique=True))
def test_what_is_accepted_stands_in_the_order_of_kinds(chosen: list[str]) -> None:
    """An accepted list is sorted by kind (proofs with their tokens), and a withheld copy of one stays accepted."""
    if check_order(chosen) is None:
        kinds = list(MemberKind)
        ranks = [min(kinds.index(classify(name)), kinds.index(MemberKind.PROOF)) for name in chosen]
        assert ranks == sorted(ranks)
        kept = [n for n in chosen if classify(n) not in {MemberKind.EXHIBIT, MemberKind.RECORD}]
        assert check_order(kept) is None
