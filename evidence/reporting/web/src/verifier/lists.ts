/** Step 5 of FORMAT.md, "Verification": manifest.json and SHA256SUMS say what ASiCManifest001.xml says. */

import * as schemas from "../../generated/schemas";
import { requireNames } from "./asic";
import { MalformedDocument, ascii } from "./bytes";
import { decode, isObject } from "./json";
import { MANIFEST, SUMS, exhibitId, kindOf } from "./names";
import { parseVerifierKey } from "./notes";
import { memberOf } from "./records";
import type { Manifest, State } from "./state";

const MAX_MANIFEST = 4 * 1024 * 1024;
const MAX_SUMS = 8 * 1024 * 1024;

/** Step 5; reads manifest.json for the steps that follow. */
export async function checkLists(state: State): Promise<void> {
  const { listed } = state;
  if (!listed) return;
  state.manifest = await readManifest(state);
  if (state.manifest) compareManifest(state, state.manifest, listed);
  if ((await compareSums(state, listed)) && state.manifest) state.finished.add(5);
}

async function readManifest(state: State): Promise<Manifest | null> {
  const data = await state.readVerified(MANIFEST, MAX_MANIFEST, "MANIFEST_MALFORMED");
  if (!data) return null;
  try {
    const document = decode(data, MAX_MANIFEST);
    const format = isObject(document) ? document.format : undefined;
    if (typeof format === "number" && format > 1) {
      state.find("FORMAT_UNSUPPORTED", MANIFEST, { version: format });
      return null;
    }
    if (!schemas.manifest(document)) throw new MalformedDocument("not as the schema manifest.v1 prescribes it");
    return checked(document as unknown as Manifest);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("MANIFEST_MALFORMED", MANIFEST, { reason: error.reason });
    return null;
  }
}

/** What the schema doesn't say (FORMAT.md, "manifest.json"). */
function checked(manifest: Manifest): Manifest {
  if (parseVerifierKey(manifest.register_key).name !== manifest.origin) {
    throw new MalformedDocument("the register key has another name than the origin");
  }
  for (const items of [manifest.records, manifest.exhibits]) {
    if (new Set(items.map(({ id }) => id)).size !== items.length) throw new MalformedDocument("lists an id twice");
  }
  if (manifest.exhibits.some(({ id, member }) => exhibitId(member) !== id)) {
    throw new MalformedDocument("an exhibit whose member has another number");
  }
  return manifest;
}

/** Records and exhibits are exactly the listed ones, with the same digests; the first that differs is enough. */
function compareManifest(state: State, manifest: Manifest, listed: Map<string, string>): void {
  const told = new Map(manifest.records.map((record) => [memberOf(record), record.sha256]));
  for (const { member, sha256 } of manifest.exhibits) told.set(member, sha256);
  const names = [...listed.keys()].filter((name) => ["record", "exhibit"].includes(kindOf(name) ?? ""));
  for (const name of [...names, ...[...told.keys()].filter((name) => !listed.has(name))]) {
    state.check(5);
    if (told.get(name) !== listed.get(name)) {
      state.find("MANIFEST_DISAGREES", name, {}, MANIFEST);
      return;
    }
  }
}

/** Returns whether SHA256SUMS could be read. */
async function compareSums(state: State, listed: Map<string, string>): Promise<boolean> {
  const data = await state.readVerified(SUMS, MAX_SUMS, "SUMS_DISAGREE");
  if (!data) return false;
  const expected = [...listed].filter(([name]) => name !== SUMS).map(([name, digest]) => `${digest}  ${name}`);
  state.check(5, expected.length);
  try {
    const lines = linesOf(data);
    const first = [...lines, ""].findIndex((line, i) => line !== (expected[i] ?? ""));
    const name = (lines[first] || expected[first])?.slice(66);
    if (name !== undefined) state.find("SUMS_DISAGREE", SUMS, { reason: name }, name);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("SUMS_DISAGREE", SUMS, { reason: error.reason });
  }
  return true;
}

/** @throws MalformedDocument lines that no list of digests can have. */
function linesOf(data: Uint8Array): string[] {
  const lines = ascii(data).split("\n");
  if (lines.pop() !== "") throw new MalformedDocument("the last line doesn't end");
  if (!lines.every((line) => /^[0-9a-f]{64} {2}[!-~]+$/.test(line))) {
    throw new MalformedDocument("a line isn't a digest, two spaces and a name");
  }
  requireNames(lines.map((line) => line.slice(66)));
  return lines;
}
