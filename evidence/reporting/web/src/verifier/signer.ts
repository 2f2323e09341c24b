/** Step 10 of FORMAT.md, "Verification": the signer's certificate and the verifier's trust. */

import { sha256Hex } from "./digest";
import type { SignerFacts, State } from "./state";
import { formatTimestamp } from "./times";
import { type ChainResult, judgeTrust } from "./trust";

const CODES = {
  unknown: "SIGNER_UNKNOWN",
  expired: "CERTIFICATE_EXPIRED",
  not_yet_valid: "CERTIFICATE_NOT_YET_VALID",
  unusable: "CERTIFICATE_UNUSABLE",
};

/** Step 10; trust is the verifier's, never the archive's. */
export async function checkSigner(state: State): Promise<void> {
  const { signature, signer, options } = state;
  if (!signature || !signer) return;
  const at = judgedAt(state);
  const trust = await judgeTrust(signature.signer, signature.others, options.anchors, at, "seal");
  state.trust = trust;
  state.check(10);
  state.finished.add(10);
  if (trust.status === "trusted") noteTrusted(state, signer, trust);
  else reportUntrusted(state, signer, CODES[trust.status], trust.reason, at);
}

/** The proven time, else the one asked for, else now; one that only a sidecar proves displaces no earlier one. */
function judgedAt({ proven, options }: State): number {
  const isEarlier = options.at !== undefined && proven !== null && options.at < proven.time;
  if (proven && !(proven.inSidecar && isEarlier)) return proven.time;
  return options.at ?? options.now;
}

function noteTrusted(state: State, signer: SignerFacts, trust: ChainResult): void {
  if (!trust.isDirect) state.note("SIGNER_NOT_EXPECTED", "", { name: signer.subject });
  if (!state.proven && state.options.at === undefined) {
    state.note("VERDICT_ENDS", "", { date: formatTimestamp(trust.validUntil) });
  }
}

function reportUntrusted(state: State, signer: SignerFacts, code: string, reason: string, at: number): void {
  state.find(code, "", {
    name: signer.subject,
    sha256: signer.sha256,
    reason,
    at: formatTimestamp(at),
    not_before: formatTimestamp(signer.notBefore),
    not_after: formatTimestamp(signer.notAfter),
  });
  if (code === CODES.unknown) noteMistakenTrust(state, signer.sha256);
}

/** Say so when the verifier named somebody, and it isn't this signer. */
function noteMistakenTrust(state: State, sha256: string): void {
  const { certificates, fingerprints } = state.options.anchors;
  if (state.asic && fingerprints.has(sha256Hex(state.asic))) state.note("TRUST_IS_ARCHIVE", "", { sha256 });
  else if (certificates.length || fingerprints.size) state.note("TRUST_OTHER", "", { sha256 });
}
