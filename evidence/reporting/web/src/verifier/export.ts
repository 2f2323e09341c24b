/** The export of a register, read as a stream (FORMAT.md, "Export"). */

import { MalformedDocument, concat, equal, utf8 } from "./bytes";
import { Chain, type Watch } from "./chain";
import { MAX_ENTRY } from "./entries";
import { MAX_NOTE } from "./notes";

const HEADER = utf8("evidence-register@v1");
const LF = 0x0a;
/** Bytes that are read at a time; more than the longest line and the longest note together. */
const CHUNK = 1024 * 1024;

export interface Export {
  chain: Chain;
  /** The signed note at its end, not looked into. */
  note: Uint8Array;
}

/**
 * Read an export once. Entries that are invalid or don't link are facts of the chain, no reason to stop.
 *
 * @throws MalformedDocument it isn't an export.
 */
export async function readExport(file: Blob, watch: Watch): Promise<Export> {
  const lines = new Lines(file);
  const header = await lines.next();
  if (!header || !equal(header, HEADER)) throw new MalformedDocument("the first line isn't evidence-register@v1");
  const chain = new Chain(watch);
  for (;;) {
    const line = await lines.next();
    if (!line) throw new MalformedDocument("a line that is too long, or no empty line before the checkpoint");
    if (!line.length) break;
    chain.take(line);
  }
  const note = await lines.rest(MAX_NOTE + 1);
  if (!note.length || note.length > MAX_NOTE) throw new MalformedDocument("no checkpoint, or one that is too long");
  return { chain, note };
}

/** Lines of a file of any size. */
class Lines {
  #buffer: Uint8Array = new Uint8Array();
  /** Where the next line begins in the buffer. */
  #start = 0;
  /** How much of the file was read. */
  #read = 0;

  constructor(private readonly file: Blob) {}

  /** The next line without its LF; null where there is none of at most MAX_ENTRY bytes. */
  async next(): Promise<Uint8Array | null> {
    if (this.#buffer.length - this.#start <= MAX_ENTRY) await this.#fill();
    const end = this.#buffer.subarray(0, this.#start + MAX_ENTRY + 1).indexOf(LF, this.#start);
    if (end < 0) return null;
    const line = this.#buffer.subarray(this.#start, end);
    this.#start = end + 1;
    return line;
  }

  /** What follows the lines, up to `most` bytes. */
  async rest(most: number): Promise<Uint8Array> {
    await this.#fill();
    return this.#buffer.subarray(this.#start, this.#start + most);
  }

  async #fill(): Promise<void> {
    const piece = await this.file.slice(this.#read, this.#read + CHUNK).arrayBuffer();
    this.#read += piece.byteLength;
    this.#buffer = concat(this.#buffer.subarray(this.#start), new Uint8Array(piece));
    this.#start = 0;
  }
}
