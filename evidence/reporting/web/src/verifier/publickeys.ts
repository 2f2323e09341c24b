/** Public keys of certificates, and checking a signature value with one (FORMAT.md, "Signature"). */

import { p256, p384, p521 } from "@noble/curves/nist.js";
import { type Algorithm, type DigestName, RSA, Unsupported, algorithm, signatureOf } from "./algorithms";
import { type Bytes, concat } from "./bytes";
import { type Element, Fields, MalformedDer, TAG, element } from "./der";
import { bits, integer, oid } from "./dervalues";

/** Well-formed, and what it claims isn't true. */
export class Broken extends Error {}

interface Curve {
  name: "P-256" | "P-384" | "P-521";
  /** Bytes of a coordinate, and of each half of a signature. */
  size: number;
  points: { fromBytes(data: Bytes): unknown };
}

interface EcKey {
  type: "ecdsa";
  curve: Curve;
  point: Bytes;
}

interface RsaKey {
  type: "rsa";
  modulus: Bytes;
  exponent: Bytes;
}

export type PublicKey = EcKey | RsaKey;

const EC = "1.2.840.10045.2.1";
const CURVES: ReadonlyMap<string, Curve> = new Map([
  ["1.2.840.10045.3.1.7", { name: "P-256", size: 32, points: p256.Point }],
  ["1.3.132.0.34", { name: "P-384", size: 48, points: p384.Point }],
  ["1.3.132.0.35", { name: "P-521", size: 66, points: p521.Point }],
]);
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 8192;
const MAX_EXPONENT = 2n ** 32n;

/**
 * The key of a SubjectPublicKeyInfo (RFC 5480, RFC 3279).
 *
 * @throws Unsupported another key type, curve or size.
 * @throws MalformedDer not a key of its type.
 */
export function publicKey(info: Element): PublicKey {
  const fields = Fields.of(info);
  const type = algorithm(fields.any());
  const key = bits(fields.any());
  fields.end();
  if (type.oid !== EC && type.oid !== RSA) throw new Unsupported(`public key algorithm ${type.oid}`);
  if (key.padding) throw new MalformedDer("a public key that isn't whole bytes");
  return type.oid === RSA ? rsaKey(key.data) : ecKey(type, key.data);
}

function ecKey({ parameters }: Algorithm, point: Bytes): EcKey {
  if (parameters?.tag !== TAG.oid) throw new Unsupported("elliptic curve that isn't a named one");
  const name = oid(parameters);
  const curve = CURVES.get(name);
  if (!curve) throw new Unsupported(`elliptic curve ${name}`);
  if (point[0] === 2 || point[0] === 3) throw new Unsupported("a compressed point of an elliptic curve");
  requirePoint(curve, point);
  return { type: "ecdsa", curve, point };
}

/** Browsers differ in when they look whether a point is on its curve. */
function requirePoint({ points, size }: Curve, point: Bytes): void {
  try {
    if (point.length !== 1 + 2 * size) throw new MalformedDer("a point of another length");
    points.fromBytes(point);
  } catch {
    throw new MalformedDer("not a point of its curve");
  }
}

function rsaKey(data: Bytes): RsaKey {
  const fields = Fields.of(element(data));
  const [modulus, exponent] = [integer(fields.any()), integer(fields.any())];
  fields.end();
  const impossible = new MalformedDer("an RSA key with an impossible number");
  if (modulus < 0n || modulus % 2n === 0n || exponent < 0n || exponent >= MAX_EXPONENT) throw impossible;
  const length = modulus.toString(2).length;
  if (length < MIN_RSA_BITS || length > MAX_RSA_BITS) throw new Unsupported(`RSA key of ${length} bits`);
  if (exponent < 3n || exponent % 2n === 0n) throw impossible;
  return { type: "rsa", modulus: bytesOf(modulus), exponent: bytesOf(exponent) };
}

/** A number above 0 in its fewest bytes. */
function bytesOf(value: bigint): Bytes {
  const digits = value.toString(16);
  const padded = digits.padStart(digits.length + (digits.length % 2), "0");
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16));
}

/**
 * Check a signature value over some bytes.
 *
 * @param info the signer's SubjectPublicKeyInfo.
 * @param digest in CMS, the digest that stands beside the algorithm.
 * @throws Unsupported the algorithm, the key, or what this browser has of it.
 * @throws MalformedDer not a key.
 * @throws Broken it isn't a signature of that key over these bytes.
 */
export async function checkSignature(
  info: Element,
  signed: Algorithm,
  data: Bytes,
  signature: Bytes,
  digest?: DigestName,
): Promise<void> {
  const { type, digest: hash } = signatureOf(signed, digest);
  const key = publicKey(info);
  if (key.type !== type) throw new Broken("the signature algorithm doesn't fit the key");
  const imported = await importKey(key, hash);
  const isEc = key.type === "ecdsa";
  const value = isEc ? joined(signature, key.curve.size) : signature;
  const method = isEc ? { name: "ECDSA", hash } : "RSASSA-PKCS1-v1_5";
  if (!value || !(await crypto.subtle.verify(method, imported, value, data))) {
    throw new Broken("the signature value doesn't fit");
  }
}

/** @throws MalformedDer the browser takes it for no key. */
async function importKey(key: PublicKey, hash: DigestName): Promise<CryptoKey> {
  try {
    return key.type === "ecdsa" ? await importEc(key) : await importRsa(key, hash);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === "NotSupportedError") throw new Unsupported("this browser doesn't know this kind of key");
    throw new MalformedDer("not a public key of its type");
  }
}

async function importEc({ curve, point }: EcKey): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: curve.name }, false, ["verify"]);
}

async function importRsa({ modulus, exponent }: RsaKey, hash: DigestName): Promise<CryptoKey> {
  const key = { kty: "RSA", n: base64url(modulus), e: base64url(exponent) };
  return crypto.subtle.importKey("jwk", key, { name: "RSASSA-PKCS1-v1_5", hash }, false, ["verify"]);
}

function base64url(data: Bytes): string {
  return btoa(String.fromCharCode(...data)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Both halves of an ECDSA signature in their full width, as WebCrypto takes them; null where it isn't DER of two. */
function joined(signature: Bytes, size: number): Bytes | null {
  try {
    const fields = Fields.of(element(signature));
    const halves = [integer(fields.any()), integer(fields.any())];
    fields.end();
    if (halves.some((half) => half <= 0n || half >= 1n << BigInt(8 * size))) return null;
    const [r, s] = halves.map((half) => bytesOf(half)) as [Bytes, Bytes];
    return concat(new Uint8Array(size - r.length), r, new Uint8Array(size - s.length), s);
  } catch (error) {
    if (error instanceof MalformedDer) return null;
    throw error;
  }
}
