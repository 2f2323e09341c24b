/** What a reader has set while looking at one archive; it outlives a change of language. */

import type { View } from "../answer";
import { Player } from "./player";
import type { Marker } from "./records";

export class State {
  static #count = 0;
  /** What stands before ids of this archive's parts; nothing for the first one on a page. */
  readonly prefix = State.#count++ ? `a${State.#count}-` : "";
  readonly #players = new Map<string, Player>();
  readonly #hidden = new Set<string>();
  readonly zooms = new Map<string, number>();
  showsWithdrawn = true;
  #listeners: (() => void)[] = [];

  constructor(readonly view: View) {}

  /** The player of a recording. */
  player(exhibit: string): Player {
    let player = this.#players.get(exhibit);
    if (!player) this.#players.set(exhibit, (player = new Player(exhibit, this.view)));
    return player;
  }

  isClassShown(code: string): boolean {
    return !this.#hidden.has(code);
  }

  isShown(marker: Marker): boolean {
    return this.isClassShown(marker.class) && (this.showsWithdrawn || !marker.withdrawn);
  }

  showClass(code: string, isShown: boolean): void {
    if (isShown) this.#hidden.delete(code);
    else this.#hidden.add(code);
    this.changed();
  }

  /** Call back whenever the filter changes; only those who asked since `forget`. */
  onFilter(callback: () => void): void {
    this.#listeners.push(callback);
  }

  forget(): void {
    this.#listeners = [];
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
