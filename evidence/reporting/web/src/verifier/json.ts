/** Canonical JSON (RFC 8785) as far as FORMAT.md, "Documents", allows it. */

import type { Json } from "../answer";
import { MalformedDocument } from "./bytes";

export { MalformedDocument } from "./bytes";

const MAX_DEPTH = 16;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Read a document that is its own canonical form.
 *
 * Whether it is, is told by writing it again: so no key stands twice, nothing is out of order, and every number and
 * text is written as RFC 8785 has it.
 *
 * @param limit bytes that it may have.
 * @throws MalformedDocument it isn't one.
 */
export function decode(data: Uint8Array, limit: number): Json {
  if (data.length > limit) throw new MalformedDocument(`longer than ${limit} bytes`);
  if (isDeep(data)) throw new MalformedDocument(`nested deeper than ${MAX_DEPTH}`);
  const text = decodedText(data);
  const value = parsed(text);
  check(value, 1);
  if (write(value) !== text) throw new MalformedDocument("not in canonical form (RFC 8785)");
  return value;
}

/** The canonical text of a document that `decode` took, or of a part of it. */
export function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${write(value[key]!)}`).join(",")}}`;
}

/** Whether a value is an object; its members are untrusted, and only its own ones are meant. */
export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodedText(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new MalformedDocument("not UTF-8");
  }
}

/** Whether more lists and objects stand inside one another than any document may have: before time goes into them. */
function isDeep(data: Uint8Array): boolean {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < data.length; i++) {
    const byte = data[i]!;
    if (byte === QUOTE) isText = !isText;
    else if (isText) i += byte === BACKSLASH ? 1 : 0;
    // [ and { differ from each other in one bit, and so do ] and }
    else if ((byte | 0x20) === OPEN && ++depth > MAX_DEPTH) return true;
    else if ((byte | 0x20) === CLOSE) depth -= 1;
  }
  return false;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new MalformedDocument("not JSON");
  }
}

function check(value: Json, depth: number): void {
  if (depth > MAX_DEPTH) throw new MalformedDocument(`nested deeper than ${MAX_DEPTH}`);
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new MalformedDocument("a number that isn't an integer within 2**53-1");
  }
  // with the flag u, only a surrogate without its other half matches
  if (typeof value === "string" && /[\ud800-\udfff]/u.test(value)) throw new MalformedDocument("a lone surrogate");
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth + 1);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) checkMember(key, value[key]!, depth);
  }
}

function checkMember(key: string, value: Json, depth: number): void {
  if (/[^\0-\x7f]/.test(key)) throw new MalformedDocument("a key that isn't ASCII");
  check(value, depth + 1);
}
