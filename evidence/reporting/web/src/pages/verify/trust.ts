/** Certificates and fingerprints as people give them: as `--trust` of the command line takes them. */

import { isCertificate } from "../../verifier/x509";
import { Refused } from "./refused";

/** Longest file of certificates that is read. */
const LONGEST = 1024 * 1024;
const PREFIX = /^sha-?256(?: fingerprint)?\s*[:=]/iu;
const BEGIN = "-----BEGIN CERTIFICATE-----";
/** No two neighbouring parts take the same characters: however a file is made, it is gone through once. */
const PEM = /-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/gu;

/**
 * Fingerprints, one a line, as 64 lower-case hexadecimal digits each.
 *
 * Digits may be grouped by spaces, colons or hyphens, written in upper case, and stand behind `sha256:`.
 *
 * @param field id of the field that they stand in
 * @throws Refused a line isn't a whole SHA-256 fingerprint.
 */
export function fingerprints(text: string, field: string): string[] {
  const lines = text.split(/[\r\n,;]+/u).map((line) => line.trim());
  return joined(lines.filter((line) => line !== "")).map((line) => fingerprint(line, field));
}

/** Lines of which each holds a whole fingerprint: one that is printed in two lines goes on in the second. */
function joined(lines: string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (last === undefined || digitsOf(last).length >= 64 || PREFIX.test(line)) whole.push(line);
    else whole[whole.length - 1] = `${last} ${line}`;
  }
  return whole;
}

function digitsOf(text: string): string {
  return text.replace(PREFIX, "").replace(/[\s:-]/gu, "").toLowerCase();
}

function fingerprint(text: string, field: string): string {
  const digits = digitsOf(text);
  if (!/^[0-9a-f]*$/u.test(digits)) throw new Refused("page.trust_not_hex", "page.trust_hint", { text }, field);
  if (digits.length !== 64) throw new Refused("page.trust_length", "page.trust_hint", { n: digits.length }, field);
  return digits;
}

/**
 * The certificates (DER) of a file: PEM with one or more, or one in DER.
 *
 * @param field id of the field that it was given in
 * @throws Refused there is none in it, or a damaged one.
 * @throws DOMException it can't be read.
 */
export async function certificates(file: File, field: string): Promise<Uint8Array<ArrayBuffer>[]> {
  const data = new Uint8Array(await file.slice(0, LONGEST + 1).arrayBuffer());
  const found = data.length > LONGEST ? [] : data[0] === 0x30 ? [data] : fromPem(new TextDecoder().decode(data));
  if (found.length === 0 || !found.every(isCertificate)) {
    throw new Refused("page.no_certificates", "page.no_certificates_hint", { file: file.name }, field);
  }
  return found;
}

function fromPem(text: string): Uint8Array<ArrayBuffer>[] {
  const blocks = [...text.matchAll(PEM)].map((match) => (match[1] ?? "").replace(/\s/gu, ""));
  return blocks.length === text.split(BEGIN).length - 1 ? blocks.map(decoded) : [];
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
