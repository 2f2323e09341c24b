/** Which certificate a signature says it is by: ESS signing certificate attributes (RFC 2634, RFC 5035). */

import { algorithm, digest, digestOf } from "./algorithms";
import { type Bytes, equal } from "./bytes";
import { Mismatch, type SignedMessage } from "./cms";
import { type Element, Fields, TAG, context, inside } from "./der";
import { integer, octets } from "./dervalues";
import type { Certificate } from "./x509";

const V1 = "1.2.840.113549.1.9.16.2.12";
const V2 = "1.2.840.113549.1.9.16.2.47";

/** ESSCertID or ESSCertIDv2. */
interface CertificateId {
  /** Null where it is the default. */
  algorithm: Element | null;
  digest: Bytes;
  issuerSerial: { names: Element[]; serial: bigint } | null;
}

/**
 * signingCertificateV2 is there, and the first certificate it names is the signer's.
 *
 * @throws Mismatch, Unsupported, MalformedDer
 */
export async function checkV2({ attributes, signer }: SignedMessage): Promise<void> {
  const value = attributes.get(V2);
  if (!value) throw new Mismatch("no signingCertificateV2");
  const first = namedFirst(value, true);
  if (!first) throw new Mismatch("an empty signingCertificateV2");
  const name = first.algorithm ? digestOf(algorithm(first.algorithm)) : "SHA-256";
  if (!equal(first.digest, await digest(name, signer.der))) {
    throw new Mismatch("signingCertificateV2 names another certificate");
  }
  checkIssuer(first, signer);
}

/** The same for a token, where signingCertificate by SHA-1 may stand instead; if both are there, both must fit. */
export async function checkEither(message: SignedMessage): Promise<void> {
  const { attributes, signer } = message;
  const value = attributes.get(V1);
  if (value) {
    const first = namedFirst(value, false);
    // it ties no content, only a certificate that holds the right key anyway
    if (!first || !equal(first.digest, await digest("SHA-1", signer.der))) {
      throw new Mismatch("signingCertificate names another certificate");
    }
    checkIssuer(first, signer);
  }
  if (!value || attributes.has(V2)) await checkV2(message);
}

function namedFirst(value: Element, isV2: boolean): CertificateId | undefined {
  const fields = Fields.of(value);
  const listed = inside(fields.any(), TAG.sequence).map((item) => certificateId(item, isV2));
  const policies = fields.optional(TAG.sequence);
  if (policies) inside(policies, TAG.sequence);
  fields.end();
  return listed[0];
}

function certificateId(item: Element, isV2: boolean): CertificateId {
  const fields = Fields.of(item);
  const named = isV2 ? fields.optional(TAG.sequence) : null;
  if (named) algorithm(named);
  const found = octets(fields.any());
  const issuerSerial = fields.optional(TAG.sequence);
  fields.end();
  return { algorithm: named, digest: found, issuerSerial: issuerSerial && issuerAndSerial(issuerSerial) };
}

function issuerAndSerial(item: Element): { names: Element[]; serial: bigint } {
  const fields = Fields.of(item);
  const found = { names: inside(fields.any(), TAG.sequence), serial: integer(fields.any()) };
  fields.end();
  return found;
}

function checkIssuer({ issuerSerial }: CertificateId, signer: Certificate): void {
  if (!issuerSerial) return;
  const { names, serial } = issuerSerial;
  const isIssuer = names.some(({ tag, contents }) => tag === context(4) && equal(contents, signer.issuer));
  if (!isIssuer || serial !== signer.serial) {
    throw new Mismatch("the signing certificate attribute names another issuer or serial number");
  }
}
