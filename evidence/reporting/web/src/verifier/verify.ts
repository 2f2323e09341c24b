/** Verification of one archive in this browser: bytes in, results out (FORMAT.md, "Verification"). */

import type { Answer, Record_ } from "../answer";
import { answerOf, malformedAnswer } from "./answers";
import { checkAnnouncements } from "./announcements";
import { contentsOf } from "./contents";
import { checkEntry } from "./entry";
import { checkHistory } from "./history";
import { checkLists } from "./lists";
import { checkChecksums, checkDigests, checkNames, checkSet, readList } from "./members";
import { MIMETYPE } from "./names";
import { checkProofs } from "./proofs";
import { checkReceipts } from "./receipts";
import { checkRecords } from "./records";
import { checkSidecar } from "./sidecar";
import { checkArchiveSignature } from "./signature";
import { checkSigner } from "./signer";
import { State } from "./state";
import { checkTokens } from "./tokens";
import { Malformed, openContainer } from "./zip";

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
  records: Record_[];
  /** How many members the list of digests names. */
  members: number;
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

/**
 * Verify the archive in a file, however damaged it is.
 *
 * @param progress told how many bytes of the body were read, and how many there are; what it throws ends the verification.
 * @throws NotAnArchive the file doesn't begin as an archive.
 * @throws DOMException it can't be read.
 */
export async function verify(file: Blob, options: Options, progress?: Progress): Promise<Verified> {
  try {
    const container = await openContainer(file, MIMETYPE);
    if (!container) throw new NotAnArchive();
    const state = new State(container, options);
    await run(state, progress);
    const contents = contentsOf(state);
    return { answer: answerOf(state, contents !== null), contents };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { answer: malformedAnswer(error, options), contents: null };
  }
}

/** Steps 2 to 11 in the order that FORMAT.md has; each says itself what it can't do without. */
async function run(state: State, progress?: Progress): Promise<void> {
  const isOrdered = checkNames(state);
  await readList(state);
  await checkArchiveSignature(state);
  checkSet(state, isOrdered);
  await checkDigests(state, progress);
  await checkLists(state);
  await checkRecords(state);
  await checkEntry(state);
  await checkProofs(state);
  await checkSidecar(state);
  await checkTokens(state);
  await checkReceipts(state);
  await checkAnnouncements(state);
  await checkSigner(state);
  await checkHistory(state);
  await checkChecksums(state);
}
