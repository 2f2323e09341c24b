/** Reads containers strictly: every byte of the file is accounted for (FORMAT.md, "Container" and step 1). */

import { type Bytes, concat, equal, utf8 } from "./bytes";
import { crc32 } from "./crc32";
import { type Digests, digestBlob } from "./digest";
import { isValid } from "./names";
import { type Header, centralHeader, localHeader, readCentral } from "./zipheaders";
import { type End, findEnd } from "./zipend";
import { Headers, Malformed, readAt } from "./zipfile";

export { Malformed } from "./zipfile";

/** One member and where it stands in the file. */
export interface Member extends Header {
  /** Where its data begins. */
  start: number;
  /** Where the next member, or the central directory, begins. */
  end: number;
}

/** A file whose structure is sound. */
export class Container {
  readonly #byName: Map<string, Member>;

  constructor(
    readonly file: Blob,
    readonly members: readonly Member[],
  ) {
    this.#byName = new Map(members.map((member) => [member.name, member]));
  }

  find(name: string): Member | null {
    return this.#byName.get(name) ?? null;
  }

  /** The member's data as a piece of the file. */
  blob(member: Member): Blob {
    return this.file.slice(member.start, member.end);
  }

  /** @throws Malformed the file has become shorter. */
  async read(member: Member): Promise<Bytes> {
    return readAt(this.file, member.start, member.size);
  }

  /**
   * SHA-256 and CRC-32 of the member's data as it stands in the file.
   *
   * @param advance told how many bytes were read since.
   * @throws Malformed the file has become shorter.
   */
  async digest(member: Member, advance?: (count: number) => void): Promise<Digests> {
    const blob = this.blob(member);
    if (blob.size !== member.size) throw new Malformed("CONTAINER_TRUNCATED", member.name, "the file ended");
    return digestBlob(blob, advance);
  }
}

/**
 * Check the structure of a whole file; reads headers, no data.
 *
 * @param mimetype content of the first member, by which archives and sidecars are told apart.
 * @returns null where it doesn't begin with exactly that member.
 * @throws Malformed it begins so, and another byte of its structure isn't as the format has it.
 */
export async function openContainer(file: Blob, mimetype: string): Promise<Container | null> {
  const data = utf8(mimetype);
  const header = localHeader({ name: "mimetype", size: data.length, crc32: crc32(data), offset: 0 });
  const beginning = new Uint8Array(await file.slice(0, header.length + data.length).arrayBuffer());
  if (!equal(beginning, concat(header, data))) return null;
  const end = await findEnd(file);
  const directory = await readAt(file, end.offset, end.size);
  const members = membersOf(directory, end);
  await checkHeaders(file, directory, members, end.offset);
  return new Container(file, members);
}

/** The members that the central directory names, with new and valid names; their headers are compared later. */
function membersOf(directory: Bytes, end: End): Member[] {
  const members: Member[] = [];
  const seen = new Set<string>();
  let position = 0;
  while (position < directory.length) {
    if (members.length === end.count) throw malformed("", `more than the ${end.count} members that are stated`);
    const { name, length, ...numbers } = readCentral(directory, position);
    members.push(located({ name: checkedName(name, seen), ...numbers }));
    position += length;
  }
  if (members.length !== end.count) throw malformed("", `${members.length} members instead of ${end.count}`);
  return members;
}

function located(header: Header): Member {
  const start = header.offset + localHeader(header).length;
  return { ...header, start, end: start + header.size };
}

function checkedName(raw: Bytes, seen: Set<string>): string {
  const name = readable(raw);
  if (!isValid(name)) {
    throw new Malformed("MEMBER_NAME", [...name].slice(0, 128).join(""), "not a name that a member may have");
  }
  const key = name.toLowerCase();
  if (seen.has(key)) throw new Malformed("MEMBER_DUPLICATE", name, "the name stands there twice");
  seen.add(key);
  return name;
}

/** UTF-8 as far as it is that; every other byte as `\xNN`. */
function readable(raw: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return mended(raw);
  }
}

function mended(raw: Bytes): string {
  let text = "";
  for (let position = 0; position < raw.length; ) {
    const [character, length] = characterAt(raw, position);
    text += character;
    position += length;
  }
  return text;
}

function characterAt(raw: Bytes, position: number): [character: string, length: number] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let length = 1; length <= 4 && position + length <= raw.length; length++) {
    try {
      return [decoder.decode(raw.subarray(position, position + length)), length];
    } catch {
      // no character of that length stands there
    }
  }
  return [`\\x${raw[position]!.toString(16).padStart(2, "0")}`, 1];
}

/** Each header is exactly the one that follows from what it states, and members follow one another without gap. */
async function checkHeaders(file: Blob, directory: Bytes, members: Member[], limit: number): Promise<void> {
  const headers = new Headers(file);
  let inDirectory = 0;
  let inFile = 0;
  for (const member of members) {
    const central = centralHeader(member);
    if (!equal(directory.subarray(inDirectory, inDirectory + central.length), central)) {
      throw malformed(member.name, "central header: not as the format has it");
    }
    if (member.offset !== inFile) throw malformed(member.name, `begins at ${member.offset} instead of ${inFile}`);
    if (member.end > limit) throw malformed(member.name, "reaches into the central directory");
    const local = localHeader(member);
    if (!equal(await headers.at(inFile, local.length, member.end), local)) {
      throw malformed(member.name, "local header: not as the format has it");
    }
    inDirectory += central.length;
    inFile = member.end;
  }
  if (inFile !== limit) {
    throw malformed(members.at(-1)!.name, "the central directory doesn't begin where the last member ends");
  }
}

function malformed(subject: string, reason: string): Malformed {
  return new Malformed("CONTAINER_MALFORMED", subject, reason);
}

