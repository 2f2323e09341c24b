/** The time as of which to judge: as `--at` of the command line takes it. */

import { Refused } from "./refused";

const DATE = /^\d{4}-\d\d-\d\d$/u;
const TIME = /^(\d{4})-(\d\d)-(\d\d)[t ](\d\d):(\d\d)(?::(\d\d))?(?:\.(\d+))?(.*)$/isu;
const ZONE = /^(?:z|([+-])(\d\d):(\d\d))$/iu;

/**
 * A time of RFC 3339 with its zone, in milliseconds since 1970; seconds may be left out.
 *
 * @throws Refused no such time, or the zone is missing: a local time would mean another instant elsewhere.
 */
export function asOf(text: string, field: string): number {
  const given = text.trim();
  const refuse = (name: string) => new Refused(name, "page.time_hint", { text: given }, field);
  const parts = TIME.exec(given);
  if (parts === null) throw refuse(DATE.test(given) ? "page.time_date_only" : "page.time_bad");
  if (parts[8] === "") throw refuse("page.time_no_zone");
  const zone = ZONE.exec(parts[8] ?? "");
  const numbers = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const instant = utc(numbers, Number((parts[7] ?? "").slice(0, 3).padEnd(3, "0")));
  const offset = zone && zone[1] ? Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  if (zone === null || Math.abs(offset) >= 24 * 60 || Number(zone[3] ?? 0) > 59 || Number.isNaN(instant)) {
    throw refuse("page.time_bad");
  }
  return instant - offset * 60_000;
}

/** An instant, or NaN where there is no such day or time of day. */
function utc(numbers: number[], milliseconds: number): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  made.setUTCHours(hour, minute, second, milliseconds);
  const same =
    year > 0 &&
    made.getUTCFullYear() === year &&
    made.getUTCMonth() === month - 1 &&
    made.getUTCDate() === day &&
    made.getUTCHours() === hour &&
    made.getUTCMinutes() === minute &&
    made.getUTCSeconds() === second;
  return same ? made.getTime() : Number.NaN;
}
