/** Values of DER elements (X.690): numbers, times, names of things. */

import { type Bytes, ascii } from "./bytes";
import { type Element, MalformedDer, TAG, contentsOf } from "./der";
import { hex } from "./hex";

const MAX_OID = 63;
const MAX_ARC = 2n ** 128n;
const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,5}[1-9]))?Z$/;

/** An INTEGER, or a field of that type with another tag. */
export function integer(item: Element, tag: number = TAG.integer): bigint {
  const data = contentsOf(item, tag);
  const [first, second] = data;
  if (first === undefined) throw new MalformedDer("an integer without digits");
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new MalformedDer("an integer that isn't in its shortest form");
  }
  return BigInt.asIntN(8 * data.length, unsigned(data));
}

/** A number from its bytes, the highest first. */
export function unsigned(data: Bytes): bigint {
  return BigInt(`0x0${hex(data)}`);
}

export function boolean(item: Element): boolean {
  const data = contentsOf(item, TAG.boolean);
  if (data.length !== 1 || (data[0] !== 0 && data[0] !== 0xff)) throw new MalformedDer("a boolean that isn't DER");
  return data[0] === 0xff;
}

export function octets(item: Element, tag: number = TAG.octets): Bytes {
  return contentsOf(item, tag);
}

/** The bytes of a BIT STRING, and how many of its last bits are none of it. */
export function bits(item: Element, tag: number = TAG.bits): { data: Bytes; padding: number } {
  const contents = contentsOf(item, tag);
  const padding = contents[0] ?? 8;
  const last = contents.length > 1 ? contents[contents.length - 1]! : 0;
  if (padding > 7 || (padding > 0 && contents.length === 1) || last & ((1 << padding) - 1)) {
    throw new MalformedDer("a bit string that isn't DER");
  }
  return { data: contents.subarray(1), padding };
}

/** An OBJECT IDENTIFIER in decimals with dots; at most 63 bytes, each number below 2^128. */
export function oid(item: Element): string {
  const data = contentsOf(item, TAG.oid);
  if (!data.length || data.length > MAX_OID || data.at(-1)! >= 0x80) throw new MalformedDer("an object identifier");
  const arcs: bigint[] = [];
  let value = 0n;
  for (const byte of data) {
    if (value === 0n && byte === 0x80) throw new MalformedDer("an object identifier that isn't in its shortest form");
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (value >= MAX_ARC) throw new MalformedDer("an object identifier with too large a number");
    if (byte >= 0x80) continue;
    arcs.push(value);
    value = 0n;
  }
  const first = arcs[0]! < 80n ? arcs[0]! / 40n : 2n;
  return [first, arcs[0]! - 40n * first, ...arcs.slice(1)].join(".");
}

/** A UTCTime or GeneralizedTime in milliseconds since 1970, perhaps with a fraction. */
export function time(item: Element): number {
  if (item.tag !== TAG.utcTime && item.tag !== TAG.generalizedTime) throw new MalformedDer("not a time");
  return item.tag === TAG.utcTime ? utcTime(item) : generalizedTime(item);
}

function utcTime(item: Element): number {
  const found = UTC.exec(text(item));
  if (!found) throw new MalformedDer("a time that isn't DER");
  const [year, ...rest] = found.slice(1).map(Number) as [number, ...number[]];
  return moment([year < 50 ? 2000 + year : 1900 + year, ...rest]);
}

/** Fractions have at most six digits. */
export function generalizedTime(item: Element): number {
  contentsOf(item, TAG.generalizedTime);
  const found = GENERALIZED.exec(text(item));
  if (!found) throw new MalformedDer("a time that isn't DER");
  return moment(found.slice(1, 7).map(Number)) + Number(`0.${found[7] ?? 0}`) * 1000;
}

function text(item: Element): string {
  try {
    return ascii(item.contents);
  } catch {
    throw new MalformedDer("a time that isn't DER");
  }
}

function moment(parts: readonly number[]): number {
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const told = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const isThere = told.every((part, i) => part === parts[i]) && minute < 60 && second < 60;
  if (!isThere || year < 1) throw new MalformedDer("a time that doesn't exist");
  return date.getTime();
}
