"""Both ways in which the browser verifies Ed25519 say what FORMAT.md says, at its edges, too."""

import base64

import pytest

from tests.browser.node import ran
from tests.crypto import edwards

SOURCE = """
import { isSigned, isSignedBundled } from "./src/verifier/ed25519";
import { fromBase64 } from "./src/verifier/base64";
export default async ([how, cases]) => {
  let refused = 0;
  if (how === "refused") {
    crypto.subtle.importKey = async () => { refused++; throw new DOMException("no Ed25519", "NotSupportedError"); };
  }
  const found = [];
  for (const parts of cases) found.push(await isSigned(...parts.map(fromBase64)));
  return [found, refused];
};
"""


@pytest.mark.parametrize("how", ["by WebCrypto", "refused"])
def test_a_signature_counts_as_the_format_says(how: str) -> None:
    cases = edwards.cases()
    parts = [[base64_of(p) for p in (case.key, case.signature, case.message)] for case in cases]
    found, refused = ran(SOURCE, [how, parts])
    assert [case.what for case, good in zip(cases, found, strict=True) if good != case.is_good] == []
    assert (refused > 20) == (how == "refused")


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
