/** Headers of members in the one form that FORMAT.md, "Container", prescribes (APPNOTE.TXT 4.3.7 and 4.3.12). */

import { type Bytes, concat, utf8 } from "./bytes";
import { Malformed } from "./zipfile";

/** The greatest number that stands in a field of 32 bits. */
export const MAX_32 = 0xfffffffe;
/** Bytes of a central header without name and extra field. */
export const CENTRAL_SIZE = 46;

const CENTRAL_SIGNATURE = 0x02014b50;
const DATE = 0x0021;
const ATTRIBUTES = 0o100644 * 0x10000;

/** What a member's headers say; the rest follows from it. */
export interface Header {
  name: string;
  size: number;
  crc32: number;
  /** Where its local header begins. */
  offset: number;
}

/** Bytes from numbers, each with its width in bytes; little-endian. */
export function packed(...fields: readonly (readonly [value: number, width: 2 | 4 | 8])[]): Bytes {
  const view = new DataView(new ArrayBuffer(fields.reduce((size, [, width]) => size + width, 0)));
  let position = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(position, value, true);
    else if (width === 4) view.setUint32(position, value, true);
    else view.setBigUint64(position, BigInt(value), true);
    position += width;
  }
  return new Uint8Array(view.buffer);
}

/** A number in a field of 32 bits: all ones where it stands in a ZIP64 field. */
export function narrow(value: number): number {
  return value > MAX_32 ? 0xffffffff : value;
}

function zip64(values: readonly number[]): Bytes {
  const wide = values.filter((value) => value > MAX_32);
  if (!wide.length) return new Uint8Array();
  return packed([1, 2], [8 * wide.length, 2], ...wide.map((value) => [value, 8] as const));
}

/** The fields that both headers have, from "version needed" to "length of the extra field". */
function common({ name, size, crc32 }: Header, extra: Bytes): Bytes {
  const sizes = packed([crc32, 4], [narrow(size), 4], [narrow(size), 4]);
  const lengths = packed([utf8(name).length, 2], [extra.length, 2]);
  return concat(packed([version(extra), 2], [0, 2], [0, 2], [0, 2], [DATE, 2]), sizes, lengths);
}

function version(extra: Bytes): number {
  return extra.length ? 45 : 20;
}

export function localHeader(header: Header): Bytes {
  const extra = zip64([header.size, header.size]);
  return concat(packed([0x04034b50, 4]), common(header, extra), utf8(header.name), extra);
}

export function centralHeader(header: Header): Bytes {
  const extra = zip64([header.size, header.size, header.offset]);
  const rest = packed([0, 2], [0, 2], [0, 2], [ATTRIBUTES, 4], [narrow(header.offset), 4]);
  const begin = packed([CENTRAL_SIGNATURE, 4], [0x300 + version(extra), 2]);
  return concat(begin, common(header, extra), rest, utf8(header.name), extra);
}

/** What a central header says, by its own account; whoever reads it makes it again and compares. */
export interface Central {
  name: Bytes;
  size: number;
  crc32: number;
  offset: number;
  /** Bytes of the whole header. */
  length: number;
}

/** @throws Malformed no whole central header stands there. */
export function readCentral(directory: Bytes, start: number): Central {
  const view = new DataView(directory.buffer, directory.byteOffset + start, directory.length - start);
  if (view.byteLength < CENTRAL_SIZE || view.getUint32(0, true) !== CENTRAL_SIGNATURE) {
    throw malformed("the central directory holds something that isn't a member's header");
  }
  const [nameSize, extraSize, commentSize] = [28, 30, 32].map((at) => view.getUint16(at, true)) as [number, number, number];
  const length = CENTRAL_SIZE + nameSize + extraSize + commentSize;
  if (length > view.byteLength) throw malformed("the last header of the central directory is cut short");
  const nameEnd = start + CENTRAL_SIZE + nameSize;
  const wide = wideValues(directory.subarray(nameEnd, nameEnd + extraSize));
  const whole = (at: number) => {
    const value = view.getUint32(at, true);
    return value > MAX_32 ? (wide.shift() ?? value) : value;
  };
  const [size, , offset] = [whole(24), whole(20), whole(42)];
  const name = directory.subarray(start + CENTRAL_SIZE, nameEnd);
  return { name, size, crc32: view.getUint32(16, true), offset, length };
}

/** The numbers in an extra field that is ZIP64's and nothing else. Above 2^53 they are inexact, and beyond any file. */
function wideValues(extra: Bytes): number[] {
  if (![12, 20, 28].includes(extra.length)) return [];
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  if (view.getUint16(0, true) !== 1) return [];
  return Array.from({ length: extra.length >> 3 }, (_, i) => Number(view.getBigUint64(4 + 8 * i, true)));
}

function malformed(reason: string): Malformed {
  return new Malformed("CONTAINER_MALFORMED", "", reason);
}
