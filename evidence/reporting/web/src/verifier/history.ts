/** Step 11 of FORMAT.md, "Verification": the register as the verifier knows it from elsewhere. */

import { MalformedDocument, equal } from "./bytes";
import type { Chain } from "./chain";
import { type Checkpoint, authenticHead } from "./checkpoints";
import { sha256Hex } from "./digest";
import { type Entry, textOf } from "./entries";
import { ENTRY } from "./entry";
import { readExport } from "./export";
import { ownHeads } from "./heads";
import type { Manifest, State } from "./state";

/** Step 11; without an export and a kept checkpoint nothing is asked. */
export async function checkHistory(state: State): Promise<void> {
  const { manifest, entry, options } = state;
  const isAsked = options.registerExport !== undefined || options.checkpoint !== undefined;
  if (isAsked && manifest && entry && state.heads.size) await compare(state, manifest, entry);
  if (state.heads.size && !state.confirmed) state.note("POSITION_SELF_ASSERTED", "");
}

async function compare(state: State, manifest: Manifest, entry: Entry): Promise<void> {
  const kept = await keptCheckpoint(state, manifest);
  const chain = await exported(state, manifest, entry, kept);
  if (isContradicted(state, kept, chain) || state.isBlamed(ENTRY)) return;
  if (chain) checkOwnEntry(state, entry, chain);
  state.finished.add(11);
}

async function keptCheckpoint(state: State, manifest: Manifest): Promise<Checkpoint | null> {
  if (!state.options.checkpoint) return null;
  state.check(11);
  try {
    return (await authenticHead(state.options.checkpoint, manifest)).checkpoint;
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("CHECKPOINT_UNUSABLE", "", { reason: error.reason });
    return null;
  }
}

/** What the export says, if it is one of this register, signed, whole, and in keeping with itself. */
async function exported(
  state: State,
  manifest: Manifest,
  entry: Entry,
  kept: Checkpoint | null,
): Promise<Chain | null> {
  if (!state.options.registerExport) return null;
  const heads = [...ownHeads(state), ...state.olderHeads].map((head) => head.checkpoint);
  const sizes = new Set([...heads, ...(kept ? [kept] : [])].map((head) => head.size));
  const watch = { sizes, sequence: entry.sequence, archiveId: manifest.archive_id, identity: identity(state) };
  let chain: Chain;
  try {
    const read = await readExport(state.options.registerExport, watch);
    chain = read.chain;
    const { checkpoint } = await authenticHead(read.note, manifest);
    state.check(11, chain.size);
    requireCovered(chain, checkpoint);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("EXPORT_UNUSABLE", "", { reason: error.reason });
    return null;
  }
  const isKey = chain.first !== null && textOf(chain.first, "register_key") === manifest.register_key;
  const reason = chain.problem || (isKey ? "" : "entry 0 names another register key");
  if (reason) state.find("REGISTER_CHAIN_BROKEN", "", { reason });
  return reason ? null : chain;
}

/** @throws MalformedDocument the checkpoint isn't over exactly these entries. */
function requireCovered(chain: Chain, checkpoint: Checkpoint): void {
  if (chain.size !== checkpoint.size || !equal(chain.root(), checkpoint.root)) {
    throw new MalformedDocument(`its ${chain.size} entries aren't the ${checkpoint.size} that its checkpoint signs`);
  }
}

function identity(state: State): string {
  return sha256Hex(state.asic ?? new Uint8Array());
}

/** Compare heads of the register: the archive's, the export's, the kept one; the first clash is enough. */
function isContradicted(state: State, kept: Checkpoint | null, chain: Chain | null): boolean {
  if (kept && chain && chain.size < kept.size) {
    state.find("REGISTER_ROLLBACK", "", { size: chain.size, kept: kept.size });
    return true;
  }
  const own = ownHeads(state).map((head) => head.checkpoint);
  const roots = new Map(chain?.roots);
  if (kept && !roots.has(kept.size)) roots.set(kept.size, kept.root);
  const others = [...(kept ? [kept] : []), ...own, ...state.olderHeads.map((head) => head.checkpoint)];
  const fork = others.find((head) => !equal(roots.get(head.size) ?? head.root, head.root));
  if (fork) {
    state.find("REGISTER_FORK", "", { size: fork.size });
    return true;
  }
  state.confirmed = own.some((head) => roots.has(head.size));
  const isUsable = chain !== null || (kept !== null && !state.options.registerExport);
  if (!state.confirmed && isUsable) {
    state.find("REGISTER_NOT_COVERED", "", { size: Math.min(...own.map((head) => head.size)) });
  }
  return false;
}

/** The archive's entry in the export: the same, unvoided, and the only one for this archive. */
function checkOwnEntry(state: State, entry: Entry, chain: Chain): void {
  if (chain.own && !equal(chain.own, entry.data)) {
    state.find("REGISTER_FORK", "", { size: chain.size });
    return;
  }
  const void_ = chain.voids.get(entry.sequence);
  if (void_) {
    const reason = textOf(void_.entry, "reason");
    state.find("REGISTER_VOIDED", "", { sequence: void_.index, reason });
  }
  const standing = chain.named.filter(({ index, entry: own }) => own.type === "sealed" && !chain.voids.has(index));
  const others = standing.filter(({ index }) => index !== entry.sequence);
  if (others.length + (void_ ? 0 : 1) > 1) {
    state.find("REGISTER_DOUBLE", "", { sequence: others[0]!.index });
  }
}
