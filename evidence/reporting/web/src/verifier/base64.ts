/** Padded base64 (RFC 4648 section 4) in its only canonical form (FORMAT.md, "Documents"). */

import { type Bytes, MalformedDocument } from "./bytes";

const CHUNK = 0x6000;

export function base64(data: Uint8Array): string {
  const parts: string[] = [];
  // a multiple of 3, so that the parts join without padding between them
  for (let i = 0; i < data.length; i += CHUNK) {
    parts.push(btoa(String.fromCharCode(...data.subarray(i, i + CHUNK))));
  }
  return parts.join("");
}

/** @throws MalformedDocument text that `base64` doesn't write. */
export function fromBase64(text: string): Bytes {
  // atob takes white space and absent padding, and ignores bits behind the last byte
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new MalformedDocument("not base64");
  const data = decoded(text);
  const tail = text.slice(-4);
  if (tail && base64(data.subarray(data.length - lastGroup(tail))) !== tail) {
    throw new MalformedDocument("not canonical base64");
  }
  return data;
}

function lastGroup(tail: string): number {
  return 3 - (tail.length - tail.replace(/=+$/, "").length);
}

function decoded(text: string): Bytes {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new MalformedDocument("not base64");
  }
  const data = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) data[i] = binary.charCodeAt(i);
  return data;
}
