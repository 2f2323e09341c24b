/** Documents that a record brings along with their register entry: receipts and announcements. */

import type { Json } from "../answer";
import * as schemas from "../../generated/schemas";
import { fromBase64 } from "./base64";
import { MalformedDocument, utf8 } from "./bytes";
import { decimal } from "./checkpoints";
import { sha256Hex } from "./digest";
import { type Entry, parseEntry, textOf } from "./entries";
import { decode } from "./json";
import { timestamp } from "./times";

const MAX_RECEIPT = 64 * 1024;
const MAX_NOTICE = 1024 * 1024;

type Fields = { [key: string]: Json };

/** A receipt (FORMAT.md, "Receipt") and its entry. */
export interface Receipt {
  id: string;
  claimedTime: string;
  /** Length of the recording in bytes. */
  size: number;
  /** Digest of the recording, hexadecimal. */
  sha256: string;
  entry: Entry;
}

/** A version of the announcement (FORMAT.md, "Announcement") and its entry. */
export interface Announcement {
  version: string;
  /** Digest of its sound, hexadecimal; null where only its wording is known. */
  sound: string | null;
  entry: Entry;
}

/**
 * The receipt in a record that the schema accepts.
 *
 * @throws MalformedDocument document, entry or token isn't one, or they don't belong together.
 */
export function readReceipt(record: Fields): Receipt {
  const data = utf8(record.document as string);
  const document = decode(data, MAX_RECEIPT) as Fields;
  if (!schemas.custody(document) || document.event !== "received") throw new MalformedDocument("not a receipt");
  const facts = document.facts as Record<string, string>;
  timestamp(document.claimed_time as string);
  if (facts.mtime !== undefined) timestamp(facts.mtime);
  if (facts.name_base64 !== undefined) fromBase64(facts.name_base64);
  if (record.token !== undefined) fromBase64(record.token as string);
  const id = document.received_id as string;
  const entry = entryOf(record, data, "received", "received_id", id);
  return { id, claimedTime: document.claimed_time as string, size: decimal(facts.size!), sha256: facts.sha256!, entry };
}

/**
 * The version of the announcement in a record that the schema accepts.
 *
 * @throws MalformedDocument document or entry isn't one, or they don't belong together.
 */
export function readAnnouncement(record: Fields): Announcement {
  const data = utf8(record.document as string);
  const document = decode(data, MAX_NOTICE) as Fields;
  if (!schemas.notice(document)) throw new MalformedDocument("not as the schema notice.v1 prescribes it");
  if (document.notice_id !== record.version) throw new MalformedDocument("its document is of another version");
  for (const name of ["valid_from", "valid_to"]) {
    const stated = document[name] as Fields | undefined;
    if (stated !== undefined) timestamp(stated.utc as string);
  }
  timestamp((document.added as Fields).claimed_time as string);
  const sound = document.sound as Fields | undefined;
  if (sound) checkName(sound.name);
  const entry = entryOf(record, data, "notice", "notice_id", document.notice_id as string);
  return { version: document.notice_id as string, sound: sound ? (sound.sha256 as string) : null, entry };
}

/**
 * Names of files that aren't UTF-8 are in base64 (FORMAT.md, "Documents").
 *
 * @throws MalformedDocument base64 that isn't canonical.
 */
export function checkName(name: Json | undefined): void {
  if (typeof name === "object") fromBase64((name as Fields).name_base64 as string);
}

function entryOf(record: Fields, document: Uint8Array, type: string, idField: string, id: string): Entry {
  const entry = parseEntry(utf8(record.entry as string));
  if (entry.type !== type || textOf(entry, idField) !== id) throw new MalformedDocument("the entry of something else");
  if (textOf(entry, "custody_sha256") !== sha256Hex(document)) {
    throw new MalformedDocument("the entry has another digest than the document");
  }
  return entry;
}
