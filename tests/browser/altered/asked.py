"""One question to both verifiers, the program and the page's in node, and their answers side by side."""

import base64
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence import strict
from evidence.crypto.trust import Anchors
from evidence.errors import FormatError
from evidence.verify import answer
from evidence.verify.results import Options
from evidence.verify.verifier import verify
from tests.browser import node

Answer = dict[str, Any]

NO_ARCHIVE: Answer = {"verdict": "NOT AN ARCHIVE"}
_NAMES = {"TSA_UNKNOWN", "REGISTER_VOIDED"}
"""Codes whose ``reason`` isn't free English text."""
_VERIFY = """
import { NotAnArchive, verify } from "./src/verifier/verify";

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const maybe = (text, make) => (text === null ? undefined : make(text));
const anchors = ([certificates, fingerprints]) => ({
  certificates: certificates.map(bytes),
  fingerprints: new Set(fingerprints),
});

async function answered(asked) {
  const options = {
    anchors: anchors(asked.trust),
    tsaAnchors: anchors(asked.trust_tsa),
    now: Date.parse(asked.now),
    at: maybe(asked.at, Date.parse),
    registerExport: maybe(asked.register, (text) => new Blob([bytes(text)])),
    checkpoint: maybe(asked.checkpoint, bytes),
    requireComplete: asked.complete,
    sidecar: maybe(asked.sidecar, bytes),
  };
  try {
    const { answer, contents } = await verify(new Blob([bytes(asked.archive)]), options);
    return { ...answer, shown: contents && contents.records.map((record) => record.id) };
  } catch (error) {
    if (error instanceof NotAnArchive) return { verdict: "NOT AN ARCHIVE" };
    return { verdict: `${error.name}: ${error.message} ${error.stack}` };
  }
}

export default async function run(asked) {
  const answers = [];
  for (const one of asked) answers.push(await answered(one));
  return answers;
}
"""


NOBODY = Anchors()


@dataclass(frozen=True)
class Asked:
    """An archive and the verifier's side.

    Attributes:
        archive: the file.
        now, at: clock and, if any, the time as of which to judge; aware, whole milliseconds.
        anchors, tsa_anchors: whom the verifier trusts.
        register, checkpoint, sidecar: files that were brought; None where there is none.
        complete: whether members that aren't checked are a finding.
    """

    archive: bytes
    now: dt.datetime
    anchors: Anchors = NOBODY
    tsa_anchors: Anchors = NOBODY
    at: dt.datetime | None = None
    register: bytes | None = None
    checkpoint: bytes | None = None
    complete: bool = False
    sidecar: bytes | None = None

    def to_document(self) -> dict[str, Any]:
        """The same for the page's verifier."""
        return {
            "archive": base64.b64encode(self.archive).decode(),
            "now": strict.format_timestamp(self.now),
            "at": self.at and strict.format_timestamp(self.at),
            "trust": _anchors(self.anchors),
            "trust_tsa": _anchors(self.tsa_anchors),
            "register": _base64(self.register),
            "checkpoint": _base64(self.checkpoint),
            "complete": self.complete,
            "sidecar": _base64(self.sidecar),
        }


def _anchors(anchors: Anchors) -> list[Any]:
    return [[_base64(der) for der in anchors.certificates], sorted(anchors.fingerprints)]


def _base64(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def by_program(asked: Asked) -> Answer:
    """What the program answers, without its sentences and reasons."""
    options = Options(
        anchors=asked.anchors,
        tsa_anchors=asked.tsa_anchors,
        now=asked.now,
        at=asked.at,
        register_export=None if asked.register is None else io.BytesIO(asked.register),
        checkpoint=asked.checkpoint,
        require_complete=asked.complete,
        sidecar=asked.sidecar,
    )
    try:
        found = verify(io.BytesIO(asked.archive), options)
    except FormatError:
        return NO_ARCHIVE
    told = answer.document("", found)
    shown = [listed.id for listed in found.contents.manifest.records] if found.contents else None
    return _comparable({**told, "shown": shown})


def by_page(asked: Sequence[Asked]) -> list[Answer]:
    """What the page's verifier answers to each."""
    answers = node.ran(_VERIFY, [one.to_document() for one in asked])
    return [_comparable(told) for told in answers]


def _comparable(told: Answer) -> Answer:
    """Without the names of files, and what is free English text."""
    kept = {key: value for key, value in told.items() if key not in {"file", "proof_file"}}
    for part in ("findings", "notes"):
        if part in kept:
            kept[part] = [_item(item) for item in kept[part]]
    return kept


def _item(item: dict[str, Any]) -> dict[str, Any]:
    free = {"reason"} if item["code"] not in _NAMES else set()
    params = {key: "…" if key in free else value for key, value in item["params"].items()}
    return {**{key: value for key, value in item.items() if key != "message"}, "params": params}


def differences(asked: Sequence[Asked]) -> list[tuple[int, dict[str, tuple[Any, Any]]]]:
    """Where the two answer differently: the place of the question, and by field what each of them says."""
    found = []
    for place, (one, page) in enumerate(zip(asked, by_page(asked), strict=True)):
        program = by_program(one)
        fields = {*program, *page}
        unequal = {
            key: (program.get(key), page.get(key)) for key in fields if program.get(key) != page.get(key)
        }
        if unequal:
            found.append((place, unequal))
    return found
