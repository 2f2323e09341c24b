/**
 * Receipts and announcements after step 9's tokens (FORMAT.md, "Verification", step 9): is the place of the entry that a
 * record brings along proven, over a checkpoint from before the archive?
 */

import { MalformedDocument, utf8 } from "./bytes";
import { type Head, authenticHead } from "./checkpoints";
import type { Entry } from "./entries";
import { contradicts } from "./heads";
import type { Fields } from "./recordparts";
import type { Manifest, State } from "./state";
import { parseProof, proves } from "./tlogproof";

/**
 * The head above the entry in a record. An authentic one may show a fork, whatever else is wrong with the proof.
 *
 * @param member name of the record.
 * @throws MalformedDocument the place isn't proven.
 */
export async function provenHead(
  state: State,
  manifest: Manifest,
  member: string,
  record: Fields,
  entry: Entry,
): Promise<Head> {
  const proof = parseProof(utf8(record.proof as string));
  const head = await authenticHead(proof.note, manifest);
  const { checkpoint } = head;
  if (contradicts(checkpoint, [...state.heads.values(), ...state.olderHeads])) {
    state.find("REGISTER_FORK", member, { size: checkpoint.size });
  }
  state.olderHeads.push(head);
  if (!proves(proof, entry, checkpoint)) {
    throw new MalformedDocument("the proof doesn't lead from the entry to the checkpoint");
  }
  if (state.entry && checkpoint.size > state.entry.sequence) {
    throw new MalformedDocument("a checkpoint that is younger than the archive");
  }
  return head;
}
