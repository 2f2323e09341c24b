/** What records say of exhibits and of one another (FORMAT.md, "Verification", step 6: RECORD_DISAGREES). */

import { fromBase64 } from "./base64";
import { readAnnouncement, readReceipt } from "./enclosed";
import { type Fields, drawnChannels, isGraded, isSound } from "./recordparts";
import type { ListedExhibit, Manifest, State } from "./state";

/** A record and the name of its member. */
interface Item {
  member: string;
  record: Fields;
}

/** What a record refers to: an exhibit, perhaps with its digest. */
interface Reference {
  exhibit: string;
  sha256?: string;
}

/** Every record could be read; find out which don't fit. */
export function compareRecords(state: State, manifest: Manifest): void {
  const items = manifest.records.map(({ id }) => ({ member: `records/${id}.json`, record: state.records.get(id)! }));
  const exhibits = compareExhibits(state, manifest, items);
  compareReferences(state, items, exhibits);
  for (const { member, record } of items) {
    if (!agrees(record, exhibits, manifest)) disagree(state, member, record.exhibit as string);
  }
  compareAnnouncements(state, manifest, items);
}

function disagree(state: State, subject: string, about: string, ...members: string[]): void {
  state.find("RECORD_DISAGREES", subject, { about }, ...members);
}

/** Exhibits and their records belong together one to one; returns the first record of each exhibit. */
function compareExhibits(state: State, manifest: Manifest, items: Item[]): Map<string, Fields> {
  const listed = new Map(manifest.exhibits.map((exhibit) => [exhibit.id, exhibit]));
  const exhibits = new Map<string, Fields>();
  for (const { member, record } of items) {
    if (record.kind !== "exhibit") continue;
    const id = record.exhibit as string;
    if (exhibits.has(id)) disagree(state, member, id);
    else exhibits.set(id, record);
    const members = record.member === undefined ? [] : [record.member as string];
    if (!fits(state, record, listed.get(id))) disagree(state, member, id, ...members);
  }
  for (const exhibit of manifest.exhibits) {
    if (!exhibits.has(exhibit.id)) disagree(state, exhibit.member, exhibit.id);
  }
  return exhibits;
}

/** Whether an exhibit's record names its member, with that member's digest and size. */
function fits(state: State, record: Fields, exhibit: ListedExhibit | undefined): boolean {
  if (!exhibit || record.member === undefined) return !exhibit && record.member === undefined;
  const digest = state.listed?.get(exhibit.member);
  const size = state.size(exhibit.member);
  return record.member === exhibit.member && record.sha256 === digest && record.size === size;
}

function compareReferences(state: State, items: Item[], exhibits: Map<string, Fields>): void {
  for (const { member, record } of items) {
    for (const { exhibit, sha256 } of references(record)) {
      const known = exhibits.get(exhibit);
      if (!known || (sha256 !== undefined && known.sha256 !== sha256)) disagree(state, member, exhibit);
    }
  }
}

/** What a record refers to; of kinds that this version doesn't know only the common part was kept. */
function references(record: Fields): Reference[] {
  if (record.kind === "exhibit") return [];
  const lists = ["for", "against", "unseen", "calls"].map((name) => (record[name] ?? []) as Fields[]);
  const parts = lists.flat().filter((part) => part.exhibit !== undefined);
  const named = [...((record.exhibits ?? []) as string[]), ...parts.map((part) => part.exhibit as string)];
  const own: Reference[] = record.exhibit === undefined ? [] : [{ exhibit: record.exhibit as string }];
  if (own[0] && record.recording_sha256 !== undefined) own[0].sha256 = record.recording_sha256 as string;
  return [...own, ...named.map((exhibit) => ({ exhibit }))];
}

/** Whether a receipt fits its exhibit and register, a marker itself, and a waveform's channels one another. */
function agrees(record: Fields, exhibits: Map<string, Fields>, manifest: Manifest): boolean {
  if (record.kind === "receipt") return receiptAgrees(record, exhibits.get(record.exhibit as string), manifest);
  if (record.kind === "marker") return isSound(record);
  if (record.kind !== "waveform") return true;
  return new Set(drawnChannels(record).map((channel) => fromBase64(channel).length)).size === 1;
}

function receiptAgrees(record: Fields, exhibit: Fields | undefined, manifest: Manifest): boolean {
  if (!exhibit) return true; // its reference was found
  const { sha256, size, entry } = readReceipt(record);
  return sha256 === exhibit.sha256 && size === exhibit.size && entry.origin === manifest.origin;
}

/** Announcements are of the archive's register, with their own sound; what is named is there, and once. */
function compareAnnouncements(state: State, manifest: Manifest, items: Item[]): void {
  const known = new Set<string>();
  for (const { member, record } of items.filter((item) => item.record.kind === "announcement")) {
    const version = record.version as string;
    if (known.has(version) || !announcementAgrees(record, manifest)) disagree(state, member, version);
    known.add(version);
  }
  for (const kind of ["notice_search", "notice_evidence", "waveform"]) {
    compareOnce(state, items.filter((item) => item.record.kind === kind), known);
  }
}

function announcementAgrees(record: Fields, manifest: Manifest): boolean {
  const { sound, entry } = readAnnouncement(record);
  if (record.exhibit !== undefined && sound !== record.recording_sha256) return false;
  return entry.origin === manifest.origin;
}

/** Records of one kind, of which each recording has at most one. */
function compareOnce(state: State, items: Item[], known: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { member, record } of items) {
    for (const version of versions(record)) {
      if (!known.has(version)) disagree(state, member, version);
    }
    const exhibit = record.exhibit as string;
    if (seen.has(exhibit) || (record.kind === "notice_evidence" && !isGraded(record))) disagree(state, member, exhibit);
    seen.add(exhibit);
  }
}

/** The versions of the announcement that a search or notice evidence names. */
function versions(record: Fields): string[] {
  const parts = ["matches", "for", "against", "unseen"].flatMap((name) => (record[name] ?? []) as Fields[]);
  return parts.flatMap((part) => (part.version === undefined ? [] : [part.version as string]));
}
