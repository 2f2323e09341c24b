"""The draft certificate for whoever can testify to the process, and the lines to sign on."""

from evidence.digests import groups
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block
from evidence.reporting.content.case import Case
from evidence.reporting.content.parties import titled
from evidence.reporting.content.words import say
from evidence.text import visible
from evidence.verify.results import Verification


def certificate(case: Case, found: Verification) -> Block:
    """A draft that a person who knows the process fills in, corrects and signs; nobody has yet."""
    systems = list(dict.fromkeys(visible(r["system"]) for r in case.all("acquisition") if "system" in r))
    takers = list(dict.fromkeys(visible(r["taken_by"]) for r in case.all("acquisition")))
    number, _title = titled(case)
    ids = ", ".join(exhibit["exhibit"] for exhibit in case.recordings)
    unknown = say("report.blank")
    organisation = visible(found.signer.organisation) if found.signer else ""
    statements = [
        say("report.certify_process", systems="; ".join(systems) or unknown),
        say("report.certify_taken", list=ids or unknown, takers="; ".join(takers) or unknown),
        say("report.certify_sealed", number=number or unknown, digest=groups(found.identity)),
        say("report.certify_unchanged"),
        say("report.certify_original"),
        say("report.certify_known"),
    ]
    return blocks.section(
        say("report.section_certificate"),
        [
            blocks.box("note", say("report.draft_title"), [say("report.draft")]),
            blocks.fields(
                [
                    (say("report.certify_name"), ""),
                    (say("report.certify_position"), ""),
                    (say("report.certify_organisation"), organisation),
                ]
            ),
            blocks.paragraph(say("report.certify_states")),
            blocks.bullets([f"{place}. {text}" for place, text in enumerate(statements, 1)], ""),
            blocks.paragraph(say("report.certify_liability"), "small"),
            blocks.blanks([_sign_here()]),
        ],
        is_own_page=True,
    )


def signatures() -> Block:
    """Lines for those who made and who received this report."""
    made = [
        blocks.paragraph(say("report.signatures_intro")),
        blocks.heading(say("report.made_by")),
        blocks.blanks([_sign_here()]),
        blocks.heading(say("report.received_by")),
        blocks.blanks([_sign_here()]),
    ]
    return blocks.section(say("report.section_signatures"), made)


def _sign_here() -> list[str]:
    return [say(f"report.sign_{name}") for name in ("name", "position", "date", "signature")]
