/** The Merkle tree of RFC 6962 over register entries (FORMAT.md, "Register entry"). */

import { type Bytes, concat, equal } from "./bytes";
import { sha256 } from "./digest";

export const HASH_SIZE = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry: Uint8Array): Bytes {
  return sha256(concat(LEAF, entry));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(concat(NODE, left, right));
}

/**
 * Whether the audit path leads from the leaf at `index` to the root of the tree of `size` leaves: RFC 9162 section
 * 2.1.3.2. Numbers go up to 2^53-1, beyond what bit operators can do.
 */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let computed = leaf;
  for (const sibling of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      computed = nodeHash(sibling, computed);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      computed = nodeHash(computed, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equal(computed, root);
}

/** A tree that grows leaf by leaf; it holds one hash for each whole subtree only. */
export class Frontier {
  size = 0;
  /** Roots of whole subtrees, the largest first, each with its number of leaves. */
  readonly #subtrees: { leaves: number; hash: Bytes }[] = [];

  append(leaf: Bytes): void {
    this.size++;
    let joined = { leaves: 1, hash: leaf };
    for (let last = this.#subtrees.at(-1); last?.leaves === joined.leaves; last = this.#subtrees.at(-1)) {
      this.#subtrees.pop();
      joined = { leaves: 2 * joined.leaves, hash: nodeHash(last.hash, joined.hash) };
    }
    this.#subtrees.push(joined);
  }

  /** RFC 6962 section 2.1; of no leaves the hash of nothing. */
  root(): Bytes {
    const hashes = this.#subtrees.map((subtree) => subtree.hash).reverse();
    return hashes.length ? hashes.reduce((right, left) => nodeHash(left, right)) : sha256(new Uint8Array());
  }
}
