/** From findings to steps, four results and one verdict (FORMAT.md, "Verdict"). */

import type { Finding, Note, Outcome, ResultName, Status, Step } from "../answer";
import { RESULTS } from "./rules";

const WORST_FIRST: readonly Status[] = ["FAILED", "INDETERMINATE"];
/** Notes about records, which count only where the records do. */
const OF_RECORDS: ReadonlySet<string> = new Set([
  "RECEIVED",
  "RECEIPT_PROVEN",
  "RECEIPT_UNPROVEN",
  "RECEIPT_MISSING",
  "ANNOUNCED",
  "ANNOUNCEMENT_UNPROVEN",
]);

export type Results = Record<ResultName, Status>;

export function worst(statuses: readonly Status[]): Status {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? "PASSED";
}

/** A step is the worst of its findings; without any it has passed if it was done to its end. */
export function steps(
  findings: readonly Finding[],
  finished: ReadonlySet<number>,
  checks: ReadonlyMap<number, number>,
): Step[] {
  return RESULTS.map((_, i) => {
    const step = i + 1;
    const found = worst(findings.filter((finding) => finding.step === step).map(({ status }) => status));
    return { step, outcome: outcome(found, finished.has(step)), checks: checks.get(step) ?? 0 };
  });
}

function outcome(found: Status, isFinished: boolean): Outcome {
  if (found === "FAILED") return "FAIL";
  if (found === "INDETERMINATE") return found;
  return isFinished ? "PASS" : "NOT CHECKED";
}

/** The worst of each result's findings; a step that should have been done and wasn't leaves its result undecided. */
export function results(
  findings: readonly Finding[],
  finished: ReadonlySet<number>,
  isHistoryAsked: boolean,
): Results {
  const of = (result: ResultName): Status => {
    const open = RESULTS.some((name, i) => name === result && !finished.has(i + 1) && (i + 1 < 11 || isHistoryAsked));
    const found = findings.filter((finding) => finding.result === result).map(({ status }) => status);
    return worst(open ? [...found, "INDETERMINATE"] : found);
  };
  return { integrity: of("integrity"), signer: of("signer"), time: of("time"), register: of("register") };
}

/** Whether a note still says something beside these results: what qualifies a pass doesn't without one. */
export function isNews({ code }: Note, { integrity, signer, time, register }: Results): boolean {
  if (code === "VERDICT_ENDS") return worst([integrity, signer, time, register]) === "PASSED";
  if (code === "POSITION_SELF_ASSERTED") return register !== "FAILED";
  return !OF_RECORDS.has(code) || ![integrity, signer, register].includes("FAILED");
}
