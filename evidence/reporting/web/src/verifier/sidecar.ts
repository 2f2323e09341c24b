/**
 * The sidecar in step 8 of FORMAT.md, "Verification": it can only add. What in it isn't authentic is noted and ignored;
 * one thing in it fails: a checkpoint that the register signed and that contradicts another.
 */

import { MalformedDocument, equal } from "./bytes";
import { authenticHead } from "./checkpoints";
import type { Entry } from "./entries";
import { ENTRY } from "./entry";
import { contradicts, ownHeads } from "./heads";
import { proofName, proofNumbers } from "./proofs";
import { readSidecar } from "./sidecarfile";
import type { Manifest, State } from "./state";
import { type Proof, parseProof, proves } from "./tlogproof";

/** Stands before names of its members, which an archive may have, too. */
const PREFIX = ".proof:";

/** Takes over what holds: checkpoints for step 11, tokens for step 9. */
export async function checkSidecar(state: State): Promise<void> {
  const { manifest, entry, options } = state;
  if (!options.sidecar || !manifest || !entry || state.isBlamed(ENTRY)) return;
  let parts: ReadonlyMap<string, Uint8Array>;
  try {
    parts = await readSidecar(options.sidecar);
    if (!equal(parts.get(ENTRY)!, entry.data)) throw new MalformedDocument("it belongs to another archive");
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.note("SIDECAR_IGNORED", "", { reason: error.reason });
    return;
  }
  for (const number of proofNumbers([...parts.keys()])) await judge(state, manifest, entry, parts, number);
}

/** One proof and its tokens. */
async function judge(
  state: State,
  manifest: Manifest,
  entry: Entry,
  parts: ReadonlyMap<string, Uint8Array>,
  number: number,
): Promise<void> {
  state.check(8);
  const name = `${PREFIX}${proofName(number)}`;
  try {
    const proof = parseProof(parts.get(proofName(number))!);
    const head = await authenticHead(proof.note, manifest);
    if (contradicts(head.checkpoint, ownHeads(state))) {
      state.find("REGISTER_FORK", name, { size: head.checkpoint.size });
      return;
    }
    requirePlace(proof, entry, head.checkpoint);
    state.sideHeads.set(number, head);
    for (const [member, data] of tokensOf(parts, number)) {
      state.sideTokens.push({ name: `${PREFIX}${member}`, data, committed: head.committed });
    }
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.note("SIDECAR_PROOF_IGNORED", name, { reason: error.reason });
  }
}

function requirePlace(proof: Proof, entry: Entry, checkpoint: Parameters<typeof proves>[2]): void {
  if (!proves(proof, entry, checkpoint)) {
    throw new MalformedDocument("the proof doesn't lead from the entry to the checkpoint");
  }
}

function tokensOf(parts: ReadonlyMap<string, Uint8Array>, number: number): [string, Uint8Array][] {
  const prefix = proofName(number).replace(".tlog-proof", "-token-");
  return [...parts].filter(([name]) => name.startsWith(prefix));
}
