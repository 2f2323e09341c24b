/** Files inside records (FORMAT.md, "Records"): they may be large, and are taken out before a record is parsed. */

import { fromBase64 } from "./base64";
import { MalformedDocument } from "./bytes";
import { sha256Hex } from "./digest";

/** Characters of the longest file in base64, 8 MiB; also in the schema. */
const MAX_FILE = 11_184_812;

const BEGIN = new TextEncoder().encode('{"bytes":"');
const QUOTE = 0x22;

export interface Apart {
  /** The file in base64, as it stands there; null where there is none. */
  file: Uint8Array | null;
  /** The record with an empty `bytes` instead. */
  text: Uint8Array;
}

/**
 * Takes the file out of a record. `bytes` is the first key of every canonical exhibit record that has it, and base64
 * holds no character that JSON would escape, so the rest is canonical exactly if the whole is.
 *
 * @throws MalformedDocument the file is too long.
 */
export function apart(data: Uint8Array): Apart {
  const end = BEGIN.every((byte, i) => data[i] === byte) ? data.indexOf(QUOTE, BEGIN.length) : -1;
  const file = data.subarray(BEGIN.length, Math.max(end, BEGIN.length));
  if (end < 0 || !file.every(isBase64)) return { file: null, text: data };
  if (file.length > MAX_FILE) throw new MalformedDocument(`a file of more than ${MAX_FILE} characters in base64`);
  const text = new Uint8Array(BEGIN.length + data.length - end);
  text.set(BEGIN);
  text.set(data.subarray(end), BEGIN.length);
  return { file, text };
}

/**
 * Checks the file of an exhibit record.
 *
 * @throws MalformedDocument it isn't canonical base64, or of another size or digest than the record states.
 */
export function checkFile(file: Uint8Array, size: number, sha256: string): void {
  const data = fromBase64(new TextDecoder().decode(file));
  if (data.length !== size || sha256Hex(data) !== sha256) {
    throw new MalformedDocument("size or sha256 isn't that of the bytes in it");
  }
}

function isBase64(byte: number): boolean {
  return (
    (byte >= 0x41 && byte <= 0x5a) || // A to Z
    (byte >= 0x61 && byte <= 0x7a) || // a to z
    (byte >= 0x2f && byte <= 0x39) || // slash, 0 to 9
    byte === 0x2b || // plus
    byte === 0x3d // equals sign
  );
}
