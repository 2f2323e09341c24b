/** Every code with its step and weight (FORMAT.md, "Codes"), and the result that each step counts for ("Verdict"). */

import type { ResultName, Status } from "../answer";

export interface Rule {
  step: number;
  status: Exclude<Status, "PASSED">;
}

/** The result of each step, from 1 on. */
export const RESULTS: readonly ResultName[] = [
  "integrity",
  "integrity",
  "integrity",
  "signer",
  "integrity",
  "integrity",
  "register",
  "register",
  "time",
  "signer",
  "register",
];

const FAILED: readonly (readonly [step: number, codes: readonly string[]])[] = [
  [1, ["CONTAINER_TRUNCATED", "CONTAINER_MALFORMED", "MEMBER_NAME", "MEMBER_DUPLICATE"]],
  [2, ["MEMBER_EXTRA", "MEMBER_MISSING", "MEMBER_ORDER"]],
  [3, ["ASIC_MANIFEST_MALFORMED", "MEMBER_ALTERED", "MEMBER_CRC"]],
  [4, ["SIGNATURE_MALFORMED", "SIGNATURE_BROKEN", "CERTIFICATE_MISMATCH"]],
  [5, ["MANIFEST_MALFORMED", "MANIFEST_DISAGREES", "SUMS_DISAGREE"]],
  [6, ["RECORD_MALFORMED", "RECORD_DISAGREES"]],
  [7, ["ENTRY_MALFORMED", "ENTRY_DISAGREES"]],
  [8, ["PROOF_MALFORMED", "CHECKPOINT_BROKEN", "PROOF_BROKEN"]],
  [9, ["TOKEN_MALFORMED", "TOKEN_BROKEN"]],
  [11, ["REGISTER_CHAIN_BROKEN", "REGISTER_FORK", "REGISTER_ROLLBACK", "REGISTER_DOUBLE"]],
];

const INDETERMINATE: readonly (readonly [step: number, codes: readonly string[]])[] = [
  [2, ["NOT_COMPLETE"]],
  [3, ["DIGEST_UNSUPPORTED"]],
  [4, ["SIGNATURE_UNSUPPORTED"]],
  [5, ["FORMAT_UNSUPPORTED"]],
  [9, ["TOKEN_MISSING", "TOKEN_UNSUPPORTED", "TSA_UNKNOWN", "TIME_ORDER"]],
  [10, ["SIGNER_UNKNOWN", "CERTIFICATE_EXPIRED", "CERTIFICATE_NOT_YET_VALID", "CERTIFICATE_UNUSABLE"]],
  [11, ["EXPORT_UNUSABLE", "REGISTER_VOIDED", "REGISTER_NOT_COVERED", "CHECKPOINT_UNUSABLE"]],
];

export const RULES: ReadonlyMap<string, Rule> = new Map([...rules(FAILED, "FAILED"), ...rules(INDETERMINATE, "INDETERMINATE")]);

function* rules(
  table: readonly (readonly [number, readonly string[]])[],
  status: Rule["status"],
): Generator<[string, Rule]> {
  for (const [step, codes] of table) for (const code of codes) yield [code, { step, status }];
}

/** @throws Error no such code. */
export function ruleOf(code: string): Rule {
  const rule = RULES.get(code);
  if (!rule) throw new Error(`no rule ${code}`);
  return rule;
}
