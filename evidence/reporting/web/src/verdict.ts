/** A verification told to a person, in the words of `evidence verify`: results, their order, what is proved. */

import type { Answer, Finding, Note, ResultName } from "./answer";
import type { Speech } from "./texts";
import { utc } from "./wording";

/** The four results in the order in which they are told. */
export const RESULTS: ResultName[] = ["integrity", "signer", "time", "register"];

/** Notes that come before all findings: the reader trusts somebody, and it isn't this signer. */
const URGENT = new Set(["TRUST_OTHER", "TRUST_IS_ARCHIVE"]);
/** Notes after which nothing is to be done where the verdict is PASSED. */
const QUIET = new Set(["TIME_CLAIMED_ONLY", "POSITION_SELF_ASSERTED", "RECEIVED", "RECEIPT_PROVEN", "ANNOUNCED"]);

/** A finding or note, and how it is told. */
export interface Told {
  item: Note;
  mark: Finding["status"] | "NOTE";
  isQuiet: boolean;
}

/** Everything that was found, the gravest first. */
export function everything(answer: Answer): Told[] {
  const urgent = answer.notes.filter((note) => URGENT.has(note.code));
  const notes = answer.notes.filter((note) => !URGENT.has(note.code));
  return [
    ...urgent.map((item) => ({ item, mark: "FAILED" as const, isQuiet: false })),
    ...answer.findings.map((item) => ({ item, mark: item.status, isQuiet: false })),
    ...notes.map((item) => ({ item, mark: "NOTE" as const, isQuiet: QUIET.has(item.code) && answer.verdict === "PASSED" })),
  ];
}

/** The word for a result; a time that nobody proves is CLAIMED, not PASSED. */
export function word(name: ResultName, answer: Answer, speech: Speech): string {
  const status = answer.results[name];
  if (isClaimed(name, answer)) return speech.t("verdict.claimed");
  return speech.t(`verify.status_${status}`);
}

/** Whether a result is the time, which passed without being proven. */
export function isClaimed(name: ResultName, answer: Answer): boolean {
  return name === "time" && answer.results.time === "PASSED" && answer.times.proven === null;
}

/**
 * What is known about a result, or where to read on; empty where there is nothing to say.
 *
 * @param members how many members hold; null where they don't, or it isn't known
 */
export function detail(name: ResultName, answer: Answer, members: number | null, speech: Speech): string {
  return known(name, answer, members, speech) || shortfall(name, answer, speech);
}

function known(name: ResultName, answer: Answer, members: number | null, speech: Speech): string {
  switch (name) {
    case "integrity":
      return members === null ? "" : speech.t("verdict.members", { n: members });
    case "signer":
      return answer.signer ? speech.words("verdict.signer", { subject: answer.signer.subject }) : "";
    case "time":
      return time(answer, speech);
    case "register":
      return place(answer, speech);
  }
}

function time(answer: Answer, speech: Speech): string {
  const { proven, authority, token_in_proof_file, entry_claimed, signing_claimed } = answer.times;
  if (proven !== null) {
    const values = { time: utc(proven), authority: authority ?? "" };
    return token_in_proof_file
      ? speech.words("verdict.time_proven_beside", values)
      : speech.words("verdict.time_proven", values);
  }
  const claimed = entry_claimed ?? signing_claimed;
  return claimed === null ? "" : speech.t("verdict.time_claimed", { time: utc(claimed) });
}

function place(answer: Answer, speech: Speech): string {
  if (answer.register === null) return "";
  const { sequence, size, origin, confirmed } = answer.register;
  const values = { sequence, n: size, origin };
  return confirmed ? speech.words("verdict.place_confirmed", values) : speech.words("verdict.place", values);
}

function shortfall(name: ResultName, answer: Answer, speech: Speech): string {
  const n = answer.findings.filter((finding) => finding.result === name).length;
  if (n > 0) return speech.t("verdict.findings", { n });
  return answer.results[name] === "PASSED" ? "" : speech.t("verdict.not_reached");
}

/**
 * What the archive proves, as sentences; nothing of an archive that FAILED.
 *
 * @param holds whether integrity and the signature's mathematics hold
 */
export function proves(answer: Answer, holds: boolean, speech: Speech): string[] {
  if (answer.verdict === "FAILED" || !holds || answer.signer === null) return [];
  const told = [speech.t("verify.proves_bytes"), speech.words("verify.proves_key", { name: answer.signer.subject })];
  const { proven, authority } = answer.times;
  if (proven !== null) told.push(speech.words("verify.proves_time", { time: utc(proven), authority: authority ?? "" }));
  if (answer.register !== null) {
    const { sequence, origin, size } = answer.register;
    told.push(speech.words("verify.proves_place", { sequence, origin, size }));
  }
  return told;
}

/** What it doesn't prove. */
export function provesNot(answer: Answer, speech: Speech): string[] {
  const time = answer.times.proven === null ? ["time"] : [];
  return [...time, "who", "all", "last", "guilt"].map((name) => speech.t(`verify.proves_not_${name}`));
}
