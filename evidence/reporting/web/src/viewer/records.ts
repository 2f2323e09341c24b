/** Verified records by what they are about. Their schema holds, so that they are what their kind says. */

import type { Record_ } from "../answer";
import { fileName } from "../visible";

export interface Time {
  utc: string;
  text: string;
  source: string;
}

export interface Call {
  id?: string;
  started: Time;
  ended?: Time;
  caller?: string;
  callee?: string;
  queue?: string;
  direction?: string;
  exhibit?: string;
  channels?: string[];
  from_name?: string[];
  from_log?: Record<string, string>;
}

export interface Person {
  name?: string;
  id?: string;
  phone?: string;
  account?: string;
  from_log?: Record<string, string>;
}

export interface Incident {
  number: string;
  uid: string;
  title?: string;
  summary?: string;
  replaces?: string;
  prepared_by?: string;
  prepared_at?: Time;
  time_zone?: string;
  subscriber?: Person;
  agent?: Person;
  calls: Call[];
  changes?: { by: string; at: Time; about: string[] }[];
  corrects?: { number?: string; archive_id: string; identity: string; reason: string };
  legal_basis?: { kind: string; reference: string; note?: string }[];
}

export interface Track {
  codec: string;
  sample_rate: number | null;
  channels: number | null;
  samples: number | null;
}

export interface Facts extends Track {
  container: string;
  method: string;
  claims: Record<string, string | number>;
  problems: string[];
  tracks?: Track[];
}

export interface Exhibit {
  exhibit: string;
  role: string;
  name: unknown;
  title?: string;
  size: number;
  sha256: string;
  member?: string;
  recording?: Facts;
}

export interface Marker {
  exhibit: string;
  number?: number;
  channel?: number | string;
  start_ms: number;
  end_ms?: number;
  class: string;
  class_names?: Record<string, string>;
  words?: string;
  language?: string;
  asserted_by: string;
  asserted_at: Time;
  how: string;
  confidence?: string;
  reviewed_by?: string;
  reviewed_at?: Time;
  withdrawn?: { at: Time; by: string; reason: string };
  pressed?: Pressed;
  suggestion?: Suggestion;
  corrections?: { at: Time; by: string; reason?: string; was: Record<string, string | number | null> }[];
  source?: string;
  note?: string;
}

export interface Pressed {
  at: Time;
  offset_ms: number;
  uncertainty_ms: number;
  place_ms: number;
  tied_by?: string;
  stated_by?: string;
  stated_at?: Time;
}

export interface Suggestion {
  class: string;
  start_ms: number;
  end_ms: number;
  words: string;
  lexicon_sha256: string;
  transcript?: string;
  transcribed_by?: string;
}

export interface Measure {
  measure: string;
  at: Time;
  by: string;
  basis?: string;
  exhibit?: string;
  at_milliseconds?: number;
  note?: string;
}

export interface Acquisition {
  exhibits: string[];
  taken_by: string;
  taken_at: Time;
  system?: string;
  authority?: string;
  original?: string;
  copied_from?: string;
  clock?: { offset_ms: number; uncertainty_ms?: number; known_by: string; checked_at?: Time };
  note?: string;
}

export interface Item {
  code: string;
  version?: string;
  channel?: number;
  channel_name?: string;
  at_ms?: number;
  coverage?: number;
  clause_coverage?: number;
  at?: Time;
  exhibit?: string;
  line?: number;
  text?: string;
  milliseconds?: number;
}

export interface NoticeEvidence {
  exhibit: string;
  grade: string;
  for: Item[];
  against: Item[];
  unseen: Item[];
}

export interface NoticeStated {
  grade: string;
  exhibit?: string;
  channel?: number | string;
  at_milliseconds?: number;
  source?: string;
  language?: string;
  version?: string;
  text?: string;
  exhibits: string[];
}

export interface Drawing {
  column_ms: number;
  channels: string[];
  problems?: string[];
}

export interface Match {
  version: string;
  channel: number;
  result: string;
  at_ms?: number;
  coverage: number;
  clause_coverage: number;
  speed_ppm: number;
  segments: number[][];
}

export interface Search {
  exhibit: string;
  algorithm: string;
  searched_ms: number;
  is_whole: boolean;
  matches: Match[];
  waveform?: Drawing;
  problems: string[];
}

/** A version of the announcement: the record with its notice.json. */
export interface Announcement {
  version: string;
  exhibit?: string;
  sequence: number;
  notice: NoticeVersion;
}

export interface NoticeVersion {
  language: string;
  title?: string;
  text?: string;
  key_clause: { start_ms?: number; end_ms?: number; text?: string };
  valid_from: Time;
  valid_to?: Time;
  approved_by: string;
  replaces?: string;
  played_as?: string[];
  sound?: { name: unknown; recording: Facts };
}

export interface LogEvent {
  line: number;
  kind: string;
  at?: Time;
  values: Record<string, string>;
}

export interface Log {
  exhibit: string;
  format: string;
  zone: string;
  events: LogEvent[];
  is_cut: boolean;
  logs_playback?: boolean;
  problems: { line: number; code: string; text?: string }[];
}

export interface Receipt {
  exhibit: string;
  document: string;
  entry: string;
}

/** The number in an exhibit's id. */
export function numberOf(exhibit: string): number {
  return Number(exhibit.slice(1));
}

/** Length of a track in milliseconds, or null. */
export function lengthOf(track: Track | undefined): number | null {
  if (!track || track.samples === null || !track.sample_rate) return null;
  return Math.floor((track.samples * 1000) / track.sample_rate);
}

/** All records of an archive, sorted. */
export class Archive {
  readonly #byKind = new Map<string, Record_[]>();
  readonly exhibits: Exhibit[];
  readonly announcements: Announcement[];

  constructor(records: Record_[]) {
    for (const record of records) {
      const same = this.#byKind.get(record.kind);
      if (same) same.push(record);
      else this.#byKind.set(record.kind, [record]);
    }
    this.exhibits = sorted(this.of<Exhibit>("exhibit"));
    this.announcements = this.of<Record<string, string>>("announcement").map(announcement);
    this.announcements.sort((a, b) => a.sequence - b.sequence);
  }

  /** The records of a kind. */
  of<T>(kind: string): T[] {
    return (this.#byKind.get(kind) ?? []) as unknown as T[];
  }

  get kinds(): string[] {
    return [...this.#byKind.keys()];
  }

  /** Exhibits that are sound, in order: first the recordings of calls, then announcements and others. */
  get recordings(): Exhibit[] {
    const sounds = this.exhibits.filter((exhibit) => exhibit.recording);
    const isCall = (exhibit: Exhibit) => exhibit.role === "recording";
    return [...sounds.filter(isCall), ...sounds.filter((exhibit) => !isCall(exhibit))];
  }

  /** The records of a kind that are about an exhibit. */
  about<T extends { exhibit?: string }>(kind: string, exhibit: string): T[] {
    return this.of<T>(kind).filter((record) => record.exhibit === exhibit);
  }

  /** An exhibit's file name; untrusted, not visible yet. */
  file(exhibit: string): string {
    const found = this.exhibits.find((each) => each.exhibit === exhibit);
    return found ? fileName(found.name) : "";
  }

  /** Markers of a recording by place. */
  markers(exhibit: string): Marker[] {
    return this.about<Marker>("marker", exhibit).sort((a, b) => a.start_ms - b.start_ms || (a.number ?? 0) - (b.number ?? 0));
  }

  calls(exhibit: string): Call[] {
    return this.of<Incident>("incident").flatMap((incident) => incident.calls.filter((call) => call.exhibit === exhibit));
  }

  /** Who is said to be heard in which channel; untrusted. */
  channels(exhibit: string): string[] {
    return this.calls(exhibit).find((call) => call.channels)?.channels ?? [];
  }
}

function announcement(record: Record<string, string>): Announcement {
  const notice = JSON.parse(record["document"]!) as NoticeVersion;
  const { sequence } = JSON.parse(record["entry"]!) as { sequence: number };
  const found: Announcement = { version: record["version"]!, sequence, notice };
  return record["exhibit"] ? { ...found, exhibit: record["exhibit"] } : found;
}

/** Records by the number of their exhibit. */
export function sorted<T extends { exhibit: string }>(records: T[]): T[] {
  return [...records].sort((a, b) => numberOf(a.exhibit) - numberOf(b.exhibit));
}
