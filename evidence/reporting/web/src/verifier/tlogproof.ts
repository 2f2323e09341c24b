/** Inclusion proofs: C2SP tlog-proof@v1 (FORMAT.md, "Proof"). */

import { fromBase64 } from "./base64";
import { type Bytes, MalformedDocument, ascii } from "./bytes";
import { type Checkpoint, decimal } from "./checkpoints";
import { HASH_SIZE, isIncluded } from "./merkle";

/** Bytes of the longest proof. */
export const MAX_PROOF = 64 * 1024;

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 53;
const LF = 0x0a;

export interface Proof {
  /** Place of the entry, from 0. */
  index: number;
  /** Audit path from the leaf upwards. */
  path: Bytes[];
  /** The signed note, not looked into. */
  note: Uint8Array;
}

/** @throws MalformedDocument it isn't a proof. */
export function parseProof(data: Uint8Array): Proof {
  if (data.length > MAX_PROOF) throw new MalformedDocument(`a proof of more than ${MAX_PROOF} bytes`);
  const end = data.findIndex((byte, i) => byte === LF && data[i + 1] === LF);
  const note = data.subarray(end + 2);
  if (end < 0 || !note.length) throw new MalformedDocument("no checkpoint after an empty line");
  const [header, ...lines] = ascii(data.subarray(0, end)).split("\n");
  if (header !== HEADER) throw new MalformedDocument(`the first line isn't ${HEADER}`);
  if (lines[0]?.startsWith("extra ")) fromBase64(lines.shift()!.slice("extra ".length));
  const index = lines.shift() ?? "";
  if (!index.startsWith("index ")) throw new MalformedDocument("no index line");
  return { index: decimal(index.slice("index ".length)), path: parsePath(lines), note };
}

function parsePath(lines: string[]): Bytes[] {
  if (lines.length > MAX_HASHES) throw new MalformedDocument(`more than ${MAX_HASHES} hashes`);
  const path = lines.map(fromBase64);
  if (path.some((hash) => hash.length !== HASH_SIZE)) {
    throw new MalformedDocument(`a hash that isn't ${HASH_SIZE} bytes long`);
  }
  return path;
}

/** Whether a proof leads from an entry to a checkpoint (FORMAT.md, "Verification", step 8). */
export function proves(proof: Proof, entry: { sequence: number; leaf: Uint8Array }, head: Checkpoint): boolean {
  return proof.index === entry.sequence && isIncluded(entry.leaf, proof.index, head.size, proof.path, head.root);
}
