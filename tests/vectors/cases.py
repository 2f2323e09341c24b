"""The vectors: for each code an archive that shows it and nothing else, made from one that passes.

A vector's name is its expectation: the code it is named after (as far as a hyphen, where there are several), or
nothing for names beginning with PASSED.
Unless ``made_by`` says otherwise, everything after the changed part was signed and registered again with the
true keys, so that nothing but the change itself is wrong.
"""

from dataclasses import replace

from evidence.container.names import VERIFY_TXT
from evidence.crypto import certificates
from evidence.digests import sha256_hex
from tests import builder
from tests.builder import RECORDING, Changes, Document, Members, Sealed, changed, flipped
from tests.vectors import beside, drawn, outside
from tests.vectors.archives import (
    ANNOUNCEMENT,
    PROOF,
    Case,
    announced,
    inserted,
    pressed,
    received,
    source,
    with_token,
    world,
)


def cases() -> dict[str, Case]:
    """Every vector by its name."""
    inside = {**_container(), **_signature(), **_lists(), **_records(), **drawn.cases()}
    return {**_passing(), **_passing_statements(), **inside, **outside.cases(), **beside.cases()}


def _passing() -> dict[str, Case]:
    base = world()
    unknown = b"\xe2\x80\x94 stranger.example AAAAAAECAwQ=\n"
    later: Members = [("META-INF/ASiCManifest002.xml", b"<x/>\n"), ("META-INF/signature002.p7s", b"0")]
    register = base.register.copy()
    register.seal(builder.seal(8).facts)
    return {
        "PASSED": Case(
            "Sealed, and entered in a register as entry 2 of 3; no token belongs to it.", base.file, 0
        ),
        "PASSED_WITH_TOKEN": Case("A token belongs to it, and is there.", builder.pack(with_token()), 0),
        "PASSED_UNKNOWN_LINE": Case(
            "The checkpoint has a further signature line of an unknown key.",
            builder.pack(changed(base.members, PROOF, lambda proof: proof + unknown)),
            0,
        ),
        "PASSED_LATER_PAIR": Case(
            "A second ASiCManifest and signature stand behind it, which version 1 doesn't check.",
            builder.pack([*base.members, *later]),
            0,
        ),
        "PASSED_REGISTER": Case(
            "PASSED.asice, verified with an export of size 4 and a kept checkpoint of size 2.",
            base.file,
            0,
            register=register.export(),
            checkpoint=register.checkpoint(2),
        ),
        "NOT_AN_ARCHIVE": Case("PASSED.asice behind one further byte.", b"\0" + base.file, 4),
    }


def _passing_statements() -> dict[str, Case]:
    def other_root(record: Document) -> Document:
        lines = record["proof"].split("\n")
        place = lines.index(builder.ORIGIN) + 2
        lines[place] = "A" * 43 + "="
        return {**record, "proof": "\n".join(lines)}

    def unproven(records: dict[str, Document]) -> dict[str, Document]:
        return {**records, ANNOUNCEMENT: other_root(records[ANNOUNCEMENT])}

    return {
        "PASSED_RECEIPT": Case(
            "A receipt of its recording was entered in the register before it, and stands in a record.",
            received().file,
            0,
        ),
        "PASSED_RECEIPT_UNPROVEN": Case(
            "As PASSED_RECEIPT, but the root in the receipt's checkpoint is another, and its signature so broken.",
            received(other_root).file,
            0,
        ),
        "PASSED_MARKERS": Case(
            "As PASSED, but the marker was set by a hot key, moved, confirmed, and withdrawn; its class is the "
            "organisation's own.",
            world(Changes(records=pressed)).file,
            0,
        ),
        "PASSED_ANNOUNCEMENT": Case(
            "An announcement was entered in the register before it; three records speak of it.",
            announced().file,
            0,
        ),
        "PASSED_ANNOUNCEMENT_UNPROVEN": Case(
            "As PASSED_ANNOUNCEMENT, but the root in the announcement's checkpoint is another.",
            announced(unproven).file,
            0,
        ),
    }


def _container() -> dict[str, Case]:
    base = world()
    parts, file = base.members, base.file
    backslash = [(name.replace("/", "\\", 1) if name == RECORDING else name, data) for name, data in parts]
    record, following = (name for name, _data in parts[2:4])
    swapped = [*parts[:2], parts[3], parts[2], *parts[4:]]
    return {
        "CONTAINER_TRUNCATED": Case("The last 30 bytes are cut off.", file[:-30], 1),
        "CONTAINER_MALFORMED": Case("One byte stands behind the end.", file + b"\n", 1),
        "MEMBER_NAME": Case(
            "In the ZIP headers, the recording's name has a backslash for its slash.",
            builder.pack_anyhow(backslash),
            1,
        ),
        "MEMBER_DUPLICATE": Case(
            "VERIFY.txt is there twice.",
            builder.pack_anyhow(inserted(parts, VERIFY_TXT, *(p for p in parts if p[0] == VERIFY_TXT))),
            1,
        ),
        "MEMBER_EXTRA": Case(
            "access/E1.mp3, which no list names, was put before manifest.json.",
            builder.pack(inserted(parts, "manifest.json", ("access/E1.mp3", b"noise"))),
            1,
        ),
        "MEMBER_MISSING": Case(
            "The recording was taken out.", builder.pack(changed(parts, RECORDING, None)), 1
        ),
        "MEMBER_ORDER": Case(f"{record} and {following} changed places.", builder.pack(swapped), 1),
        "MEMBER_ALTERED": Case(
            "One bit of the recording is another, with the right checksum in the ZIP headers.",
            builder.pack(changed(parts, RECORDING, lambda sound: flipped(sound, 100))),
            1,
        ),
        "MEMBER_CRC": Case(
            "The checksum of the recording in both ZIP headers is wrong; nothing was signed anew.",
            builder.pack_anyhow(parts, {RECORDING: 0x12345678}),
            1,
        ),
        "NOT_COMPLETE": Case(
            "PASSED_LATER_PAIR.asice, verified with --require complete.",
            _passing()["PASSED_LATER_PAIR"].archive,
            3,
            require="complete",
        ),
    }


def _signature() -> dict[str, Case]:
    def unknown_digest(asic: bytes) -> bytes:
        return asic.replace(b"2001/04/xmlenc#sha256", b"2001/04/xmlenc#sha512", 1)

    def sha224(signature: bytes) -> bytes:
        ecdsa = bytes.fromhex("06082a8648ce3d0403")
        place = signature.rindex(ecdsa) + len(ecdsa)
        return flipped(signature, place, 3)

    def twin(signature: bytes) -> bytes:
        own, other = (certificates.pem_to_der(source(f"{name}.pem"))[0] for name in ("sealer", "twin"))
        return signature.replace(own, other)

    def by_twin(sealed: Sealed) -> Sealed:
        return replace(sealed, certificate=certificates.pem_to_der(source("twin.pem"))[0])

    return {
        "ASIC_MANIFEST_MALFORMED": Case(
            "A comment stands in ASiCManifest001.xml.",
            world(Changes(asic=lambda asic: asic.replace(b"</ASiC", b"<!-- -->\n</ASiC"))).file,
            1,
        ),
        "DIGEST_UNSUPPORTED": Case(
            "One line of ASiCManifest001.xml says SHA-512.", world(Changes(asic=unknown_digest)).file, 3
        ),
        "SIGNATURE_MALFORMED": Case(
            "One byte stands behind the signature; it is registered so.",
            world(Changes(signature=lambda signature: signature + b"\0")).file,
            1,
        ),
        "SIGNATURE_UNSUPPORTED": Case(
            "The signature states ECDSA with SHA-224; it is registered so.",
            world(Changes(signature=sha224)).file,
            3,
        ),
        "SIGNATURE_BROKEN": Case(
            "One bit of the signature value is another; it is registered so.",
            world(Changes(signature=lambda signature: flipped(signature, len(signature) - 1))).file,
            1,
        ),
        "CERTIFICATE_MISMATCH": Case(
            "The signature holds another certificate of the same key, name and number; it is registered so.",
            world(Changes(signature=twin), then=by_twin).file,
            1,
        ),
    }


def _lists() -> dict[str, Case]:
    def other_digest(manifest: Document) -> Document:
        manifest["exhibits"][0]["sha256"] = sha256_hex(b"")
        return manifest

    other_line = sha256_hex(b"").encode()
    return {
        "MANIFEST_MALFORMED": Case(
            "manifest.json has a field of another name.",
            world(Changes(manifest=lambda manifest: {**manifest, "number": "INC-2026-000001"})).file,
            1,
        ),
        "FORMAT_UNSUPPORTED": Case(
            "manifest.json says that the format's version is 2.",
            world(Changes(manifest=lambda manifest: {**manifest, "format": 2})).file,
            3,
        ),
        "MANIFEST_DISAGREES": Case(
            "manifest.json has another digest for the recording.",
            world(Changes(manifest=other_digest)).file,
            1,
        ),
        "SUMS_DISAGREE": Case(
            "SHA256SUMS has another digest for the recording.",
            world(Changes(sums=lambda lines: other_line + lines[64:])).file,
            1,
        ),
    }


def _records() -> dict[str, Case]:
    def without_salt(documents: dict[str, Document]) -> dict[str, Document]:
        del documents["r-00010004"]["salt"]
        return documents

    def other_recording(documents: dict[str, Document]) -> dict[str, Document]:
        documents["r-00010004"]["recording_sha256"] = sha256_hex(b"")
        return documents

    def other_place(documents: dict[str, Document]) -> dict[str, Document]:
        pressed(documents)["r-00010004"]["pressed"]["place_ms"] += 1
        return documents

    def backwards(documents: dict[str, Document]) -> dict[str, Document]:
        documents["r-00010004"]["end_ms"] = 19
        return documents

    def other_time(record: Document) -> Document:
        return {**record, "document": record["document"].replace("09:00:00.250", "08:00:00.250")}

    def this_recording(record: Document) -> Document:
        return {**record, "recording_sha256": sha256_hex(builder.recording(1))}

    return {
        "RECORD_MALFORMED": Case("A marker has no salt.", world(Changes(records=without_salt)).file, 1),
        "RECORD_MALFORMED-receipt": Case(
            "The receipt in a record has another time than the one whose digest the register holds.",
            received(other_time).file,
            1,
        ),
        "RECORD_DISAGREES": Case(
            "A marker has the digest of another recording.", world(Changes(records=other_recording)).file, 1
        ),
        "RECORD_DISAGREES-pressed": Case(
            "The place of a hot key is a millisecond from the one that its times and its offset give.",
            world(Changes(records=other_place)).file,
            1,
        ),
        "RECORD_DISAGREES-backwards": Case(
            "A marker ends before it starts.", world(Changes(records=backwards)).file, 1
        ),
        "RECORD_DISAGREES-receipt": Case(
            "A registered receipt of another recording is presented as one of this recording.",
            received(this_recording, builder.receipt(2)).file,
            1,
        ),
    }
