/** X.509 certificates (RFC 5280) as far as signatures and paths need them; nothing is judged. */

import { type Algorithm, algorithm } from "./algorithms";
import { type Bytes, equal } from "./bytes";
import { type Element, Fields, MalformedDer, TAG, context, element, inside } from "./der";
import { bits, boolean, integer, octets, oid, time } from "./dervalues";
import { sha256Hex } from "./digest";
import { checkSignature } from "./publickeys";

export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
export const KEY_USAGE = "2.5.29.15";
export const SUBJECT_KEY_ID = "2.5.29.14";
export const BASIC_CONSTRAINTS = "2.5.29.19";
export const EXTENDED_KEY_USAGE = "2.5.29.37";

const MAX_SIZE = 256 * 1024;
const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;
const KEY_CERT_SIGN = 0x04;

export interface Extension {
  oid: string;
  isCritical: boolean;
  value: Bytes;
}

export interface Certificate {
  der: Bytes;
  sha256: string;
  serial: bigint;
  /** Names in DER, compared byte for byte. */
  issuer: Bytes;
  subject: Bytes;
  /** Milliseconds since 1970, both included. */
  notBefore: number;
  notAfter: number;
  /** SubjectPublicKeyInfo. */
  key: Element;
  extensions: ReadonlyMap<string, Extension>;
  isCa: boolean;
  pathLength: bigint | null;
  /** Bits of keyUsage; null without it. */
  usage: number | null;
  /** OIDs of extKeyUsage; null without it. */
  purposes: readonly string[] | null;
  /** Empty without it. */
  subjectKeyId: Bytes;
  tbs: Bytes;
  algorithm: Algorithm;
  signature: Bytes;
}

/** @throws MalformedDer not a certificate, or an extension that is read here isn't what it should be. */
export function parseCertificate(der: Bytes): Certificate {
  if (der.length > MAX_SIZE) throw new MalformedDer(`longer than ${MAX_SIZE} bytes`);
  const fields = Fields.of(element(der));
  const tbs = fields.any();
  const signed = algorithm(fields.any());
  const signature = bits(fields.any());
  fields.end();
  const { inner, extensions, ...parts } = toBeSigned(tbs);
  if (!equal(inner.der, signed.der)) throw new MalformedDer("a certificate that names two signature algorithms");
  if (signature.padding) throw new MalformedDer("a certificate signature that isn't whole bytes");
  return {
    der,
    sha256: sha256Hex(der),
    ...parts,
    extensions,
    ...constraints(extensions.get(BASIC_CONSTRAINTS)),
    usage: usage(extensions.get(KEY_USAGE)),
    purposes: purposes(extensions.get(EXTENDED_KEY_USAGE)),
    subjectKeyId: keyId(extensions.get(SUBJECT_KEY_ID)),
    tbs: tbs.der,
    algorithm: signed,
    signature: signature.data,
  };
}

/** Whether bytes are a certificate that can be read. */
export function isCertificate(der: Bytes): boolean {
  try {
    parseCertificate(der);
    return true;
  } catch (error) {
    if (error instanceof MalformedDer) return false;
    throw error;
  }
}

function toBeSigned(tbs: Element) {
  const fields = Fields.of(tbs);
  const version = versionOf(fields.optional(context(0)));
  const serial = integer(fields.any());
  const inner = algorithm(fields.any());
  const issuer = fields.any();
  const [notBefore, notAfter] = validity(fields.any());
  const subject = fields.any();
  const key = fields.any();
  for (const number of [1, 2]) uniqueId(fields.optional(context(number, false)), number);
  const listed = fields.optional(context(3));
  fields.end();
  if (listed && version !== 2n) throw new MalformedDer("certificate version");
  if ([issuer, subject, key].some(({ tag }) => tag !== TAG.sequence)) {
    throw new MalformedDer("a name or key in a certificate that isn't a sequence");
  }
  return {
    inner,
    serial,
    issuer: issuer.der,
    subject: subject.der,
    notBefore,
    notAfter,
    key,
    extensions: listed ? extensionsOf(only(listed, context(3))) : new Map<string, Extension>(),
  };
}

/** The one element in another. */
function only(item: Element, tag: number): Element {
  const [found, ...more] = inside(item, tag);
  if (!found || more.length) throw new MalformedDer("not exactly one element");
  return found;
}

function versionOf(item: Element | null): bigint {
  if (!item) return 0n;
  const version = integer(only(item, context(0)));
  // DER leaves out what is the default
  if (version < 1n || version > 2n) throw new MalformedDer("certificate version");
  return version;
}

function uniqueId(item: Element | null, number: number): void {
  if (item) bits(item, context(number, false));
}

function validity(item: Element): [notBefore: number, notAfter: number] {
  const fields = Fields.of(item);
  const [notBefore, notAfter] = [time(fields.any()), time(fields.any())];
  fields.end();
  return [notBefore, notAfter];
}

/** Extensions by OID; each stands there once. */
function extensionsOf(item: Element): Map<string, Extension> {
  const listed = inside(item, TAG.sequence).map(extension);
  const found = new Map(listed.map((one) => [one.oid, one]));
  if (found.size !== listed.length) throw new MalformedDer("the same certificate extension twice");
  return found;
}

/** An explicit `critical FALSE`, which DER forbids, may stand in foreign certificates. */
export function extension(item: Element): Extension {
  const fields = Fields.of(item);
  const name = oid(fields.any());
  const critical = fields.optional(TAG.boolean);
  const value = octets(fields.any());
  fields.end();
  return { oid: name, isCritical: critical ? boolean(critical) : false, value };
}

function constraints(found?: Extension): { isCa: boolean; pathLength: bigint | null } {
  if (!found) return { isCa: false, pathLength: null };
  const fields = Fields.of(element(found.value));
  const ca = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  fields.end();
  const pathLength = length ? integer(length) : null;
  if (pathLength !== null && pathLength < 0n) throw new MalformedDer("a negative path length");
  return { isCa: ca ? boolean(ca) : false, pathLength };
}

function usage(found?: Extension): number | null {
  return found ? (bits(element(found.value)).data[0] ?? 0) : null;
}

function purposes(found?: Extension): string[] | null {
  return found ? inside(element(found.value), TAG.sequence).map(oid) : null;
}

function keyId(found?: Extension): Bytes {
  return found ? octets(element(found.value)) : new Uint8Array();
}

/** Whether issuer and subject are the same (RFC 5280 section 3.2). */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return equal(issuer, subject);
}

/** Whether it is for signing data: no CA, and its key usage, if stated, says so. */
export function maySign({ isCa, usage }: Certificate): boolean {
  return !isCa && (usage === null || (usage & (DIGITAL_SIGNATURE | NON_REPUDIATION)) !== 0);
}

/** Whether it may issue certificates, as far as its key usage says. */
export function mayIssue({ isCa, usage }: Certificate): boolean {
  return isCa && (usage === null || (usage & KEY_CERT_SIGN) !== 0);
}

/** Whether its extended key usage is critical and time stamping alone. */
export function isOnlyForTimeStamps({ extensions, purposes }: Certificate): boolean {
  const isCritical = extensions.get(EXTENDED_KEY_USAGE)?.isCritical ?? false;
  return isCritical && purposes?.length === 1 && purposes[0] === TIME_STAMPING;
}

/**
 * Check the signature on a certificate with the key of another.
 *
 * @throws Unsupported an algorithm or key that isn't known here.
 * @throws MalformedDer, Broken the other one didn't issue it.
 */
export async function checkIssuedBy(certificate: Certificate, issuer: Certificate): Promise<void> {
  await checkSignature(issuer.key, certificate.algorithm, certificate.tbs, certificate.signature);
}
