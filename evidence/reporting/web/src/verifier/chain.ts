/**
 * Walking along a register, entry by entry (FORMAT.md, "Verification", step 11): is the chain whole, and what does it
 * say of one archive. Nothing here is authenticated; memory doesn't grow with the register.
 */

import { MalformedDocument, equal } from "./bytes";
import type { Bytes } from "./bytes";
import { type Entry, parseEntry, textOf, voided } from "./entries";
import { hex } from "./hex";
import { Frontier, leafHash } from "./merkle";

/** Entries that may name the archive. */
const MAX_NAMED = 10_000;

/** What shall be kept of a register. */
export interface Watch {
  /** Sizes of which the roots are wanted. */
  sizes: ReadonlySet<number>;
  /** Place of the archive's own entry. */
  sequence: number;
  archiveId: string;
  /** Hexadecimal. */
  identity: string;
}

/** A valid entry and its place. */
export interface Located {
  index: number;
  entry: Entry;
}

export class Chain {
  /** Roots by size, as far as they were wanted and reached. */
  readonly roots = new Map<number, Bytes>();
  /** Valid entries that name the archive, of whatever type. */
  readonly named: Located[] = [];
  /** The first void of each entry that concerns the archive, by the place of that entry. */
  readonly voids = new Map<number, Located>();
  /** The bytes at the place of the archive's own entry, valid or not. */
  own: Uint8Array | null = null;
  /** Entry 0, if it is valid. */
  first: Entry | null = null;
  /** The first place where the chain is broken, in words; empty where it is whole. */
  problem = "";

  readonly #tree = new Frontier();
  /** Leaf hashes of the entries that concern the archive, by place. */
  readonly #leaves = new Map<number, string>();
  #previous: Bytes | null = null;

  constructor(private readonly watch: Watch) {
    if (watch.sizes.has(0)) this.roots.set(0, this.#tree.root());
  }

  get size(): number {
    return this.#tree.size;
  }

  root(): Bytes {
    return this.#tree.root();
  }

  /**
   * Go on to the next entry. One that is invalid or doesn't link is remembered as the problem.
   *
   * @throws MalformedDocument too many entries name the archive.
   */
  take(data: Uint8Array): void {
    const [index, leaf] = [this.size, leafHash(data)];
    if (index === this.watch.sequence) {
      this.own = data.slice();
      this.#leaves.set(index, hex(leaf));
    }
    const entry = this.#parse(index, data, leaf);
    if (entry) {
      this.#check(index, entry);
      this.#keep({ index, entry });
    }
    this.#previous = leaf;
    this.#tree.append(leaf);
    if (this.watch.sizes.has(this.size)) this.roots.set(this.size, this.root());
  }

  #parse(index: number, data: Uint8Array, leaf: Bytes): Entry | null {
    try {
      return parseEntry(data, leaf);
    } catch (error) {
      if (!(error instanceof MalformedDocument)) throw error;
      this.#report(index, error.reason);
      return null;
    }
  }

  #report(index: number, problem: string): void {
    this.problem ||= `entry ${index}: ${problem}`;
  }

  #check(index: number, entry: Entry): void {
    if (index === 0) this.first = entry;
    if (this.first && entry.origin !== this.first.origin) this.#report(index, "of another origin");
    if (entry.sequence !== index) this.#report(index, `says it is entry ${entry.sequence}`);
    const [said, true_] = [entry.previous, this.#previous];
    const links = said && true_ ? equal(said, true_) : said === true_;
    if (!links) this.#report(index, "doesn't link to the entry before it");
  }

  /** Remember an entry that names the archive, or voids one that concerns it. */
  #keep(located: Located): void {
    const { index, entry } = located;
    if (this.#names(entry)) {
      if (this.named.length === MAX_NAMED) throw new MalformedDocument("too many entries name the archive");
      this.named.push(located);
      this.#leaves.set(index, hex(entry.leaf));
    }
    if (entry.type !== "void") return;
    const { sequence, leaf } = voided(entry.fields);
    const known = this.#leaves.get(sequence);
    if (known === undefined) return;
    if (known !== leaf) this.#report(index, `voids entry ${sequence} by another leaf hash`);
    else if (!this.voids.has(sequence)) this.voids.set(sequence, located);
  }

  #names(entry: Entry): boolean {
    return textOf(entry, "archive_id") === this.watch.archiveId || textOf(entry, "identity") === this.watch.identity;
  }
}
