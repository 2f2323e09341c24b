/** Step 8 of FORMAT.md, "Verification": checkpoints that the register signed, and the entry's place below them. */

import { MalformedDocument, equal } from "./bytes";
import { type Head, authenticate, parseCheckpoint } from "./checkpoints";
import { ENTRY } from "./entry";
import { NotAuthentic, type SignedNote, parseNote } from "./notes";
import type { Manifest, State } from "./state";
import { MAX_PROOF, type Proof, parseProof, proves } from "./tlogproof";

/** A proof taken apart; nothing of it is authentic. */
interface Read {
  number: number;
  proof: Proof;
  note: SignedNote;
  head: Head | null;
}

/** Name of the proof with that number, in an archive and in a sidecar. */
export function proofName(number: number): string {
  return `META-INF/register-${String(number).padStart(3, "0")}.tlog-proof`;
}

/** Numbers of the proofs among members, in their order. */
export function proofNumbers(names: readonly string[]): number[] {
  return names.flatMap((name) => {
    const found = /^META-INF\/register-(0[0-9]{2})\.tlog-proof$/.exec(name);
    return found && found[1] !== "000" ? [Number(found[1])] : [];
  });
}

/** Step 8; authentic checkpoints are what tokens, exports and kept checkpoints are compared with. */
export async function checkProofs(state: State): Promise<void> {
  if (!state.manifest) return;
  const read: Read[] = [];
  for (const number of proofNumbers(state.members.map((member) => member.name))) {
    state.check(8);
    const found = await readProof(state, state.manifest, number);
    if (found) read.push(found);
    if (found?.head) state.heads.set(number, found.head);
    else if (number > 1) state.note("PROOF_IGNORED", proofName(number));
  }
  compareHeads(state);
  for (const found of read) checkInclusion(state, found);
  if (state.entry && state.heads.has(1) && !state.isBlamed(ENTRY, proofName(1))) state.finished.add(8);
}

/** Null where there is nothing that could be one. */
async function readProof(state: State, manifest: Manifest, number: number): Promise<Read | null> {
  const data = await state.read(proofName(number), MAX_PROOF, number === 1 ? "PROOF_MALFORMED" : "");
  if (!data) return null;
  try {
    const proof = parseProof(data);
    const note = parseNote(proof.note);
    parseCheckpoint(note.text);
    return { number, proof, note, head: await authenticHead(state, manifest, number, note) };
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    if (number === 1) state.find("PROOF_MALFORMED", proofName(1), { reason: error.reason });
    return null;
  }
}

async function authenticHead(
  state: State,
  manifest: Manifest,
  number: number,
  note: SignedNote,
): Promise<Head | null> {
  try {
    return await authenticate(note, manifest);
  } catch (error) {
    if (!(error instanceof NotAuthentic)) throw error;
    if (number === 1) state.find("CHECKPOINT_BROKEN", proofName(1), { reason: error.reason });
    return null;
  }
}

/** Two authentic checkpoints of one size have one root. */
function compareHeads(state: State): void {
  const roots = new Map<number, Uint8Array>();
  for (const [number, { checkpoint }] of state.heads) {
    const known = roots.get(checkpoint.size) ?? checkpoint.root;
    roots.set(checkpoint.size, known);
    if (!equal(known, checkpoint.root)) state.find("REGISTER_FORK", proofName(number), { size: checkpoint.size });
  }
}

/** The entry stands where it says; of proofs after the first only authentic ones are asked. */
function checkInclusion(state: State, { number, proof, note, head }: Read): void {
  if (!state.entry || (number > 1 && !head)) return;
  const checkpoint = head?.checkpoint ?? parseCheckpoint(note.text);
  if (!proves(proof, state.entry, checkpoint)) state.find("PROOF_BROKEN", proofName(number), {}, ENTRY);
}
