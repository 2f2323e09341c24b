/** Authentic checkpoints of the archive's register, from wherever they come. */

import { equal } from "./bytes";
import type { Checkpoint, Head } from "./checkpoints";
import type { State } from "./state";

/** Those of the archive and those that were taken over from the sidecar. */
export function ownHeads(state: State): Head[] {
  return [...state.heads.values(), ...state.sideHeads.values()];
}

/** Whether one of some checkpoints has the same size and another root. */
export function contradicts(head: Checkpoint, others: readonly Head[]): boolean {
  return others.some(({ checkpoint }) => checkpoint.size === head.size && !equal(checkpoint.root, head.root));
}
