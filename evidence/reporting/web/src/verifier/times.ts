/** Times: milliseconds since 1970, UTC; written in one way only (FORMAT.md, "Documents"). */

import { MalformedDocument } from "./bytes";

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/;

/**
 * Parse `YYYY-MM-DDThh:mm:ss.sssZ`.
 *
 * @throws MalformedDocument another form, a date that doesn't exist, a leap second, or the year 0.
 */
export function timestamp(text: string): number {
  const time = FORM.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse of 30 February or of 24:00 gives another day
  if (Number.isNaN(time) || text.startsWith("0000") || new Date(time).toISOString() !== text) {
    throw new MalformedDocument("not a time of the form YYYY-MM-DDThh:mm:ss.sssZ that exists");
  }
  return time;
}

/** The one way a time is written; what is below a millisecond is cut off. Years 1 to 9999. */
export function formatTimestamp(time: number): string {
  return new Date(Math.floor(time)).toISOString();
}
