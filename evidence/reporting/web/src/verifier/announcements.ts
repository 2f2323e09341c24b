/** Announcements in step 9 of FORMAT.md, "Verification": is their place in the register proven? */

import { MalformedDocument } from "./bytes";
import { readAnnouncement } from "./enclosed";
import { provenHead } from "./older";
import type { Fields } from "./recordparts";
import { memberOf } from "./records";
import type { Manifest, State } from "./state";

/** Judges every announcement that nothing FAILED about, if all records could be read. */
export async function checkAnnouncements(state: State): Promise<void> {
  const { manifest } = state;
  if (!manifest || !state.finished.has(6)) return;
  for (const listed of manifest.records) {
    const record = state.records.get(listed.id);
    const member = memberOf(listed);
    if (record?.kind === "announcement" && !state.isBlamed(member)) await judge(state, manifest, member, record);
  }
}

async function judge(state: State, manifest: Manifest, member: string, record: Fields): Promise<void> {
  const { version, entry } = readAnnouncement(record);
  const told = { version, at: entry.claimedTime, sequence: entry.sequence };
  try {
    await provenHead(state, manifest, member, record, entry);
    state.note("ANNOUNCED", member, told);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.note("ANNOUNCEMENT_UNPROVEN", member, { reason: error.reason, ...told });
  }
}
