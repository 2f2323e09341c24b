/** Everything that has a place in one recording, ready to be drawn over its sound. */

import { type Announcement, type Archive, type Exhibit, type Marker, type Measure, lengthOf } from "./records";
import type { NoticeEvidence, NoticeStated, Search, Match } from "./records";
import type { Peaks } from "./peaks";

/** A stretch of a recording; `channel` is -1 where it concerns all of them. */
export interface Stretch {
  start: number;
  end: number;
  channel: number;
}

export interface MarkerPlace extends Stretch {
  marker: Marker;
  /** What stands in its flag. */
  label: string;
}

export interface MeasurePlace {
  measure: Measure;
  at: number;
  label: string;
}

/** Where the announcement is: measured by a search, or stated by a person. */
export interface NoticePlace extends Stretch {
  kind: "measured" | "stated";
  /** Its key clause, if its place is known. */
  clause: { start: number; end: number } | null;
  version: Announcement | undefined;
}

/** The number of a channel that is named by number or name; -1 where it isn't known. */
export function channelNumber(channel: number | string | undefined, names: string[]): number {
  return typeof channel === "number" ? channel : channel === undefined ? -1 : names.indexOf(channel);
}

/** Markers of a recording with the numbers in their flags. */
export function markerPlaces(archive: Archive, exhibit: string): MarkerPlace[] {
  const names = archive.channels(exhibit);
  return archive.markers(exhibit).map((marker, index) => ({
    marker,
    start: marker.start_ms,
    end: marker.end_ms ?? marker.start_ms,
    channel: channelNumber(marker.channel, names),
    label: String(marker.number ?? index + 1),
  }));
}

/** Measures that have a place in a recording, called by letters. */
export function measurePlaces(archive: Archive, exhibit: string): MeasurePlace[] {
  return archive
    .about<Measure>("measure", exhibit)
    .filter((measure) => measure.at_milliseconds !== undefined)
    .sort((a, b) => a.at_milliseconds! - b.at_milliseconds!)
    .map((measure, index) => ({ measure, at: measure.at_milliseconds!, label: letters(index) }));
}

function letters(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : letters(Math.floor(index / 26) - 1) + letter;
}

/** Where the announcement is said to be. */
export function noticePlaces(archive: Archive, exhibit: string): NoticePlace[] {
  const judged = archive.about<NoticeEvidence>("notice_evidence", exhibit)[0];
  const named = new Set(judged?.for.filter((item) => /FOUND/u.test(item.code)).map((item) => `${item.version} ${item.channel}`));
  const matches = archive.about<Search>("notice_search", exhibit).flatMap((search) => search.matches);
  const found = matches.filter((match) => match.at_ms !== undefined && /^(?:found|partial)$/u.test(match.result));
  const kept = named.size ? found.filter((match) => named.has(`${match.version} ${match.channel}`)) : found;
  const measured = kept.map((match) => measuredPlace(match, archive));
  const stated = archive.about<NoticeStated>("notice", exhibit).filter((notice) => notice.at_milliseconds !== undefined);
  return [...measured, ...stated.map((notice) => statedPlace(notice, archive, exhibit))];
}

function measuredPlace(match: Match, archive: Archive): NoticePlace {
  const version = archive.announcements.find((each) => each.version === match.version);
  const at = match.at_ms!;
  const heard = (place: number) => at + Math.trunc((place * 1_000_000) / (1_000_000 + match.speed_ppm));
  const clause = version?.notice.key_clause;
  const pieces = match.segments.map((segment) => segment[1] ?? 0);
  const length = lengthOf(version?.notice.sound?.recording) ?? Math.max(0, ...pieces);
  const hasClause = clause?.start_ms !== undefined && clause.end_ms !== undefined;
  return {
    kind: "measured",
    start: at,
    end: heard(Math.max(length, clause?.end_ms ?? 0)),
    channel: match.channel,
    clause: hasClause ? { start: heard(clause.start_ms!), end: heard(clause.end_ms!) } : null,
    version,
  };
}

function statedPlace(notice: NoticeStated, archive: Archive, exhibit: string): NoticePlace {
  const version = archive.announcements.find((each) => each.version === notice.version);
  const start = notice.at_milliseconds!;
  const length = lengthOf(version?.notice.sound?.recording) ?? 0;
  const channel = channelNumber(notice.channel, archive.channels(exhibit));
  return { kind: "stated", start, end: start + length, channel, clause: null, version };
}

/** How many channels are drawn. */
export function channelCount(exhibit: Exhibit, peaks: Peaks | null): number {
  const facts = exhibit.recording;
  const counted = (facts?.channels ?? 0) + (facts?.tracks ?? []).reduce((sum, track) => sum + (track.channels ?? 0), 0);
  return Math.min(32, Math.max(1, peaks?.channels.length ?? 0, Math.min(8, counted)));
}

/** Length of the time line in milliseconds: as counted, else as far as anything is known of. */
export function lineLength(exhibit: Exhibit, peaks: Peaks | null, ends: number[]): number {
  const tracks = [exhibit.recording, ...(exhibit.recording?.tracks ?? [])];
  const counted = Math.max(0, ...tracks.map((track) => lengthOf(track) ?? 0));
  const columns = peaks ? Math.max(0, ...peaks.channels.map((channel) => channel.length)) * peaks.columnMs : 0;
  return counted || columns || Math.max(1000, ...ends.map((end) => end * 1.05));
}
