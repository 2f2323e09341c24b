/**
 * Ed25519 signatures as FORMAT.md, "Checkpoint", has them verified: RFC 8032 section 5.1.7 without cofactor, and neither
 * key nor R of small order or in another encoding than its only one.
 *
 * Programs differ in the cases that the last rule refuses, so it is checked here, before WebCrypto or, in browsers
 * whose WebCrypto doesn't know Ed25519, the bundled arithmetic is asked.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, equal } from "./bytes";
import { fromHex } from "./hex";

const HALF = 32;
const FIELD = fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", HALF);

/** The y of the eight points of small order; their x has either sign. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map((text) => fromHex(text, HALF));

/** Whether `signature` (64 bytes) is that of `message` by `publicKey` (32 bytes). */
export async function isSigned(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  if (publicKey.length !== HALF || signature.length !== 2 * HALF) return false;
  if (!isSound(publicKey) || !isSound(signature.subarray(0, HALF))) return false;
  try {
    const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    return isSignedBundled(publicKey, signature, message);
  }
}

/** The same by the bundled arithmetic; [S]B - [k]A is compared with R byte for byte. */
export function isSignedBundled(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const r = signature.subarray(0, HALF);
  const { Point } = ed25519;
  try {
    const key = Point.fromBytes(publicKey);
    // throws where S isn't below the order of the base point
    const sB = Point.BASE.multiplyUnsafe(littleEndian(signature.subarray(HALF)));
    const k = littleEndian(sha512(concat(r, publicKey, message))) % Point.Fn.ORDER;
    return equal(sB.subtract(key.multiplyUnsafe(k)).toBytes(), r);
  } catch {
    return false;
  }
}

/** Whether an encoded point has y below the field's order and isn't of small order. */
function isSound(encoded: Uint8Array): boolean {
  const y = encoded.slice();
  y[HALF - 1]! &= 0x7f;
  return isBelow(y, FIELD) && !SMALL_ORDER.some((small) => equal(small, y));
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = HALF - 1; i >= 0; i--) {
    if (a[i] !== b[i]) return a[i]! < b[i]!;
  }
  return false;
}

function littleEndian(data: Uint8Array): bigint {
  let value = 0n;
  for (let i = data.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(data[i]!);
  return value;
}
