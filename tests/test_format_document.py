"""FORMAT.md says what the code does: its codes, weights, texts, schemas and limits."""

import re
from pathlib import Path

import pytest

from evidence import strict
from evidence.cli import explanation, verdict
from evidence.cli import verify as verify_command
from evidence.container import names, reader, zipformat
from evidence.crypto import algorithms, cms, der, notes, trust
from evidence.messages import t
from evidence.model import records as model_records
from evidence.model.receipt import MAX_RECEIPT
from evidence.register import chain, checkpoint, entries, proof
from evidence.verify import documents, members, records, rules, signature, structure, tokens

FOLDER = Path(__file__).parents[1] / "schemas"
PACKAGE = Path(str(rules.__file__)).parents[1]
TEXT = (FOLDER / "FORMAT.md").read_text(encoding="utf-8")
KIB, MIB = 1024, 1024 * 1024


def normal(text: str) -> str:
    return " ".join(text.split())


def section(heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    _before, found, rest = TEXT.partition(f"\n{heading}\n")
    assert found, heading
    return re.split(rf"\n#{{1,{level}}} ", rest, maxsplit=1)[0]


PROSE = normal(TEXT)
CODES = section("## Codes")


def test_every_code_has_its_section_in_the_order_of_the_rules() -> None:
    assert re.findall(r"^### (.+)$", CODES, re.MULTILINE) == list(rules.RULES)


@pytest.mark.parametrize("code", rules.RULES)
def test_a_code_is_described_as_the_program_explains_it(code: str) -> None:
    rule = rules.RULES[code]
    blocks = [normal(block) for block in section(f"### {code}").strip().split("\n\n")]
    assert blocks == [
        f"Step {rule.step} · {rule.result.value} · {rule.status.name}",
        f"*Condition.* {t(f'explain.{code}_what')}",
        f"*Why it matters.* {t(f'explain.{code}_why')}",
        f"*What next.* {explanation.next_step(code)}",
    ]


def test_every_code_is_explained_in_the_steps_and_no_other_is_named() -> None:
    steps = section("### Steps")
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", steps))
    noted = set(re.findall(r"^\| ([A-Z_]+) \|", section("### Verdict"), re.MULTILINE))
    assert set(rules.RULES) <= named
    assert named - noted <= set(rules.RULES)


def test_there_is_one_paragraph_a_step_in_order() -> None:
    assert re.findall(r"^\*\*(\d+)\. ", section("### Steps"), re.MULTILINE) == [str(n) for n in rules.STEPS]


def test_the_verdict_table_has_the_steps_of_each_result() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| ([\d, ]+) \|", section("### Verdict"), re.MULTILINE))
    told = {int(step): result for result, steps in rows.items() for step in steps.split(",")}
    assert told == {step: result.value for step, result in rules.STEPS.items()}


def test_exit_codes_and_their_order_are_the_programs() -> None:
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", section("### Verdict"), re.MULTILINE)]
    assert sorted(codes) == sorted(int(code) for code in verify_command._SEVERITY)
    order = ", ".join(str(int(code)) for code in verify_command._SEVERITY)
    assert f"Of several files the first in the order {order} counts." in PROSE
    for status, code in verdict.EXIT.items():
        assert f"| {int(code)} | {status.name} |" in TEXT


def test_every_note_of_the_verifier_is_told() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in Path(str(rules.__file__)).parent.glob("*.py"))
    noted = set(re.findall(r'\.note\(\s*"([A-Z_]+)"', source))
    assert noted
    assert set(re.findall(r"^\| ([A-Z_]+) \|", section("### Verdict"), re.MULTILINE)) == noted


def test_every_schema_is_named() -> None:
    schemas = {path.name for path in FOLDER.glob("*.schema.json")}
    assert schemas
    assert set(re.findall(r"`([a-z0-9.-]+\.schema\.json)`", TEXT)) == schemas


def test_required_members_are_named() -> None:
    step = next(p for p in section("### Steps").split("\n\n") if p.startswith("**2. "))
    assert all(f"`{name}`" in step for name in structure.REQUIRED)
    assert set(re.findall(r"`([^`]+)`", step.split("MUST be there")[0])) == set(structure.REQUIRED)


@pytest.mark.parametrize(
    ("member", "limit"),
    [
        ("manifest.json", documents.MAX_MANIFEST),
        ("a record", records.MAX_RECORD),
        ("a record without the file in it", model_records.MAX_TEXT),
        ("all records without the files in them", model_records.MAX_TEXTS),
        ("SHA256SUMS", documents.MAX_SUMS),
        ("ASiCManifest001.xml", members.MAX_ASIC_MANIFEST),
        ("a signature", min(signature.MAX_SIGNATURE, der.MAX_SIZE)),
        ("a register entry", entries.MAX_ENTRY),
        ("a receipt", MAX_RECEIPT),
        ("a proof", proof.MAX_PROOF),
        ("a token", min(tokens.MAX_TOKEN, der.MAX_SIZE)),
        ("the signed note of an export, or kept", min(checkpoint.MAX_NOTE, notes.MAX_SIZE)),
    ],
)
def test_the_table_of_limits(member: str, limit: int) -> None:
    row = re.search(rf"^\| {re.escape(member)} \| (\d+) (KiB|MiB) \|$", section("## Documents"), re.MULTILINE)
    assert row is not None
    assert int(row[1]) * {"KiB": KIB, "MiB": MIB}[row[2]] == limit


@pytest.mark.parametrize(
    ("heading", "sentence", "values"),
    [
        ("## Container", "at most ([0-9,]+) members", [zipformat.MAX_MEMBERS]),
        ("## Container", "central directory of at most ([0-9]+) MiB", [reader.MAX_DIRECTORY // MIB]),
        ("## Members", "Names are 1 to ([0-9]+) characters", [names.MAX_NAME]),
        ("### Signature", "at most ([0-9]+) KiB, no byte after it", [der.MAX_SIZE // KIB]),
        ("### Signature", "twice; at most ([0-9]+)[.]", [cms.MAX_CERTIFICATES]),
        (
            "### Signature",
            "Keys: .* RSA of ([0-9]+) to ([0-9]+) bits",
            [algorithms.MIN_RSA_BITS, algorithms.MAX_RSA_BITS],
        ),
        ("## Documents", "at most ([0-9]+) levels deep", [strict.MAX_DEPTH]),
        ("### Checkpoint", "no or more than ([0-9]+) signature lines", [notes.MAX_LINES]),
        ("### Proof", "at most ([0-9]+) hashes", [proof.MAX_HASHES]),
        (
            "### Export",
            "an entry has at most ([0-9]+) KiB, the note at most ([0-9]+) KiB",
            [entries.MAX_ENTRY // KIB, checkpoint.MAX_NOTE // KIB],
        ),
        ("### Steps", "in the last ([0-9,]+) bytes", [reader._MAX_COMMENT + zipformat.END64_SIZE]),
        ("### Steps", "in more than ([0-9,]+) entries", [chain.MAX_NAMED]),
        ("### Steps", "states none[)] and ([0-9]+) seconds", [int(tokens.TOLERANCE.total_seconds())]),
        ("### Trust", "At most ([0-9]+) certificates", [trust.MAX_DEPTH]),
        ("### Trust", "give up after ([0-9]+) signatures", [trust.MAX_STEPS]),
    ],
)
def test_limits_in_the_text(heading: str, sentence: str, values: list[int]) -> None:
    found = re.search(sentence, normal(section(heading)))
    assert found is not None
    assert [int(text.replace(",", "")) for text in found.groups()] == values


def test_references_to_sections_lead_somewhere() -> None:
    headings = {text.strip("`") for text in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    headings |= {text.partition(" (`")[0] for text in headings}
    for inside in re.findall(r'(?:[Bb]y|as|and|[Ss]ee|in|the|;) "([A-Z][A-Za-z .0-9]+)"', PROSE):
        assert inside in headings
    for source in PACKAGE.glob("**/*.py"):
        for named in re.findall(r'FORMAT\.md, "([^"]+)"', source.read_text(encoding="utf-8")):
            assert any(named == heading or named in heading.split(" and ") for heading in headings), (
                source,
                named,
            )
