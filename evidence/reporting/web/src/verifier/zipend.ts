/** The end records of a container (FORMAT.md, "Container" and step 1; APPNOTE.TXT 4.3.14 to 4.3.16). */

import { type Bytes, concat, equal } from "./bytes";
import { Malformed, readAt } from "./zipfile";
import { MAX_32, narrow, packed } from "./zipheaders";

const MAX_MEMBERS = 20_000;
const MAX_DIRECTORY = 8 * 1024 * 1024;
const END = 0x06054b50;
const LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const END_SIZE = 22;
const END64_SIZE = 56;
/** Bytes from the ZIP64 end record to the end of the file. */
const ALL_SIZE = END64_SIZE + 20 + END_SIZE;
const MAX_COMMENT = 0xffff;

/** Members in the central directory, its bytes, and where it begins. */
export interface End {
  count: number;
  size: number;
  offset: number;
}

/** @throws Malformed there is none at the end of the file, or not in the one form, or out of bounds. */
export async function findEnd(file: Blob): Promise<End> {
  const size = Math.min(file.size, ALL_SIZE);
  const tail = await readAt(file, file.size - size, size);
  if (!isEnd(tail, size - END_SIZE)) throw await noEnd(file);
  const end = readEnd(tail);
  const expected = endRecords(end);
  if (end.offset + end.size + expected.length !== file.size || !equal(tail.subarray(-expected.length), expected)) {
    throw malformed("the end record isn't as the format has it");
  }
  if (!end.count || end.count > MAX_MEMBERS || end.size > MAX_DIRECTORY) {
    throw malformed(`${end.count} members in a central directory of ${end.size} bytes: out of bounds`);
  }
  return end;
}

function isEnd(data: Bytes, at: number): boolean {
  return signature(data, at) === END;
}

function signature(data: Bytes, at: number): number {
  return new DataView(data.buffer, data.byteOffset + at, 4).getUint32(0, true);
}

/** What the end record says that is the last thing in some bytes, or the ZIP64 end record that belongs to it. */
function readEnd(tail: Bytes): End {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  const start = tail.length - ALL_SIZE;
  if (start >= 0 && signature(tail, start + END64_SIZE) === LOCATOR) {
    const [count, size, offset] = [32, 40, 48].map((at) => Number(view.getBigUint64(start + at, true)));
    return { count: count!, size: size!, offset: offset! };
  }
  const at = tail.length - END_SIZE;
  return {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
}

/** Everything behind a central directory. */
function endRecords({ count, size, offset }: End): Bytes {
  const short = Math.min(count, 0xffff);
  const numbers = packed([short, 2], [short, 2], [narrow(size), 4], [narrow(offset), 4], [0, 2]);
  const end = concat(packed([END, 4], [0, 2], [0, 2]), numbers);
  if (count <= 0xfffe && size <= MAX_32 && offset <= MAX_32) return end;
  const begin = packed([0x06064b50, 4], [END64_SIZE - 12, 8], [0x300 + 45, 2], [45, 2], [0, 4], [0, 4]);
  const wide = packed([count, 8], [count, 8], [size, 8], [offset, 8]);
  return concat(begin, wide, packed([LOCATOR, 4], [0, 4], [offset + size, 8], [1, 4]), end);
}

/** Tells a file with bytes behind its end record from one whose end is gone. */
async function noEnd(file: Blob): Promise<Malformed> {
  const size = Math.min(file.size, MAX_COMMENT + ALL_SIZE);
  const tail = await readAt(file, file.size - size, size);
  for (let at = size - END_SIZE; at >= 0; at--) {
    if (isEnd(tail, at) && (await belongs(file, tail.subarray(0, at + END_SIZE), file.size - size + at))) {
      return malformed(`${size - at - END_SIZE} bytes stand behind the end record`);
    }
  }
  return new Malformed("CONTAINER_TRUNCATED", "", "no end record: the file was cut off");
}

/** Whether an end record at some place is this file's, not that of a container kept in it as an exhibit. */
async function belongs(file: Blob, tail: Bytes, position: number): Promise<boolean> {
  const { offset, size } = readEnd(tail);
  const end = offset + size;
  if (end !== position && end !== position + END_SIZE - ALL_SIZE) return false;
  const begin = new Uint8Array(await file.slice(offset, offset + 4).arrayBuffer());
  return begin.length === 4 && signature(begin, 0) === CENTRAL;
}

function malformed(reason: string): Malformed {
  return new Malformed("CONTAINER_MALFORMED", "", reason);
}
