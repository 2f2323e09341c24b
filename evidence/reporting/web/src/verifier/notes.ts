/** Signed notes (C2SP signed-note) with Ed25519 keys (FORMAT.md, "Checkpoint"). */

import { fromBase64 } from "./base64";
import { type Bytes, MalformedDocument, concat, equal, utf8 } from "./bytes";
import { sha256 } from "./digest";
import { isSigned } from "./ed25519";
import { fromHex } from "./hex";

/** Bytes of the longest note. */
export const MAX_NOTE = 64 * 1024;

const MAX_LINES = 64;
const KEY_ID = 4;
const PUBLIC_KEY = 32;
const ED25519 = 0x01;
const DASH = "\u2014 ";

/** The note isn't signed by the key, or its line is wrong, stands there twice, or signs something else. */
export class NotAuthentic extends MalformedDocument {}

/** A public key that signs notes, and its name. */
export interface VerifierKey {
  name: string;
  keyId: Bytes;
  publicKey: Bytes;
}

export interface SignatureLine {
  name: string;
  keyId: Bytes;
  signature: Bytes;
  /** The line without its LF. */
  raw: string;
}

/** A note taken apart, not verified. */
export interface SignedNote {
  /** With its final LF. */
  text: string;
  lines: SignatureLine[];
}

/** @throws MalformedDocument it isn't a note. */
export function parseNote(data: Uint8Array): SignedNote {
  if (data.length > MAX_NOTE) throw new MalformedDocument(`a note of more than ${MAX_NOTE} bytes`);
  const whole = noteText(data);
  const end = whole.lastIndexOf("\n\n");
  const lines = whole.slice(end + 2, -1).split("\n");
  if (end < 0 || end + 2 === whole.length || lines.length > MAX_LINES) {
    throw new MalformedDocument(`not text, an empty line and 1 to ${MAX_LINES} signature lines`);
  }
  return { text: whole.slice(0, end + 1), lines: lines.map(parseLine) };
}

function noteText(data: Uint8Array): string {
  let whole: string;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new MalformedDocument("a note that isn't UTF-8");
  }
  if (!whole.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(whole)) {
    throw new MalformedDocument("a note that isn't lines of plain text");
  }
  return whole;
}

function parseLine(raw: string): SignatureLine {
  const space = raw.indexOf(" ", DASH.length);
  if (!raw.startsWith(DASH) || space < 0) throw new MalformedDocument("a signature line that isn't one");
  const data = fromBase64(raw.slice(space + 1));
  if (data.length <= KEY_ID) throw new MalformedDocument("a signature line without a signature");
  const name = checkedName(raw.slice(DASH.length, space));
  return { name, keyId: data.slice(0, KEY_ID), signature: data.slice(KEY_ID), raw };
}

/** Names of keys aren't empty and hold neither plus signs nor white space. */
function checkedName(name: string): string {
  if (!name || /[+\p{White_Space}]/u.test(name)) throw new MalformedDocument("not the name of a key");
  return name;
}

/**
 * A verifier key from its text form NAME+KEYID+BASE64 (FORMAT.md, "manifest.json").
 *
 * @throws MalformedDocument it isn't one, isn't Ed25519, or has another key id than its own.
 */
export function parseVerifierKey(text: string): VerifierKey {
  const found = /^([^+]+)\+([^+]*)\+(.*)$/su.exec(text);
  if (!found) throw new MalformedDocument("not a verifier key of the form NAME+KEYID+BASE64");
  const [name, keyId, data] = [checkedName(found[1]!), fromHex(found[2]!, KEY_ID), fromBase64(found[3]!)];
  if (data.length !== 1 + PUBLIC_KEY || data[0] !== ED25519) {
    throw new MalformedDocument("not an Ed25519 verifier key");
  }
  const own = sha256(concat(utf8(`${name}\n`), data)).slice(0, KEY_ID);
  if (!equal(own, keyId)) throw new MalformedDocument("the key id isn't that of the name and the key");
  return { name, keyId, publicKey: data.slice(1) };
}

/**
 * The one signature line of that key, verified; lines of other keys are ignored.
 *
 * @throws NotAuthentic no line has the key's name and id, two have, or the signature doesn't fit.
 */
export async function verifyNote(note: SignedNote, key: VerifierKey): Promise<SignatureLine> {
  const [line, ...others] = note.lines.filter((own) => own.name === key.name && equal(own.keyId, key.keyId));
  if (!line) throw new NotAuthentic("no signature line of that key");
  if (others.length) throw new NotAuthentic("two signature lines of one key");
  if (!(await isSigned(key.publicKey, line.signature, utf8(note.text)))) {
    throw new NotAuthentic("the signature doesn't fit the text");
  }
  return line;
}

/** The note as committed, which is what a time-stamp token is over (FORMAT.md, "Token"). */
export function committed(note: SignedNote, line: SignatureLine): Bytes {
  return utf8(`${note.text}\n${line.raw}\n`);
}
