/** Receipts in step 9 of FORMAT.md, "Verification": is their place in the register proven, and by whom their time? */

import { fromBase64 } from "./base64";
import { MalformedDocument } from "./bytes";
import type { Head } from "./checkpoints";
import { type Receipt, readReceipt } from "./enclosed";
import { provenHead } from "./older";
import type { Fields } from "./recordparts";
import { memberOf } from "./records";
import type { Manifest, State } from "./state";
import { formatTimestamp, timestamp } from "./times";
import { type Stamp, judgeToken } from "./tokens";

/** A record and the name of its member. */
interface Item {
  member: string;
  record: Fields;
}

/** Judges every receipt that nothing FAILED about, if all records could be read; tells which recordings have none. */
export async function checkReceipts(state: State): Promise<void> {
  const { manifest } = state;
  if (!manifest || !state.finished.has(6)) return;
  const items = manifest.records.map((listed) => ({
    member: memberOf(listed),
    record: state.records.get(listed.id)!,
  }));
  const receipts = items.filter(({ record }) => record.kind === "receipt");
  for (const item of [...receipts].sort((a, b) => numberOf(a.record) - numberOf(b.record))) {
    if (!state.isBlamed(item.member)) await judge(state, manifest, item);
  }
  if (receipts.length) noteMissing(state, items, new Set(receipts.map(({ record }) => record.exhibit as string)));
}

function numberOf(record: Fields): number {
  return Number((record.exhibit as string).slice(1));
}

function noteMissing(state: State, items: Item[], having: ReadonlySet<string>): void {
  for (const { record } of items) {
    const { kind, role, member, exhibit } = record;
    const isRecording = kind === "exhibit" && role === "recording" && member !== undefined;
    if (isRecording && !having.has(exhibit as string)) {
      state.note("RECEIPT_MISSING", member as string, { exhibit: exhibit as string });
    }
  }
}

async function judge(state: State, manifest: Manifest, { member, record }: Item): Promise<void> {
  const receipt = readReceipt(record);
  const exhibit = record.exhibit as string;
  const told = { exhibit, at: receipt.claimedTime, sequence: receipt.entry.sequence };
  let head: Head | null = null;
  try {
    head = await provenHead(state, manifest, member, record, receipt.entry);
    state.note("RECEIVED", member, { ...told, ...secondsToSeal(state, receipt) });
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.note("RECEIPT_UNPROVEN", member, { reason: error.reason, ...told });
  }
  const proven = head && record.token !== undefined ? await stamped(state, member, record, head.committed) : null;
  state.received.push({
    exhibit,
    received_id: receipt.id,
    claimed: receipt.claimedTime,
    entered: receipt.entry.claimedTime,
    sequence: receipt.entry.sequence,
    is_proven: head !== null,
    proven: proven && formatTimestamp(proven.time),
    authority: proven && proven.authority,
  });
}

/** By their clocks; nothing where the seal's time isn't known. */
function secondsToSeal(state: State, receipt: Receipt): { seconds?: number } {
  if (!state.entry) return {};
  const passed = timestamp(state.entry.claimedTime) - timestamp(receipt.claimedTime);
  return { seconds: Math.trunc(passed / 1000) };
}

/** The time that a receipt's token proves; one that can't be relied on is noted and as good as absent. */
async function stamped(
  state: State,
  member: string,
  record: Fields,
  committed: Uint8Array,
): Promise<Stamp | null> {
  const judged = await judgeToken(fromBase64(record.token as string), committed, state.options);
  if ("code" in judged) {
    state.note("TOKEN_UNKNOWN_IGNORED", member, { reason: judged.reason });
    return null;
  }
  const { time, authority } = judged;
  state.note("RECEIPT_PROVEN", member, { exhibit: record.exhibit as string, proven: formatTimestamp(time), authority });
  return judged;
}
