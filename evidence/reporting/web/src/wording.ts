/** Findings, notes and times of a verification in words, as evidence/verify/wording.py and durations.py say them. */

import type { Note } from "./answer";
import type { Speech, Values } from "./texts";

const TIMES = new Set(["date", "at", "not_before", "not_after", "claimed", "proven"]);
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** What was found, one sentence. */
export function sentence(item: Note, speech: Speech): string {
  return speech.words(`verify.${item.code}`, values(item, speech));
}

/** What the reader does next. */
export function nextStep(item: Note, speech: Speech): string {
  return speech.words(`verify.${item.code}_next`, values(item, speech));
}

function values(item: Note, speech: Speech): Values {
  const params = Object.entries(item.params).map(([name, value]) => [name, TIMES.has(name) ? utc(String(value)) : value]);
  const found: Values = { subject: item.subject, ...Object.fromEntries(params) };
  if (item.code === "RECEIVED") found["later"] = later(item.params["seconds"], speech);
  if (item.code === "REGISTER_VOIDED") found["reason"] = speech.t(`verify.void_${found["reason"]}`);
  return found;
}

/** How long after a receipt the archive was sealed, by their clocks. */
function later(seconds: unknown, speech: Speech): string {
  if (typeof seconds !== "number") return "";
  const told = { duration: duration(Math.abs(seconds), speech) };
  return seconds >= 0 ? speech.t("verify.received_later", told) : speech.t("verify.received_before", told);
}

/** A length of time, cut off below its last unit: `3 days 4 h`, `9 h 40 min`, `5 min`, `12 s`. */
export function duration(seconds: number, speech: Speech): string {
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (seconds >= DAY) return speech.t("receive.days", { n: Math.floor(seconds / DAY), hours });
  if (seconds >= HOUR) return speech.t("receive.hours", { hours: Math.floor(seconds / HOUR), minutes });
  if (seconds >= MINUTE) return speech.t("receive.minutes", { minutes: Math.floor(seconds / MINUTE) });
  return speech.t("receive.seconds", { seconds });
}

/** A time of the format as people write it; whatever isn't one stays as it is. */
export function utc(time: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/u.exec(time);
  return parts ? `${parts[1]} ${parts[2]} UTC` : time;
}

/** A place in a recording: `1:02:03.456` or `2:03.456`. */
export function clock(milliseconds: number): string {
  const sign = milliseconds < 0 ? "-" : "";
  const all = Math.floor(Math.abs(milliseconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3_600_000);
  const minutes = Math.floor(all / 60_000) % 60;
  const rest = `${two(Math.floor(all / 1000) % 60)}.${String(all % 1000).padStart(3, "0")}`;
  return sign + (hours ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`);
}

/** Milliseconds, not below zero, as seconds: `2.1`, `0.045`, `120`. */
export function plainSeconds(milliseconds: number): string {
  const rest = String(milliseconds % 1000).padStart(3, "0").replace(/0+$/u, "");
  return `${Math.floor(milliseconds / 1000)}${rest ? `.${rest}` : ""}`;
}

/** A digest in groups of four, as people compare it. */
export function groups(hex: string): string {
  return hex.match(/.{1,4}/gu)?.join(" ") ?? "";
}
