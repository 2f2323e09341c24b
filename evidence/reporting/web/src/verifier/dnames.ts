/** Distinguished names (RFC 5280 section 4.1.2.4) as text (RFC 4514). */

import type { Bytes } from "./bytes";
import { type Element, Fields, TAG, element, inside, setOf } from "./der";
import { oid } from "./dervalues";
import { hex } from "./hex";

const SHORT: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
]);

/**
 * A Name in DER as text: the last part first, special characters escaped; a value that isn't a character string is `#`
 * with its DER in hexadecimal. Untrusted text.
 *
 * @throws MalformedDer not a Name.
 */
export function nameText(name: Bytes): string {
  const parts = inside(element(name), TAG.sequence).map((part) => setOf(part).map(pair));
  return parts
    .reverse()
    .map((part) => part.join("+"))
    .join(",");
}

function pair(item: Element): string {
  const fields = Fields.of(item);
  const type = oid(fields.any());
  const value = fields.any();
  fields.end();
  const text = characters(value);
  return `${SHORT.get(type) ?? type}=${text === null ? `#${hex(value.der)}` : escaped(text)}`;
}

/** Null where it isn't a character string, or not one of its kind. */
function characters({ tag, contents }: Element): string | null {
  switch (tag) {
    case 0x0c:
      return decoded("utf-8", contents);
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
      return contents.some((byte) => byte > 0x7f) ? null : latin(contents);
    case 0x14: // TeletexString, which in practice is Latin-1
      return latin(contents);
    case 0x1c:
      return universal(contents);
    case 0x1e:
      return decoded("utf-16be", contents);
    default:
      return null;
  }
}

function decoded(encoding: string, data: Bytes): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return null;
  }
}

/** UTF-32, big-endian. */
function universal(data: Bytes): string | null {
  if (data.length % 4) return null;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const codes = Array.from({ length: data.length / 4 }, (_, i) => view.getUint32(4 * i));
  if (codes.some((code) => code > 0x10ffff || (code >= 0xd800 && code < 0xe000))) return null;
  return codes.map((code) => String.fromCodePoint(code)).join("");
}

function escaped(value: string): string {
  const inner = value.replace(/["+,;<>\\]/g, "\\$&").replaceAll("\0", "\\00");
  const begun = /^[# ]/.test(inner) ? `\\${inner}` : inner;
  return begun.endsWith(" ") && value.length > 1 ? `${begun.slice(0, -1)}\\ ` : begun;
}

/** One character a byte. */
function latin(data: Bytes): string {
  return Array.from(data, (byte) => String.fromCharCode(byte)).join("");
}
