/** META-INF/ASiCManifest001.xml: written again from what it says, and compared (FORMAT.md, "ASiCManifest001.xml"). */

import { base64, fromBase64 } from "./base64";
import { MalformedDocument, ascii } from "./bytes";
import { fromHex, hex } from "./hex";
import { SIGNATURE, isInBody, isValid } from "./names";

const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n' +
  `<SigReference URI="${SIGNATURE}" MimeType="application/pkcs7-signature"/>\n`;
const TAIL = "</ASiCManifest>\n";
const LINE = /^<DataObjectReference URI="([^"]*)"><ds:DigestMethod Algorithm="([^"]*)"\/><ds:DigestValue>([^<]*)</;

/** The template but for a digest algorithm that this version doesn't know. */
export class UnsupportedDigest extends MalformedDocument {
  constructor(readonly algorithm: string) {
    super("a digest algorithm other than SHA-256");
  }
}

interface Row {
  name: string;
  algorithm: string;
  digest: string;
}

/**
 * Names of the body's members and their digests (hexadecimal), in order.
 *
 * @throws UnsupportedDigest the list is in order, but names another algorithm.
 * @throws MalformedDocument any other byte than the template's, a name that no member of the body may have, or twice.
 */
export function parseAsicManifest(data: Uint8Array): Map<string, string> {
  const text = ascii(data);
  const rows = text.split("\n").slice(3, -2).map(rowOf);
  if (HEAD + rows.map(written).join("") + TAIL !== text) throw new MalformedDocument("not as the template has it");
  const listed = new Map(rows.map(({ name, digest }) => [name, hex(fromBase64(digest))]));
  requireNames(rows.map(({ name }) => name));
  const other = rows.find(({ algorithm }) => algorithm !== SHA256);
  if (other) throw new UnsupportedDigest(other.algorithm);
  const foreign = rows.find(({ name }) => !isInBody(name));
  if (foreign) throw new MalformedDocument(`lists ${foreign.name}, which is no member of the body`);
  return listed;
}

function rowOf(line: string): Row {
  const [, name, algorithm, digest] = LINE.exec(line) ?? [];
  if (name === undefined || algorithm === undefined || digest === undefined || !/^[!-~]+$/.test(algorithm)) {
    throw new MalformedDocument("a line isn't as the template has it");
  }
  if (/[<>&]/.test(algorithm)) throw new MalformedDocument("an algorithm that isn't a URI");
  if (algorithm === SHA256) fromHex(hex(fromBase64(digest)), 32);
  return { name, algorithm, digest };
}

function written({ name, algorithm, digest }: Row): string {
  return (
    `<DataObjectReference URI="${name}"><ds:DigestMethod Algorithm="${algorithm}"/>` +
    `<ds:DigestValue>${base64(fromBase64(digest))}</ds:DigestValue></DataObjectReference>\n`
  );
}

/** @throws MalformedDocument no names, an invalid one, or one twice without regard to case. */
export function requireNames(names: readonly string[]): void {
  if (!names.length) throw new MalformedDocument("lists nothing");
  if (!names.every(isValid)) throw new MalformedDocument("lists a name that no member may have");
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new MalformedDocument("lists a name twice");
  }
}
