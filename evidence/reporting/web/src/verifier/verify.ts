/** The eleven steps of FORMAT.md, "Verification", in this browser. */

import type { Answer, Record_ } from "../answer";

/** Certificates (DER) and SHA-256 fingerprints (hexadecimal) that the verifier trusts. */
export interface Anchors {
  certificates: Uint8Array[];
  fingerprints: Set<string>;
}

/** The verifier's side: everything that must not come from the archive. Times are milliseconds since 1970, UTC. */
export interface Options {
  anchors: Anchors;
  tsaAnchors: Anchors;
  now: number;
  at?: number;
  registerExport?: Blob;
  checkpoint?: Uint8Array;
  requireComplete?: boolean;
  sidecar?: Uint8Array;
}

/** What may be shown of an archive that was verified. */
export interface Contents {
  /** How many members were checked against the signed list. */
  members: number;
  records: Record_[];
  /** The bytes of an exhibit that is a member of its own; null for others. They were verified. */
  exhibit(id: string): Blob | null;
}

export interface Verified {
  answer: Answer;
  /** Null unless integrity and the signature's mathematics passed. */
  contents: Contents | null;
}

/** The file doesn't begin as an archive: no verdict (exit 4 on the command line). */
export class NotAnArchive extends Error {}

export type Progress = (done: number, total: number) => void;

/** Verify one file. */
export async function verify(_file: Blob, _options: Options, _progress: Progress): Promise<Verified> {
  throw new Error("not built yet");
}
