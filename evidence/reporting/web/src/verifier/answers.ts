/** The answer of a verification: the values of `evidence verify --json` (FORMAT.md, "Verdict"). */

import type { Answer, Finding, Position, Signer, Times } from "../answer";
import { sha256Hex } from "./digest";
import { hex } from "./hex";
import { RESULTS, ruleOf } from "./rules";
import type { State } from "./state";
import { formatTimestamp } from "./times";
import { isNews, results, steps, worst } from "./verdict";
import type { Options } from "./verify";
import type { Malformed } from "./zip";

/** @param hasContents whether something may be shown; else nothing is said of receipts in it. */
export function answerOf(state: State, hasContents: boolean): Answer {
  const findings = state.findings();
  const told = results(findings, state.finished, isHistoryAsked(state.options));
  const isPlaced = [4, 7, 8].every((step) => state.finished.has(step));
  return {
    verdict: worst(Object.values(told)),
    results: told,
    findings,
    notes: state.notes.filter((note) => isNews(note, told)),
    steps: steps(findings, state.finished, state.checks),
    archive_id: state.signer && state.manifest ? state.manifest.archive_id : "",
    identity: state.asic ? sha256Hex(state.asic) : "",
    signer: signerOf(state),
    times: timesOf(state, isPlaced),
    register: isPlaced ? positionOf(state) : null,
    received: hasContents ? state.received : [],
  };
}

/** Step 1 failed: nothing else can be said about such a file. */
export function malformedAnswer({ code, subject, reason }: Malformed, options: Options): Answer {
  const { step, status } = ruleOf(code);
  const finding: Finding = { code, subject, params: { reason }, step, result: RESULTS[step - 1]!, status };
  return {
    verdict: "FAILED",
    results: results([finding], new Set(), isHistoryAsked(options)),
    findings: [finding],
    notes: [],
    steps: steps([finding], new Set(), new Map()),
    archive_id: "",
    identity: "",
    signer: null,
    times: NO_TIMES,
    register: null,
    received: [],
  };
}

const NO_TIMES: Times = {
  signing_claimed: null,
  entry_claimed: null,
  proven: null,
  authority: null,
  token: null,
  token_in_proof_file: null,
};

function isHistoryAsked({ registerExport, checkpoint }: Options): boolean {
  return registerExport !== undefined || checkpoint !== undefined;
}

function signerOf({ signer, trust }: State): Signer | null {
  if (!signer) return null;
  return {
    subject: signer.subject,
    issuer: signer.issuer,
    certificate_sha256: signer.sha256,
    not_before: formatTimestamp(signer.notBefore),
    not_after: formatTimestamp(signer.notAfter),
    trust: trust?.status ?? null,
  };
}

/** Times of entry and token count only where the entry is this archive's, and proven. */
function timesOf({ signingClaimed, entry, proven }: State, isPlaced: boolean): Times {
  const signing_claimed = signingClaimed === null ? null : formatTimestamp(signingClaimed);
  if (!isPlaced) return { ...NO_TIMES, signing_claimed };
  return {
    signing_claimed,
    entry_claimed: entry?.claimedTime ?? null,
    proven: proven && formatTimestamp(proven.time),
    authority: proven && proven.authority,
    token: proven && proven.token,
    token_in_proof_file: proven && proven.inSidecar,
  };
}

/** Place in the register, as the first checkpoint has it. */
function positionOf({ entry, heads, confirmed }: State): Position | null {
  const head = heads.get(1)?.checkpoint;
  if (!entry || !head) return null;
  return { origin: head.origin, sequence: entry.sequence, size: head.size, root: hex(head.root), confirmed };
}
