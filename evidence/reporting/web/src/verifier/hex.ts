/** Hexadecimal digits, lower case (FORMAT.md, "Documents"). */

import { type Bytes, MalformedDocument } from "./bytes";

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += DIGITS[byte];
  return text;
}

/**
 * Exactly `size` bytes written as lower-case hexadecimal digits.
 *
 * @throws MalformedDocument anything else.
 */
export function fromHex(text: string, size: number): Bytes {
  if (text.length !== 2 * size || !/^[0-9a-f]*$/.test(text)) {
    throw new MalformedDocument(`not ${2 * size} lower-case hexadecimal digits`);
  }
  return Uint8Array.from({ length: size }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
