/** Checkpoints of a register: C2SP tlog-checkpoint (FORMAT.md, "Checkpoint"). */

import { fromBase64 } from "./base64";
import { type Bytes, MalformedDocument } from "./bytes";
import { HASH_SIZE } from "./merkle";
import { NotAuthentic, type SignedNote, committed, parseNote, parseVerifierKey, verifyNote } from "./notes";

/** Head of a register at one size. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

/** A checkpoint that the register signed. */
export interface Head {
  checkpoint: Checkpoint;
  /** The bytes that a time-stamp token over it stamps. */
  committed: Bytes;
}

/** The register that manifest.json names. */
export interface Register {
  origin: string;
  register_key: string;
}

/** @throws MalformedDocument anything but a decimal from 0 to 2^53-1 in its only form. */
export function decimal(text: string): number {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new MalformedDocument("not a plain decimal number");
  return value;
}

/** @throws MalformedDocument it isn't the text of a checkpoint. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length < 3 || lines.includes("")) {
    throw new MalformedDocument("a checkpoint that isn't three lines or more");
  }
  const root = fromBase64(lines[2]!);
  if (root.length !== HASH_SIZE) throw new MalformedDocument(`a root that isn't ${HASH_SIZE} bytes long`);
  return { origin: lines[0]!, size: decimal(lines[1]!), root };
}

/**
 * Make sure that the register signed a note, and that it is a checkpoint of it.
 *
 * @throws NotAuthentic it didn't, or the checkpoint is of another origin.
 * @throws MalformedDocument the note's text isn't a checkpoint.
 */
export async function authenticate(note: SignedNote, register: Register): Promise<Head> {
  const line = await verifyNote(note, parseVerifierKey(register.register_key));
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== register.origin) throw new NotAuthentic("a checkpoint of another origin");
  return { checkpoint, committed: committed(note, line) };
}

/** @throws MalformedDocument the bytes aren't a checkpoint that this register signed. */
export async function authenticHead(data: Uint8Array, register: Register): Promise<Head> {
  return authenticate(parseNote(data), register);
}
