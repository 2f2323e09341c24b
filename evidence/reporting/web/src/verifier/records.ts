/** Step 6 of FORMAT.md, "Verification": every record by itself, and what records say of one another. */

import * as schemas from "../../generated/schemas";
import { MalformedDocument } from "./bytes";
import { decode } from "./json";
import { compareRecords } from "./recordlinks";
import { type Apart, apart, checkFile } from "./recordfile";
import { type Fields, KNOWN, checkParts } from "./recordparts";
import type { Listed, State } from "./state";

/** Bytes of a record with the file in it. */
const MAX_RECORD = 16 * 1024 * 1024;
/** Bytes of a record without it, and of all records of an archive. */
const MAX_TEXT = 256 * 1024;
const MAX_TEXTS = 16 * 1024 * 1024;

/** Name of a record's member. */
export function memberOf(listed: Listed): string {
  return `records/${listed.id}.json`;
}

/** Step 6; keeps what the records say, without the files in them, for those who show it. */
export async function checkRecords(state: State): Promise<void> {
  const { manifest } = state;
  if (!manifest || !state.listed) return;
  let room = MAX_TEXTS;
  for (const listed of manifest.records) {
    state.check(6);
    room -= await readRecord(state, listed, room);
  }
  if (state.records.size === manifest.records.length) {
    compareRecords(state, manifest);
    state.finished.add(6);
  }
}

/** Returns the bytes of its text, or 0 where it isn't canonical. */
async function readRecord(state: State, listed: Listed, room: number): Promise<number> {
  const member = memberOf(listed);
  const data = await state.readVerified(member, MAX_RECORD, "RECORD_MALFORMED");
  if (!data) return 0;
  let used = 0;
  try {
    const parts = apart(data);
    const record = decode(parts.text, Math.min(MAX_TEXT, room)) as Fields;
    used = parts.text.length;
    state.records.set(listed.id, checked(record, parts, listed.id));
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("RECORD_MALFORMED", member, { reason: error.reason });
  }
  return used;
}

function checked(record: Fields, { file }: Apart, id: string): Fields {
  if (!schemas.record(record)) throw new MalformedDocument("not as the schema record.v1 prescribes it");
  if (record.id !== id) throw new MalformedDocument("its id isn't the one in its name");
  if (!KNOWN.has(record.kind as string)) return { salt: record.salt!, kind: record.kind!, id };
  checkParts(record);
  if (!file) return record;
  checkFile(file, record.size as number, record.sha256 as string);
  const { bytes: _file, ...rest } = record;
  return rest;
}
