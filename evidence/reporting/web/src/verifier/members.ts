/** Steps 2 and 3 of FORMAT.md, "Verification": the member set, the list of digests, and what it says of the members. */

import { UnsupportedDigest, parseAsicManifest } from "./asic";
import { MalformedDocument } from "./bytes";
import { ASIC_MANIFEST, REQUIRED, isInBody, isUnchecked, walk } from "./names";
import type { State } from "./state";
import type { Progress } from "./verify";

const MAX_ASIC_MANIFEST = 8 * 1024 * 1024;

/**
 * Step 2, first part: names alone.
 *
 * @returns whether the order is right, as far as names tell.
 */
export function checkNames(state: State): boolean {
  const names = state.members.map((member) => member.name);
  state.check(1, names.length);
  state.check(2, names.length);
  state.finished.add(1);
  for (const name of REQUIRED) if (!state.has(name)) state.find("MEMBER_MISSING", name);
  noteUnchecked(state, names.filter(isUnchecked));
  const wrong = walk(names);
  if (wrong) state.find(...wrong);
  return !wrong;
}

function noteUnchecked(state: State, names: string[]): void {
  for (const name of names) state.note("LATER_NOT_CHECKED", name);
  if (names[0] !== undefined && state.options.requireComplete) {
    state.find("NOT_COMPLETE", names[0], { n: names.length });
  }
}

/** Step 3, first part: ASiCManifest001.xml. What it lists counts only where the signature is of it (step 4). */
export async function readList(state: State): Promise<void> {
  state.asic = await state.read(ASIC_MANIFEST, MAX_ASIC_MANIFEST, "ASIC_MANIFEST_MALFORMED");
  if (!state.asic) return;
  try {
    state.listed = parseAsicManifest(state.asic);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    if (error instanceof UnsupportedDigest) {
      state.find("DIGEST_UNSUPPORTED", ASIC_MANIFEST, { algorithm: error.algorithm });
    } else {
      state.find("ASIC_MANIFEST_MALFORMED", ASIC_MANIFEST, { reason: error.reason });
    }
  }
}

/** Step 2, second part: the body is what the list says, in its order. */
export function checkSet(state: State, isOrdered: boolean): void {
  const { listed } = state;
  if (!listed) return;
  const present = state.members.map((member) => member.name).filter(isInBody);
  for (const name of listed.keys()) if (!state.has(name)) state.find("MEMBER_MISSING", name);
  for (const name of present) if (!listed.has(name)) state.find("MEMBER_EXTRA", name);
  if (isOrdered) compareOrder(state, present, listed);
  state.finished.add(2);
}

function compareOrder(state: State, present: string[], listed: Map<string, string>): void {
  const there = [...listed.keys()].filter((name) => state.has(name));
  const misplaced = present.filter((name) => listed.has(name)).find((name, i) => name !== there[i]);
  if (misplaced !== undefined) state.find("MEMBER_ORDER", misplaced);
}

/** Step 3, second part: every listed member is as listed. */
export async function checkDigests(state: State, progress?: Progress): Promise<void> {
  const { listed, container } = state;
  if (!listed) return;
  const members = [...listed.keys()].flatMap((name) => container.find(name) ?? []).filter(({ name }) => !state.isBlamed(name));
  const total = members.reduce((sum, member) => sum + member.size, 0);
  let done = 0;
  const advance = progress && ((count: number) => progress((done += count), total));
  for (const member of members) {
    const { sha256, crc32 } = await container.digest(member, advance);
    if (sha256 !== listed.get(member.name)) {
      state.find("MEMBER_ALTERED", member.name);
      continue;
    }
    state.digests.set(member.name, sha256);
    if (crc32 !== member.crc32) state.find("MEMBER_CRC", member.name);
  }
  state.check(3, members.length);
  state.finished.add(3);
}

/** Step 3, last part: the ZIP checksum of members about which nothing else says anything. */
export async function checkChecksums(state: State): Promise<void> {
  for (const member of state.members.slice(1)) {
    if (state.digests.has(member.name) || state.isBlamed(member.name)) continue;
    const { crc32 } = await state.container.digest(member);
    if (crc32 !== member.crc32) state.find("MEMBER_CRC", member.name);
  }
}
