/** Register entries (FORMAT.md, "Register entry"). */

import type { Json } from "../answer";
import * as schemas from "../../generated/schemas";
import { type Bytes, MalformedDocument } from "./bytes";
import { fromHex } from "./hex";
import { decode } from "./json";
import { HASH_SIZE, leafHash } from "./merkle";
import { timestamp } from "./times";

/** Bytes of the longest entry. */
export const MAX_ENTRY = 4096;

export interface Entry {
  type: string;
  origin: string;
  sequence: number;
  /** As written; it exists. */
  claimedTime: string;
  /** Leaf hash of the entry before; null in entry 0. */
  previous: Bytes | null;
  /** Hash of the entry itself. */
  leaf: Bytes;
  /** The bytes it was read from. */
  data: Uint8Array;
  /** All fields as they stand in the document. */
  fields: { [key: string]: Json };
}

interface Void {
  sequence: number;
  leaf: string;
}

/**
 * @param leaf its leaf hash, where it is known.
 * @throws MalformedDocument it isn't an entry.
 */
export function parseEntry(data: Uint8Array, leaf: Bytes = leafHash(data)): Entry {
  const fields = decode(data, MAX_ENTRY) as { [key: string]: Json };
  if (!schemas.entry(fields)) throw new MalformedDocument("not as the schema register-entry.v1 prescribes it");
  const [type, origin, sequence] = [fields.type as string, fields.origin as string, fields.sequence as number];
  const claimedTime = fields.claimed_time as string;
  timestamp(claimedTime);
  checkNames(fields, type, origin);
  if (type === "void" && voided(fields).sequence >= sequence) {
    throw new MalformedDocument("a void of an entry that doesn't come before it");
  }
  const previous = fields.previous === null ? null : fromHex(fields.previous as string, HASH_SIZE);
  return { type, origin, sequence, claimedTime, previous, leaf, data, fields };
}

/** What a valid entry of type void voids. */
export function voided(fields: { [key: string]: Json }): Void {
  return fields.voids as unknown as Void;
}

/** A field that is text, else empty: entries of later versions may hold anything. */
export function textOf(entry: Entry, name: string): string {
  const value = Object.hasOwn(entry.fields, name) ? entry.fields[name] : "";
  return typeof value === "string" ? value : "";
}

/** Keys have the names of their registers, and no register continues itself. */
function checkNames(fields: { [key: string]: Json }, type: string, origin: string): void {
  if (type === "created" && !isNamed(fields.register_key, origin)) {
    throw new MalformedDocument("a register key of another name than the origin");
  }
  if (type !== "continues") return;
  if (!isNamed(fields.former_key, fields.former_origin as string)) {
    throw new MalformedDocument("a former key of another name than the former origin");
  }
  if (fields.former_origin === origin) throw new MalformedDocument("a register that continues itself");
}

function isNamed(key: Json | undefined, name: string): boolean {
  return (key as string).startsWith(`${name}+`);
}
