/** A sidecar as a file (FORMAT.md, "Sidecar"): the container of an archive with other members. */

import { MalformedDocument } from "./bytes";
import { ENTRY } from "./entry";
import { type Container, Malformed, type Member, openContainer } from "./zip";

const MIMETYPE = "application/x-evidence-proof+zip";
const MAX_SIZE = 4 * 1024 * 1024;
const MAX_PROOFS = 99;
/** Bytes of the longest of its members. */
const MAX_PART = 64 * 1024;

/**
 * Its members but mimetype, in their order.
 *
 * @throws MalformedDocument it isn't a sidecar.
 */
export async function readSidecar(data: Uint8Array): Promise<Map<string, Uint8Array>> {
  if (data.length > MAX_SIZE) throw new MalformedDocument(`longer than ${MAX_SIZE} bytes`);
  try {
    return await partsOf(await openContainer(new Blob([data.slice()]), MIMETYPE));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new MalformedDocument(error.message);
  }
}

async function partsOf(container: Container | null): Promise<Map<string, Uint8Array>> {
  if (!container) throw new MalformedDocument("it doesn't begin as a sidecar does");
  const members = container.members.slice(1);
  if (!areAllowed(members.map((member) => member.name))) {
    throw new MalformedDocument("members that it may not have, are missing, or don't stand in their order");
  }
  const parts = new Map<string, Uint8Array>();
  for (const member of members) parts.set(member.name, await content(container, member));
  return parts;
}

async function content(container: Container, member: Member): Promise<Uint8Array> {
  if (member.size > MAX_PART) throw new MalformedDocument(`a member of more than ${MAX_PART} bytes`);
  if ((await container.digest(member)).crc32 !== member.crc32) {
    throw new MalformedDocument("a ZIP checksum doesn't fit");
  }
  return container.read(member);
}

/** The entry; then proofs, numbered from 001, each followed by its tokens, numbered from 1, and perhaps a key proof. */
function areAllowed(names: string[]): boolean {
  let expected = [ENTRY];
  for (const name of names) {
    if (!expected.includes(name)) return false;
    expected = following(name);
  }
  return names.length > 1;
}

/** What may stand behind a member of that name. */
function following(name: string): string[] {
  const [, digits, token, isKeyProof] = /^META-INF\/register-(\d{3})(?:-token-(\d)|(\.key-proof))?/.exec(name) ?? [];
  const proof = Number(digits ?? 0);
  const own = `META-INF/register-${digits}`;
  const next = proof < MAX_PROOFS ? [`META-INF/register-${String(proof + 1).padStart(3, "0")}.tlog-proof`] : [];
  if (digits === undefined || isKeyProof) return next;
  const tokens = token === "9" ? [] : [`${own}-token-${Number(token ?? 0) + 1}.tsr`];
  return [...tokens, `${own}.key-proof`, ...next];
}
