/**
 * Strict DER (X.690): one way to write each value. FORMAT.md, "Signature", says what of a signature must be so.
 *
 * Elements are read in the order of their structure, and whatever isn't asked for is left over and refused.
 */

import { type Bytes, compare } from "./bytes";

/** The bytes aren't the DER of what they should be. */
export class MalformedDer extends Error {}

/** One element: its tag, and the bytes of it all and of its contents. */
export interface Element {
  /** The first byte, for tags below 31; else -1, which nothing asks for. */
  tag: number;
  der: Bytes;
  contents: Bytes;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` of a primitive or, by default, constructed element. */
export function context(number: number, isConstructed = true): number {
  return (isConstructed ? 0xa0 : 0x80) + number;
}

/** The one element that some bytes are, all of them. */
export function element(data: Bytes): Element {
  const [found, ...more] = elements(data);
  if (!found || more.length) throw new MalformedDer("not one element");
  return found;
}

/** The elements that some bytes are, one after another. */
export function elements(data: Bytes): Element[] {
  const found: Element[] = [];
  for (let position = 0; position < data.length; ) {
    const start = position + tagSize(data, position);
    const [contents, size] = lengthAt(data, start);
    const end = start + size + contents;
    if (end > data.length) throw new MalformedDer("an element that is cut short");
    const isLow = start === position + 1;
    found.push({
      tag: isLow ? data[position]! : -1,
      der: data.subarray(position, end),
      contents: data.subarray(start + size, end),
    });
    position = end;
  }
  return found;
}

/** Bytes of the tag: one, or more for numbers from 31 to 2^32-1, in their shortest form. */
function tagSize(data: Bytes, at: number): number {
  if ((data[at]! & 0x1f) !== 0x1f) return 1;
  let number = 0;
  for (let size = 1; size <= 5 && at + size < data.length; size++) {
    const byte = data[at + size]!;
    number = number * 128 + (byte & 0x7f);
    if (number === 0) break;
    if (byte < 0x80 && number >= 0x1f && number < 2 ** 32) return size + 1;
    if (byte < 0x80) break;
  }
  throw new MalformedDer("a tag that isn't DER");
}

/** The length of the contents, and the bytes that say it. */
function lengthAt(data: Bytes, at: number): [contents: number, size: number] {
  const first = data[at];
  if (first === undefined) throw new MalformedDer("an element that is cut short");
  if (first < 0x80) return [first, 1];
  const count = first - 0x80;
  const digits = data.subarray(at + 1, at + 1 + count);
  const length = digits.reduce((value, byte) => value * 256 + byte, 0);
  if (count < 1 || count > 4 || digits.length !== count || digits[0] === 0 || length < 0x80) {
    throw new MalformedDer("a length that isn't DER");
  }
  return [length, 1 + count];
}

/** The elements in an element with that tag. */
export function inside(item: Element, tag: number): Element[] {
  return elements(contentsOf(item, tag));
}

/** The contents of an element with that tag. */
export function contentsOf(item: Element, tag: number): Bytes {
  if (item.tag !== tag) throw new MalformedDer(`tag ${item.tag} instead of ${tag}`);
  return item.contents;
}

/** The elements of a SET OF, by that tag, in the order of DER. */
export function setOf(item: Element, tag: number = TAG.set): Element[] {
  const found = inside(item, tag);
  if (found.some((inner, i) => i > 0 && compare(found[i - 1]!.der, inner.der) > 0)) {
    throw new MalformedDer("a set that isn't in order");
  }
  return found;
}

/** Reads the elements of a SEQUENCE in their order. */
export class Fields {
  #next = 0;

  private constructor(readonly items: readonly Element[]) {}

  static of(item: Element, tag: number = TAG.sequence): Fields {
    return new Fields(inside(item, tag));
  }

  /** The next element, whatever it is. */
  any(): Element {
    const item = this.items[this.#next++];
    if (!item) throw new MalformedDer("a sequence that ends too early");
    return item;
  }

  /** The next element, if its tag is one of these. */
  optional(...tags: number[]): Element | null {
    const item = this.items[this.#next];
    if (!item || !tags.includes(item.tag)) return null;
    this.#next += 1;
    return item;
  }

  /** The next element, whatever it is, if there is one. */
  rest(): Element | null {
    return this.items[this.#next] ? this.any() : null;
  }

  /** @throws MalformedDer something is left. */
  end(): void {
    if (this.#next < this.items.length) throw new MalformedDer("a sequence with more than it may have");
  }
}
