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
