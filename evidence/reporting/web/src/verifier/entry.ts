/** Step 7 of FORMAT.md, "Verification": the register entry names this archive, signature and signer. */

import { MalformedDocument } from "./bytes";
import { sha256Hex } from "./digest";
import { type Entry, MAX_ENTRY, parseEntry, textOf } from "./entries";
import type { State } from "./state";

export const ENTRY = "META-INF/register-entry.json";

const ASIC_MANIFEST = "META-INF/ASiCManifest001.xml";
const SIGNATURE = "META-INF/signature001.p7s";
const MAX_SIGNATURE = 256 * 1024;
/** Things to compare where nothing is missing. */
const ALL = 6;

/** A field of the entry, the member that it must agree with, and whether it does. */
type Comparison = [field: string, member: string, agrees: boolean];

/** Step 7; what the entry is compared with may be missing or broken, which was found before. */
export async function checkEntry(state: State): Promise<void> {
  const data = await state.read(ENTRY, MAX_ENTRY, "ENTRY_MALFORMED");
  if (!data) return;
  try {
    state.entry = parseEntry(data);
  } catch (error) {
    if (!(error instanceof MalformedDocument)) throw error;
    state.find("ENTRY_MALFORMED", ENTRY, { reason: error.reason });
    return;
  }
  const compared = await comparisons(state, state.entry);
  const wrong = compared.filter(([, , agrees]) => !agrees);
  if (wrong.length) {
    const fields = wrong.map(([field]) => field).join(", ");
    state.find("ENTRY_DISAGREES", ENTRY, { fields }, ...wrong.map(([, member]) => member));
  }
  state.check(7, compared.length);
  if (compared.length === ALL) state.finished.add(7);
}

async function comparisons(state: State, entry: Entry): Promise<Comparison[]> {
  const found: Comparison[] = [["type", ENTRY, entry.type === "sealed"]];
  if (state.manifest) {
    found.push(["archive_id", ENTRY, textOf(entry, "archive_id") === state.manifest.archive_id]);
    found.push(["origin", ENTRY, entry.origin === state.manifest.origin]);
  }
  if (state.asic && !state.isBlamed(ASIC_MANIFEST)) {
    found.push(["identity", ASIC_MANIFEST, textOf(entry, "identity") === sha256Hex(state.asic)]);
  }
  const signature = await state.read(SIGNATURE, MAX_SIGNATURE, "SIGNATURE_MALFORMED");
  if (signature) {
    found.push(["signature_sha256", SIGNATURE, textOf(entry, "signature_sha256") === sha256Hex(signature)]);
  }
  if (state.signature) {
    const digest = sha256Hex(state.signature.certificate);
    found.push(["certificate_sha256", SIGNATURE, textOf(entry, "certificate_sha256") === digest]);
  }
  return found;
}
