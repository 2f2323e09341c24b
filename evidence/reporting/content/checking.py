"""How anybody checks the archive without the program: by openssl, and in a browser."""

from evidence.digests import groups
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block
from evidence.reporting.content.words import say
from evidence.reporting.pages import verifier_digest
from evidence.verify.results import Verification

_SIGNATURE = "-in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml"
UNPACK = ("unzip -q ARCHIVE.asice -d check", "cd check")
IDENTITY = "openssl dgst -sha256 META-INF/ASiCManifest001.xml"
CERTIFICATE = (
    f"openssl cms -verify -binary -inform DER {_SIGNATURE} -noverify -signer ../signer.pem -out ../signed.xml"
)
SUBJECT = (
    "openssl x509 -in ../signer.pem -noout -fingerprint -sha256 -subject -dates "
    "-nameopt utf8,sep_comma_plus_space"
)
TRUSTED = (
    f"openssl cms -verify -cades -binary -inform DER {_SIGNATURE} "
    "-CAfile ../signer.pem -partial_chain -purpose any{at} -out ../signed.xml"
)
LISTED = (
    "grep -F 'URI=\"SHA256SUMS\"' META-INF/ASiCManifest001.xml | "
    'grep -c -F "<ds:DigestValue>$(openssl dgst -sha256 -binary SHA256SUMS | openssl base64)<"'
)
FILES = "sha256sum --check --strict SHA256SUMS"
PRESENT = (
    "find . -type f ! -path './META-INF/*' ! -path ./mimetype ! -path ./SHA256SUMS | cut -c3- | "
    "LC_ALL=C sort > ../present.txt"
)
EXTRA = (
    PRESENT,
    "cut -c67- SHA256SUMS | LC_ALL=C sort > ../listed.txt",
    "diff ../present.txt ../listed.txt",
)
CHECKPOINT = "sed '1,/^$/d' {proof} > ../checkpoint"
TOKEN = "openssl ts -verify -token_in -in {token} -data ../checkpoint -CAfile ../tsa.pem -partial_chain"  # noqa: S105


def section(found: Verification) -> Block:
    """The commands for this archive, with the values that they must print."""
    made: list[Block | None] = [
        blocks.paragraph(say("report.check_intro")),
        blocks.heading(say("report.check_openssl")),
        blocks.code(UNPACK),
    ]
    if found.identity:
        made += [
            blocks.paragraph(say("report.check_identity", digest=groups(found.identity))),
            blocks.code([IDENTITY]),
        ]
    if found.signer:
        made += _signature(found)
    made += [
        blocks.paragraph(say("report.check_listed")),
        blocks.code([LISTED]),
        blocks.paragraph(say("report.check_files")),
        blocks.code([FILES]),
        blocks.paragraph(say("report.check_extra")),
        blocks.code(EXTRA),
        *_token(found),
        blocks.paragraph(say("report.check_windows"), "small"),
        blocks.heading(say("report.check_browser")),
        blocks.paragraph(say("report.check_page")),
        blocks.facts([(say("report.check_page_digest"), blocks.digest(verifier_digest()), "")]),
        blocks.paragraph(say("report.check_page_own"), "small"),
    ]
    return blocks.section(say("report.section_checking"), made)


def _signature(found: Verification) -> list[Block]:
    if found.signer is None:
        return []
    at = f" -attime {int(found.proven.time.timestamp())}" if found.proven else ""
    return [
        blocks.paragraph(say("report.check_signer", digest=groups(found.signer.sha256))),
        blocks.code([CERTIFICATE, SUBJECT]),
        blocks.paragraph(say("report.check_signature")),
        blocks.code([TRUSTED.format(at=at)]),
    ]


def _token(found: Verification) -> list[Block]:
    if found.proven is None or found.proven.in_sidecar:
        return []
    token = found.proven.member
    proof = f"{token.partition('-token-')[0]}.tlog-proof"
    return [
        blocks.paragraph(say("report.check_token")),
        blocks.code([CHECKPOINT.format(proof=proof), TOKEN.format(token=token)]),
    ]


def before_sealing() -> Block:
    """What a report made before sealing says of it."""
    made = [
        blocks.paragraph(say("report.check_draft")),
        blocks.code([*UNPACK, "openssl dgst -sha256 manifest.json"]),
    ]
    return blocks.section(say("report.section_checking"), made)
