/** The four results in words, as `evidence verify` prints them beside each. */

import type { Answer, ResultName } from "../../answer";
import type { Speech } from "../../texts";
import { utc } from "../../wording";

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

/** What is known about a result, or where to read on; empty where there is nothing to say. */
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

/** What the archive proves, as sentences; nothing of an archive that FAILED. */
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
