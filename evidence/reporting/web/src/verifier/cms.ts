/** CMS SignedData (RFC 5652) with one signer: the frame of signatures and tokens (FORMAT.md, "Signature"). */

import {
  type Algorithm,
  type DigestName,
  Unsupported,
  algorithm,
  digest,
  digestOf,
  signatureOf,
} from "./algorithms";
import { type Bytes, compare, concat, equal } from "./bytes";
import { type Element, Fields, MalformedDer, TAG, context, element, inside, setOf } from "./der";
import { integer, octets, oid } from "./dervalues";
import { Broken, checkSignature, publicKey } from "./publickeys";
import { type Certificate, parseCertificate } from "./x509";

export const DATA = "1.2.840.113549.1.7.1";
export const SIGNING_TIME = "1.2.840.113549.1.9.5";

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const MAX_SIZE = 256 * 1024;
const MAX_CERTIFICATES = 64;

/** The signer's certificate doesn't stand in the message. */
export class SignerMissing extends Unsupported {}

/** A good signature of that key, over other content. */
export class OtherContent extends Broken {}

/** The signature doesn't name the certificate that stands beside it. */
export class Mismatch extends Error {}

/** A message with one signer, read but not checked. */
export interface SignedMessage {
  contentType: string;
  /** Null where it is detached. */
  content: Bytes | null;
  /** Whether the set of certificates is in the order of DER. */
  isSorted: boolean;
  signer: Certificate;
  /** Further certificates that can be read. */
  others: Certificate[];
  digest: DigestName;
  /** The value of each signed attribute by its OID. */
  attributes: ReadonlyMap<string, Element>;
  signedBytes: Bytes;
  signatureAlgorithm: Algorithm;
  signature: Bytes;
}

interface SignedData {
  version: bigint;
  digestAlgorithms: Algorithm[];
  contentType: string;
  content: Bytes | null;
  certificates: Element[];
  signers: SignerInfo[];
}

interface SignerInfo {
  version: bigint;
  /** Issuer (DER) and serial number, or a subject key identifier. */
  names: { issuer: Bytes; serial: bigint } | { keyId: Bytes };
  digestAlgorithm: Algorithm;
  signedAttributes: Element | null;
  signatureAlgorithm: Algorithm;
  signature: Bytes;
}

/**
 * Read a signed message.
 *
 * @throws MalformedDer not strict DER, or not a message with one signer and signed attributes.
 * @throws Unsupported a version, algorithm or kind of key that isn't known here.
 * @throws SignerMissing the signer's certificate isn't in it.
 */
export function parseMessage(data: Bytes): SignedMessage {
  const signed = frame(data);
  const info = onlySigner(signed);
  const name = digestOf(info.digestAlgorithm);
  if (!signed.digestAlgorithms.some((listed) => listed.oid === info.digestAlgorithm.oid)) {
    throw new MalformedDer("the digest algorithm isn't among those listed");
  }
  signatureOf(info.signatureAlgorithm, name);
  if (!info.signedAttributes) throw new MalformedDer("no signed attributes");
  const { signer, others } = findSigner(info, signed.certificates);
  publicKey(signer.key);
  return {
    contentType: signed.contentType,
    content: signed.content,
    isSorted: signed.certificates.every((item, i, all) => i === 0 || compare(all[i - 1]!.der, item.der) <= 0),
    signer,
    others,
    digest: name,
    attributes: attributesOf(info.signedAttributes, signed.contentType),
    signedBytes: concat(Uint8Array.of(TAG.set), info.signedAttributes.der.subarray(1)),
    signatureAlgorithm: info.signatureAlgorithm,
    signature: info.signature,
  };
}

/**
 * Check signature value and message digest against the content.
 *
 * @throws Broken, OtherContent, Unsupported, MalformedDer
 */
export async function checkMessage(message: SignedMessage, content: Bytes): Promise<void> {
  const { signer, signatureAlgorithm, signedBytes, signature } = message;
  await checkSignature(signer.key, signatureAlgorithm, signedBytes, signature, message.digest);
  if (!equal(octets(message.attributes.get(MESSAGE_DIGEST)!), await digest(message.digest, content))) {
    throw new OtherContent("the message digest is that of other content");
  }
}

function frame(data: Bytes): SignedData {
  if (data.length > MAX_SIZE) throw new MalformedDer(`longer than ${MAX_SIZE} bytes`);
  const fields = Fields.of(element(data));
  const type = oid(fields.any());
  const content = fields.optional(context(0));
  fields.end();
  const [inner, ...more] = content ? inside(content, context(0)) : [];
  if (type !== SIGNED_DATA || !inner || more.length) throw new MalformedDer("not CMS SignedData");
  const signed = signedData(inner);
  if (signed.version !== 1n && signed.version !== 3n) throw new Unsupported(`CMS version ${signed.version}`);
  return signed;
}

function signedData(item: Element): SignedData {
  const fields = Fields.of(item);
  const version = integer(fields.any());
  const digestAlgorithms = setOf(fields.any()).map(algorithm);
  const { contentType, content } = encapsulated(fields.any());
  const listed = fields.optional(context(0));
  const certificates = listed ? inside(listed, context(0)) : [];
  const lists = fields.optional(context(1));
  if (lists) inside(lists, context(1));
  const signers = setOf(fields.any()).map(signerInfo);
  fields.end();
  return { version, digestAlgorithms, contentType, content, certificates, signers };
}

function encapsulated(item: Element): { contentType: string; content: Bytes | null } {
  const fields = Fields.of(item);
  const contentType = oid(fields.any());
  const wrapped = fields.optional(context(0));
  fields.end();
  if (!wrapped) return { contentType, content: null };
  return { contentType, content: octets(element(wrapped.contents)) };
}

function signerInfo(item: Element): SignerInfo {
  const fields = Fields.of(item);
  const version = integer(fields.any());
  const names = signerNames(fields.any());
  const digestAlgorithm = algorithm(fields.any());
  const signedAttributes = fields.optional(context(0));
  if (signedAttributes) setOf(signedAttributes, context(0)).map(attribute);
  const signatureAlgorithm = algorithm(fields.any());
  const signature = octets(fields.any());
  const unsigned = fields.optional(context(1));
  if (unsigned) setOf(unsigned, context(1)).map(attribute);
  fields.end();
  return { version, names, digestAlgorithm, signedAttributes, signatureAlgorithm, signature };
}

function signerNames(item: Element): SignerInfo["names"] {
  if (item.tag === context(0, false)) return { keyId: item.contents };
  const fields = Fields.of(item);
  const names = { issuer: fields.any().der, serial: integer(fields.any()) };
  fields.end();
  return names;
}

function attribute(item: Element): { type: string; values: Element[] } {
  const fields = Fields.of(item);
  const found = { type: oid(fields.any()), values: setOf(fields.any()) };
  fields.end();
  return found;
}

function onlySigner({ signers }: SignedData): SignerInfo {
  const [info, ...more] = signers;
  if (!info || more.length) throw new MalformedDer(`${signers.length} signers instead of one`);
  if (info.version !== ("keyId" in info.names ? 3n : 1n)) throw new MalformedDer("signer version");
  return info;
}

function findSigner(info: SignerInfo, listed: readonly Element[]): { signer: Certificate; others: Certificate[] } {
  if (listed.length > MAX_CERTIFICATES) throw new MalformedDer(`more than ${MAX_CERTIFICATES} certificates`);
  const all = listed.flatMap(readable);
  const certificates = [...new Map(all.map((one) => [one.sha256, one])).values()];
  const [signer, ...more] = certificates.filter((certificate) => isNamed(certificate, info.names));
  if (more.length) throw new MalformedDer("two certificates that could be the signer's");
  if (!signer) throw new SignerMissing("the signer's certificate isn't in it, or can't be read");
  return { signer, others: certificates.filter((one) => one !== signer) };
}

/** What isn't an X.509 certificate that can be read is left aside. */
function readable(item: Element): Certificate[] {
  if (item.tag !== TAG.sequence) return [];
  try {
    return [parseCertificate(item.der)];
  } catch (error) {
    if (error instanceof MalformedDer) return [];
    throw error;
  }
}

function isNamed(certificate: Certificate, names: SignerInfo["names"]): boolean {
  if ("keyId" in names) return names.keyId.length > 0 && equal(certificate.subjectKeyId, names.keyId);
  return equal(certificate.issuer, names.issuer) && certificate.serial === names.serial;
}

/** Each type once, with one value; the content type is the one outside. */
function attributesOf(signed: Element, contentType: string): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const { type, values } of setOf(signed, context(0)).map(attribute)) {
    if (found.has(type) || values.length !== 1) {
      throw new MalformedDer(`signed attribute ${type} hasn't exactly one value`);
    }
    found.set(type, values[0]!);
  }
  const [type, digest] = [found.get(CONTENT_TYPE), found.get(MESSAGE_DIGEST)];
  if (!type || !digest) throw new MalformedDer("signed attributes without content type or message digest");
  octets(digest);
  if (oid(type) !== contentType) throw new MalformedDer("the content type isn't the signed one");
  return found;
}
