/** Algorithms that signatures and certificates may use (FORMAT.md, "Signature"). */

import type { Bytes } from "./bytes";
import { type Element, Fields, MalformedDer, TAG } from "./der";
import { oid } from "./dervalues";

/** Well-formed, perhaps good, and not checked here. */
export class Unsupported extends Error {}

export type DigestName = "SHA-256" | "SHA-384" | "SHA-512";

/** An AlgorithmIdentifier (RFC 5280 section 4.1.1.2). */
export interface Algorithm {
  oid: string;
  /** Null where they are absent, or the value NULL. */
  parameters: Element | null;
  der: Bytes;
}

export interface SignatureAlgorithm {
  type: "ecdsa" | "rsa";
  digest: DigestName;
}

export const RSA = "1.2.840.113549.1.1.1";

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ["2.16.840.1.101.3.4.2.1", "SHA-256"],
  ["2.16.840.1.101.3.4.2.2", "SHA-384"],
  ["2.16.840.1.101.3.4.2.3", "SHA-512"],
]);
const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ["1.2.840.10045.4.3.2", { type: "ecdsa", digest: "SHA-256" }],
  ["1.2.840.10045.4.3.3", { type: "ecdsa", digest: "SHA-384" }],
  ["1.2.840.10045.4.3.4", { type: "ecdsa", digest: "SHA-512" }],
  ["1.2.840.113549.1.1.11", { type: "rsa", digest: "SHA-256" }],
  ["1.2.840.113549.1.1.12", { type: "rsa", digest: "SHA-384" }],
  ["1.2.840.113549.1.1.13", { type: "rsa", digest: "SHA-512" }],
]);

/** @throws MalformedDer not an AlgorithmIdentifier. */
export function algorithm(item: Element): Algorithm {
  const fields = Fields.of(item);
  const name = oid(fields.any());
  const parameters = fields.rest();
  fields.end();
  if (parameters?.tag === TAG.null && parameters.contents.length) throw new MalformedDer("a NULL with contents");
  return { oid: name, parameters: parameters?.tag === TAG.null ? null : parameters, der: item.der };
}

/** @throws Unsupported any but SHA-256, SHA-384 and SHA-512. */
export function digestOf({ oid, parameters }: Algorithm): DigestName {
  const name = DIGESTS.get(oid);
  if (!name || parameters) throw new Unsupported(`digest algorithm ${oid}`);
  return name;
}

/**
 * What a signature is made with.
 *
 * @param digest in CMS, the digest that stands beside it: it completes plain rsaEncryption, and every other must agree.
 * @throws Unsupported another algorithm, parameters, or two different digests.
 */
export function signatureOf({ oid, parameters }: Algorithm, digest?: DigestName): SignatureAlgorithm {
  const found = oid === RSA && digest ? ({ type: "rsa", digest } as const) : SIGNATURES.get(oid);
  if (!found || parameters) throw new Unsupported(`signature algorithm ${oid}`);
  if (digest && digest !== found.digest) throw new Unsupported(`signature algorithm ${oid} with a ${digest.replace("-", "").toLowerCase()} digest`);
  return found;
}

/** A digest by the browser. */
export async function digest(name: DigestName | "SHA-1", data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, data));
}
