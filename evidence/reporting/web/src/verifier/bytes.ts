/** Bytes: comparing and joining. */

/** Bytes in memory of their own, as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The order of DER: by bytes, a prefix before what it begins. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference) return difference;
  }
  return a.length - b.length;
}

export function concat(...parts: Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** UTF-8. */
export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

/**
 * Text of ASCII bytes.
 *
 * @throws MalformedDocument one of them isn't ASCII.
 */
export function ascii(data: Uint8Array): string {
  if (data.some((byte) => byte > 0x7f)) throw new MalformedDocument("not ASCII");
  return new TextDecoder().decode(data);
}

/** The one exception of all strict parsers: what was read isn't as FORMAT.md prescribes it. */
export class MalformedDocument extends Error {
  /** @param reason English, for people; it may hold nothing of what was read. */
  constructor(readonly reason: string) {
    super(reason);
  }
}
