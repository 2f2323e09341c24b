"""Archives verified twice: by the command line's verifier and by the browser's, run in node."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence import strict
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.errors import FormatError
from evidence.verify import answer
from evidence.verify.results import Options
from evidence.verify.verifier import verify
from tests import builder
from tests.browser.node import ran

SOURCE = """
import { NotAnArchive, verify } from "./src/verifier/verify";
import { fromBase64 } from "./src/verifier/base64";
const anchors = (all, named) => ({ certificates: all.map(fromBase64), fingerprints: new Set(named) });
async function answered(given) {
  const options = {
    anchors: anchors(given.trust, given.fingerprints),
    tsaAnchors: anchors(given.trust_tsa, given.tsa_fingerprints),
    now: Date.parse(given.now),
  };
  if (given.at) options.at = Date.parse(given.at);
  if (given.register) options.registerExport = new Blob([fromBase64(given.register)]);
  if (given.checkpoint) options.checkpoint = fromBase64(given.checkpoint);
  if (given.sidecar) options.sidecar = fromBase64(given.sidecar);
  options.requireComplete = given.require === "complete";
  try {
    const { answer } = await verify(new Blob([fromBase64(given.archive)]), options, () => undefined);
    return answer;
  } catch (error) {
    return error instanceof NotAnArchive ? "NOT_AN_ARCHIVE" : `${error.stack}`;
  }
}
export default async (all) => {
  const found = [];
  for (const given of all) found.push(await answered(given));
  return found;
};
"""
FREE = {"REGISTER_VOIDED", "TSA_UNKNOWN", "TOKEN_UNKNOWN_IGNORED"}
"""Codes whose ``reason`` isn't technical English, in which the two may differ."""


@dataclass(frozen=True, slots=True)
class Given:
    """An archive and what it is verified with; empty for nothing.

    Attributes:
        trust, trust_tsa: files of tests/vectors.
        anchors, tsa_anchors: further certificates that are trusted, DER.
        fingerprints, tsa_fingerprints: SHA-256 of certificates that are trusted, in hexadecimal.
    """

    archive: bytes
    sidecar: bytes = b""
    register: bytes = b""
    checkpoint: bytes = b""
    trust: Sequence[str] = ("sources/sealer.pem",)
    trust_tsa: Sequence[str] = ("sources/tsa.pem",)
    now: str = "2027-01-15T09:00:00.000Z"
    at: str = ""
    require: str = ""
    anchors: Sequence[bytes] = ()
    tsa_anchors: Sequence[bytes] = ()
    fingerprints: Sequence[str] = ()
    tsa_fingerprints: Sequence[str] = ()


def here(given: Given) -> Any:
    """What the command line answers."""
    options = Options(
        anchors=Anchors((*_certificates(given.trust), *given.anchors), frozenset(given.fingerprints)),
        tsa_anchors=Anchors(
            (*_certificates(given.trust_tsa), *given.tsa_anchors), frozenset(given.tsa_fingerprints)
        ),
        now=strict.timestamp(given.now),
        at=strict.timestamp(given.at) if given.at else None,
        register_export=io.BytesIO(given.register) if given.register else None,
        checkpoint=given.checkpoint or None,
        require_complete=given.require == "complete",
        sidecar=given.sidecar or None,
    )
    try:
        return comparable(answer.document("", verify(io.BytesIO(given.archive), options)))
    except FormatError:
        return "NOT_AN_ARCHIVE"


def there(all_: Sequence[Given]) -> list[Any]:
    """What the browser's verifier answers."""
    return [comparable(found) for found in ran(SOURCE, [told(given) for given in all_])]


def told(given: Given) -> dict[str, Any]:
    """The same as SOURCE takes it."""
    data = {name: getattr(given, name) for name in ("archive", "sidecar", "register", "checkpoint")}
    return {
        **{name: base64.b64encode(value).decode() for name, value in data.items()},
        "trust": _texts([*_certificates(given.trust), *given.anchors]),
        "trust_tsa": _texts([*_certificates(given.trust_tsa), *given.tsa_anchors]),
        "fingerprints": list(given.fingerprints),
        "tsa_fingerprints": list(given.tsa_fingerprints),
        "now": given.now,
        "at": given.at,
        "require": given.require,
    }


def _texts(data: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in data]


def _certificates(files: Sequence[str]) -> list[bytes]:
    folder = builder.SOURCES.parent
    return [der for file in files for der in certificates.pem_to_der((folder / file).read_bytes())]


def comparable(found: Any) -> Any:
    """An answer without sentences and names of files; findings and notes of one step in no order."""
    if not isinstance(found, dict):
        return found
    kept = {name: value for name, value in found.items() if name not in {"file", "proof_file"}}
    for part in ("findings", "notes"):
        kept[part] = sorted((_item(item) for item in found[part]), key=str)
    return kept


def _item(item: dict[str, Any]) -> dict[str, Any]:
    params = {k: v for k, v in item["params"].items() if k != "reason" or item["code"] in FREE}
    return {**{name: value for name, value in item.items() if name != "message"}, "params": params}


def differences(a: Any, b: Any) -> dict[str, Any]:
    """The parts of two answers that differ, for people."""
    if not isinstance(a, dict) or not isinstance(b, dict):
        return {} if a == b else {"answer": (a, b)}
    return {name: (a.get(name), b.get(name)) for name in {*a, *b} if a.get(name) != b.get(name)}
