/** Runs verifications one after another, with progress and a way to stop. */

import { NotAnArchive, verify, type Progress, type Verified } from "../../verifier/verify";
import type { Request } from "./form";
import { Refused } from "./refused";

/** The reader has stopped it. */
export class Cancelled extends Error {}

export type Outcome =
  | { kind: "verified"; request: Request; verified: Verified }
  | { kind: "refused"; request: Request; refused: Refused };

/**
 * Verify one archive.
 *
 * @param progress told what was done of how much; throws Cancelled to stop
 * @throws Cancelled the reader has stopped it.
 */
export async function run(request: Request, progress: Progress): Promise<Outcome> {
  try {
    return { kind: "verified", request, verified: await verify(request.file, request.options, progress) };
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return { kind: "refused", request, refused: refusal(error, request.file) };
  }
}

function refusal(error: unknown, file: File): Refused {
  if (error instanceof NotAnArchive) return new Refused("verify.not_an_archive", "verify.not_an_archive_hint");
  if (error instanceof DOMException) return new Refused("page.unreadable", "page.unreadable_hint", { file: file.name });
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Refused("page.bug", "page.bug_hint", { reason });
}
