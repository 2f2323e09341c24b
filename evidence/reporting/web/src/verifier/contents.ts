/** What may be shown of an archive (FORMAT.md, "Verdict"): what steps 1 to 6 have verified, and nothing else. */

import type { Record_ } from "../answer";
import { kindOf } from "./names";
import type { State } from "./state";
import type { Contents } from "./verify";

/** Null unless steps 1 to 6 are done and integrity has no finding but members that aren't checked. */
export function contentsOf(state: State): Contents | null {
  const { manifest, listed, container } = state;
  const isWhole = state.findings().every(({ result, code }) => result !== "integrity" || code === "NOT_COMPLETE");
  const isDone = [1, 2, 3, 4, 5, 6].every((step) => state.finished.has(step));
  if (!manifest || !listed || !isWhole || !isDone) return null;
  const members = new Map(manifest.exhibits.map(({ id, member }) => [id, member]));
  return {
    records: manifest.records.map(({ id }) => state.records.get(id)! as Record_),
    members: listed.size,
    exhibit: (id) => {
      const member = container.find(members.get(id) ?? "");
      return member && kindOf(member.name) === "exhibit" ? container.blob(member) : null;
    },
  };
}
