/** Step 9 of FORMAT.md, "Verification": time-stamp tokens over the register's checkpoints, and the order of times. */

import { Unsupported } from "./algorithms";
import { Mismatch } from "./cms";
import { MalformedDer } from "./der";
import { nameText } from "./dnames";
import { tokenNumber } from "./names";
import { Broken } from "./publickeys";
import type { State } from "./state";
import { formatTimestamp, timestamp } from "./times";
import { verifyToken } from "./timestamps";
import { judgeTrust } from "./trust";
import type { Options } from "./verify";

const MAX_TOKEN = 64 * 1024;
/** How far the sealer's clock may be ahead of an authority's, beyond the accuracy that the token states. */
const TOLERANCE_MS = 300_000;

/** A time that a trusted authority vouches for. */
export interface Stamp {
  time: number;
  accuracyMs: number;
  /** Untrusted text. */
  authority: string;
}

/** What keeps a token from proving a time. */
export interface Problem {
  code: "TOKEN_MALFORMED" | "TOKEN_UNSUPPORTED" | "TOKEN_BROKEN" | "TSA_UNKNOWN";
  reason: string;
}

interface Open extends Problem {
  name: string;
}

/** Judge a token over some bytes by itself and by the verifier's trust. */
export async function judgeToken(data: Uint8Array, stamped: Uint8Array, options: Options): Promise<Stamp | Problem> {
  try {
    const { time, accuracyMs, certificate, others } = await verifyToken(new Uint8Array(data), stamped);
    const authority = nameText(certificate.subject);
    nameText(certificate.issuer);
    const { status } = await judgeTrust(certificate, others, options.tsaAnchors, time, "timestamp");
    return status === "trusted" ? { time, accuracyMs, authority } : { code: "TSA_UNKNOWN", reason: authority };
  } catch (error) {
    return problem(error);
  }
}

function problem(error: unknown): Problem {
  const reason = error instanceof Error ? error.message : "";
  if (error instanceof MalformedDer) return { code: "TOKEN_MALFORMED", reason };
  if (error instanceof Unsupported) return { code: "TOKEN_UNSUPPORTED", reason };
  if (error instanceof Broken || error instanceof Mismatch) return { code: "TOKEN_BROKEN", reason };
  throw error;
}

/** Step 9, tokens. Where none is expected, one that can't be judged is as good as absent. */
export async function checkTokens(state: State): Promise<void> {
  const { manifest } = state;
  if (!manifest) return;
  const { open, seen, isSkipped } = await checkOwn(state);
  const beside = await checkBeside(state);
  state.check(9, 1 + seen + state.sideTokens.length);
  const isMissed = manifest.time_policy === "expected" && !state.proven;
  for (const { code, name, reason } of [...open, ...beside]) {
    if (isMissed) state.find(code, name, { reason });
    else state.note("TOKEN_UNKNOWN_IGNORED", name, { reason });
  }
  if (isMissed && !seen && !beside.length && !isSkipped) state.find("TOKEN_MISSING", "");
  if (state.proven?.inSidecar) state.note("TIME_FROM_SIDECAR", state.proven.token);
  if (!state.proven && !isMissed) state.note("TIME_CLAIMED_ONLY", "");
  if (!isMissed || !isSkipped) state.finished.add(9);
  checkOrder(state);
}

/** The archive's tokens: those that stay open, how many count, and whether one went with proof 001. */
async function checkOwn(state: State): Promise<{ open: Open[]; seen: number; isSkipped: boolean }> {
  const open: Open[] = [];
  let seen = 0;
  let isSkipped = false;
  for (const { name } of state.members) {
    const number = tokenNumber(name);
    if (number === null) continue;
    const head = state.heads.get(number);
    if (head) {
      seen += 1;
      open.push(...(await checkToken(state, name, head.committed)));
    } else {
      isSkipped ||= number === 1;
      state.note("TOKEN_NOT_CHECKED", name);
    }
  }
  return { open, seen, isSkipped };
}

async function checkToken(state: State, name: string, committed: Uint8Array): Promise<Open[]> {
  const data = await state.read(name, MAX_TOKEN, "TOKEN_MALFORMED");
  const found = data && (await judged(state, name, data, committed, false));
  if (!found) return [];
  if (isOpen(found)) return [{ ...found, name }];
  state.find(found.code, name, { reason: found.reason });
  return [];
}

/** The sidecar's tokens; one that doesn't hold is as good as absent. */
async function checkBeside(state: State): Promise<Open[]> {
  const open: Open[] = [];
  for (const { name, data, committed } of state.sideTokens) {
    const found = await judged(state, name, data, committed, true);
    if (!found) continue;
    if (isOpen(found)) open.push({ ...found, name });
    else state.note("SIDECAR_TOKEN_IGNORED", name, { reason: found.reason });
  }
  return open;
}

function isOpen({ code }: Problem): boolean {
  return code === "TSA_UNKNOWN" || code === "TOKEN_UNSUPPORTED";
}

/** The earliest token that holds gives the proven time. */
async function judged(
  state: State,
  token: string,
  data: Uint8Array,
  committed: Uint8Array,
  inSidecar: boolean,
): Promise<Problem | null> {
  const found = await judgeToken(data, committed, state.options);
  if ("code" in found) return found;
  if (!state.proven || found.time < state.proven.time) state.proven = { ...found, token, inSidecar };
  return null;
}

/** Nothing can be proven to exist before it was made. */
function checkOrder(state: State): void {
  const { proven, signingClaimed, entry } = state;
  if (!proven) return;
  const claims = [signingClaimed, entry && timestamp(entry.claimedTime)].filter((claim) => claim !== null);
  const latest = Math.max(...claims);
  if (claims.length && latest - proven.time > proven.accuracyMs + TOLERANCE_MS) {
    state.find("TIME_ORDER", proven.token, { claimed: formatTimestamp(latest), proven: formatTimestamp(proven.time) });
  }
}
