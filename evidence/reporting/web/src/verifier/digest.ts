/**
 * SHA-256 of bytes in memory and of pieces of a file of any size.
 *
 * WebCrypto is fast and takes a text only as a whole; the bundled SHA-256 takes it piece by piece. So a piece of a file
 * is read into memory up to a bound, and above it goes through the bundled one.
 */

import { sha256 as bundled } from "@noble/hashes/sha2.js";
import type { Bytes } from "./bytes";
import { crc32 } from "./crc32";
import { hex } from "./hex";

/** Bytes up to which a piece of a file is digested as a whole. */
export const WHOLE = 64 * 1024 * 1024;
/** Bytes that are read at a time above that. */
export const CHUNK = 1024 * 1024;

export interface Digests {
  /** Hexadecimal. */
  sha256: string;
  crc32: number;
}

/** SHA-256, 32 bytes; for documents and tree hashes, where waiting for WebCrypto costs more than it saves. */
export function sha256(data: Uint8Array): Bytes {
  return new Uint8Array(bundled(data));
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(data: Uint8Array): string {
  return hex(bundled(data));
}

/**
 * SHA-256 and CRC-32 of a piece of a file, in one pass.
 *
 * @param advance told how many bytes were read since.
 * @throws DOMException it can't be read.
 */
export async function digestBlob(blob: Blob, advance?: (count: number) => void): Promise<Digests> {
  return blob.size <= WHOLE ? digestWhole(blob, advance) : digestChunks(blob, advance);
}

async function digestWhole(blob: Blob, advance?: (count: number) => void): Promise<Digests> {
  const data = new Uint8Array(await blob.arrayBuffer());
  const digest = crypto.subtle.digest("SHA-256", data);
  const checksum = crc32(data); // while WebCrypto works in its own thread
  advance?.(data.length);
  return { sha256: hex(new Uint8Array(await digest)), crc32: checksum };
}

async function digestChunks(blob: Blob, advance?: (count: number) => void): Promise<Digests> {
  const digest = bundled.create();
  let checksum = 0;
  for (let position = 0; position < blob.size; position += CHUNK) {
    const data = new Uint8Array(await blob.slice(position, position + CHUNK).arrayBuffer());
    digest.update(data);
    checksum = crc32(data, checksum);
    advance?.(data.length);
  }
  return { sha256: hex(digest.digest()), crc32: checksum };
}
