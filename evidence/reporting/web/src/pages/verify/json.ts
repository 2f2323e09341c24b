/** A result for programs: one line as `evidence verify --json` prints it. */

import type { Finding, Note } from "../../answer";
import type { Speech } from "../../texts";
import { sentence } from "../../wording";
import type { Told } from "./result";

/** The document of a verification, with sentences in the page's language. */
export function answerJson({ file, proof, answer }: Told, speech: Speech): string {
  const said = <Item extends Finding | Note>(item: Item) => ({ ...item, message: sentence(item, speech) });
  return JSON.stringify({
    file,
    proof_file: proof,
    ...answer,
    findings: answer.findings.map(said),
    notes: answer.notes.map(said),
  });
}
