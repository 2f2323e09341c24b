/** What a schema can't say of one record by itself (FORMAT.md, "Verification", step 6). */

import type { Json } from "../answer";
import { fromBase64 } from "./base64";
import { checkName, readAnnouncement, readReceipt } from "./enclosed";
import { timestamp } from "./times";

export type Fields = { [key: string]: Json };

/** Kinds of which this version knows more than the common part. */
export const KNOWN: ReadonlySet<string> = new Set([
  "incident",
  "exhibit",
  "notice",
  "marker",
  "acquisition",
  "measure",
  "receipt",
  "announcement",
  "notice_search",
  "notice_evidence",
  "pbx",
  "waveform",
]);

/** Maps whose keys are free names; nothing in them is a time. */
const FREE = new Set(["claims", "values", "class_names"]);

/**
 * Check a record of a known kind that the schema accepts, but for a file in it.
 *
 * @throws MalformedDocument a time that doesn't exist, base64 that isn't canonical, or a receipt or announcement that
 *   isn't one.
 */
export function checkParts(record: Fields): void {
  checkTimes(record);
  if (record.kind === "exhibit") checkName(record.name);
  if (record.kind === "receipt") readReceipt(record);
  if (record.kind === "announcement") readAnnouncement(record);
  for (const channel of drawnChannels(record)) fromBase64(channel);
}

/** The channels of a waveform, or of the drawing in a notice search. */
export function drawnChannels(record: Fields): string[] {
  const drawing = record.kind === "waveform" ? record : record.kind === "notice_search" ? record.waveform : undefined;
  return drawing === undefined ? [] : ((drawing as Fields).channels as string[]);
}

/** Times that somebody stated are objects with `utc`, wherever they stand. */
function checkTimes(value: Json): void {
  if (Array.isArray(value)) return value.forEach(checkTimes);
  if (typeof value !== "object" || value === null) return;
  if (typeof value.utc === "string") timestamp(value.utc);
  for (const [key, inner] of Object.entries(value)) {
    if (!FREE.has(key)) checkTimes(inner);
  }
}

/** Whether a marker doesn't contradict itself (FORMAT.md, "Markers"). */
export function isSound(marker: Fields): boolean {
  const start = marker.start_ms as number;
  if (((marker.end_ms as number | undefined) ?? start) < start) return false;
  if (marker.pressed === undefined) return true;
  const pressed = marker.pressed as Fields;
  const [at, started] = ["at", "call_started"].map((name) => timestamp((pressed[name] as Fields).utc as string));
  return at! - started! - (pressed.offset_ms as number) === pressed.place_ms;
}

/** Grades of notice evidence, the strongest first, each with the codes that give it (FORMAT.md, "Notice evidence"). */
const GRADES: [string, string[]][] = [
  ["in_recording", ["FOUND", "CLAUSE_FOUND", "HEARD"]],
  ["pbx_log", ["LOGGED", "LOG_STATED"]],
  ["config_snapshot", ["CONFIGURED", "CONFIG_STATED"]],
  ["operator_statement", ["OPERATOR_STATED"]],
  ["none", ["PART_FOUND"]],
];

/** Whether the grade is the strongest that `for` gives; nobody can tell where it holds codes of later versions. */
export function isGraded(evidence: Fields): boolean {
  const codes = (evidence.for as Fields[]).map((item) => item.code as string);
  const ranks = codes.map((code) => GRADES.findIndex(([, own]) => own.includes(code)));
  if (ranks.includes(-1)) return true;
  const strongest = Math.min(...ranks, GRADES.length - 1);
  return GRADES[strongest]![0] === evidence.grade;
}

