/** What shows that the announcement was played, in words: as evidence/verify/noticewording.py says it. */

import type { Speech } from "../texts";
import { short, visible } from "../visible";
import { clock, plainSeconds } from "../wording";
import type { Announcement, Archive, Item, Time } from "./records";

const MINUTE = 60_000;
const NAMED = new Set(["caller", "agent"]);

/** By what people know a version of the announcement; untrusted. */
export function knownAs(version: Announcement): string {
  const notice = version.notice;
  const name = notice.sound?.name;
  return notice.title ?? (notice.text?.split(/\s+/u).join(" ") || (typeof name === "string" ? name : ""));
}

/** One thing about the announcement, as a part of a sentence; a later version's code stays as it is. */
export function clause(item: Item, archive: Archive, speech: Speech): string {
  const key = `noticeevidence.${item.code}`;
  const told = values(item, archive, speech);
  return speech.has(key, ...Object.keys(told)) ? speech.t(key, told) : speech.t("noticeevidence.later", { code: visible(item.code) });
}

function values(item: Item, archive: Archive, speech: Speech): Record<string, string> {
  const version = archive.announcements.find((each) => each.version === item.version);
  const title = version ? short(knownAs(version)) : "";
  const text = item.text ? short(item.text) : "";
  const oneOfSeveral = title && archive.announcements.length > 1;
  return {
    announcement: title
      ? speech.t("noticeevidence.announcement_named", { title })
      : speech.t("noticeevidence.announcement"),
    which: oneOfSeveral ? speech.t("noticeevidence.which", { title }) : "",
    place: place(item, speech),
    shares: shares(item, speech),
    document: documentOf(item, archive, speech),
    name: text ? speech.t("noticeevidence.as", { name: text }) : "",
    when: item.at ? speech.t("noticeevidence.when", { time: written(item.at) }) : "",
    source: text ? speech.t("noticeevidence.source", { text }) : "",
    reason: item.text ? speech.t("noticeevidence.reason", { text: reason(item, speech) }) : "",
    length: speech.t("noticeevidence.seconds", { seconds: plainSeconds(item.milliseconds ?? 0) }),
  };
}

/** A time as it was written, or in UTC where that is seconds since 1970. Visible. */
export function written(time: Time): string {
  return /[:-]/u.test(time.text) ? visible(time.text) : `${time.utc.slice(0, 10)} ${time.utc.slice(11, 19)} UTC`;
}

function place(item: Item, speech: Speech): string {
  const channel = where(item.channel, item.channel_name ?? "", speech);
  const at = item.at_ms;
  if (at === undefined) return channel;
  if (at < 0) return `${channel} ${speech.t("noticeevidence.at_before", { seconds: plainSeconds(-at) })}`;
  if (at < MINUTE) return `${channel} ${speech.t("noticeevidence.at_seconds", { seconds: plainSeconds(at) })}`;
  return `${channel} ${speech.t("noticeevidence.at_clock", { clock: clock(at) })}`;
}

function where(channel: number | undefined, name: string, speech: Speech): string {
  if (channel === undefined) return speech.t("noticeevidence.in_recording");
  if (!name) return speech.t("noticeevidence.in_channel", { channel });
  if (NAMED.has(name)) return speech.t(`noticeevidence.in_${name}`, { channel });
  return speech.t("noticeevidence.in_named", { name: short(name), channel });
}

/** How much of the announcement was heard; cut off, so that only all of it is 100 %. */
function shares(item: Item, speech: Speech): string {
  const told: string[] = [];
  const percent = (permille: number) => ({ percent: Math.floor(permille / 10) });
  if (item.coverage !== undefined) told.push(speech.t("noticeevidence.speech", percent(item.coverage)));
  if (item.clause_coverage === 1000) told.push(speech.t("noticeevidence.clause_full"));
  else if (item.clause_coverage !== undefined) {
    told.push(speech.t("noticeevidence.clause_part", percent(item.clause_coverage)));
  }
  return told.map((share) => `, ${share}`).join("");
}

function documentOf(item: Item, archive: Archive, speech: Speech): string {
  if (!item.exhibit) return "";
  const name = short(archive.file(item.exhibit));
  const file = name ? `${name} (${item.exhibit})` : item.exhibit;
  if (item.line === undefined) return speech.t("noticeevidence.document", { file });
  return speech.t("noticeevidence.document_line", { file, line: item.line });
}

function reason(item: Item, speech: Speech): string {
  if (item.code === "NOT_SEARCHED" && item.text === "off") return speech.t("noticeevidence.off");
  const searched = `media.search_problem_${item.text}`;
  const damaged = `notice.problem_${item.text}`;
  const key = item.code === "NOT_SEARCHED" ? searched : damaged;
  return speech.has(key) ? speech.t(key) : short(item.text ?? "");
}
