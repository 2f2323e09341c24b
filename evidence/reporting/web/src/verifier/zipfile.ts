/** Reading pieces of a file, and what is said of one whose structure isn't sound. */

import type { Bytes } from "./bytes";

/** The file begins as a container and isn't one; ends the verification with one finding. */
export class Malformed extends Error {
  /**
   * @param code CONTAINER_TRUNCATED, CONTAINER_MALFORMED, MEMBER_NAME or MEMBER_DUPLICATE.
   * @param subject name of the member it is about, or empty; untrusted text.
   * @param reason English; holds no untrusted text.
   */
  constructor(
    readonly code: string,
    readonly subject: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** @throws Malformed the file ends before. */
export async function readAt(file: Blob, position: number, size: number): Promise<Bytes> {
  const data = new Uint8Array(await file.slice(position, position + size).arrayBuffer());
  if (data.length === size) return data;
  throw new Malformed("CONTAINER_TRUNCATED", "", "the file ended while it was read");
}

const AHEAD = 256 * 1024;

/** Reads local headers one after another; of small members many at a time, for a file is slow to ask. */
export class Headers {
  #start = 0;
  #data: Bytes = new Uint8Array();

  constructor(readonly file: Blob) {}

  /**
   * @param next where the next one stands, as far as is known.
   * @throws Malformed the file ends before.
   */
  async at(position: number, size: number, next: number): Promise<Bytes> {
    const at = position - this.#start;
    if (at + size <= this.#data.length) return this.#data.subarray(at, at + size);
    if (next - position > AHEAD / 4) return readAt(this.file, position, size);
    this.#start = position;
    this.#data = await readAt(this.file, position, Math.min(AHEAD, this.file.size - position));
    return this.#data.subarray(0, size);
  }
}
