/** Sound of one recording. Nothing is loaded before somebody wants to hear it. */

import type { Sound, View } from "../answer";

export type Problem = "none" | "unplayable";
const READY = 15_000;

/** Plays a recording; tells its listeners of every change. All places are milliseconds. */
export class Player {
  static #playing: Player | undefined;
  readonly audio = new Audio();
  readonly #listeners = new Set<() => void>();
  #loading: Promise<void> | undefined;
  #wanted = 0;
  /** Whether the sound isn't at #wanted yet. */
  #isOnTheWay = false;
  #gains: GainNode[] = [];
  problem: Problem | undefined;
  kind: Sound["kind"] | undefined;
  channels = 1;
  solo = -1;

  constructor(
    readonly exhibit: string,
    readonly view: View,
  ) {
    this.audio.preload = "auto";
    // ahead of the listeners below, who ask where it is
    this.audio.addEventListener("seeked", () => (this.#isOnTheWay = this.audio.seeking));
    for (const event of ["play", "pause", "ended", "seeked", "ratechange", "timeupdate", "durationchange"]) {
      this.audio.addEventListener(event, () => this.#tell());
    }
  }

  /** Call back after every change, until `stop` is aborted. */
  listen(callback: () => void, stop: AbortSignal): void {
    this.#listeners.add(callback);
    stop.addEventListener("abort", () => this.#listeners.delete(callback));
  }

  get isPlaying(): boolean {
    return !this.audio.paused && !this.audio.ended;
  }

  /** Where it is. */
  get place(): number {
    return this.audio.readyState > 0 && !this.#isOnTheWay ? this.audio.currentTime * 1000 : this.#wanted;
  }

  /** Go to a place; the sound follows once it is loaded. */
  async seek(place: number): Promise<void> {
    this.#wanted = Math.max(0, place);
    this.#isOnTheWay = true;
    this.#tell();
    await this.#load();
    if (!this.problem) this.audio.currentTime = Math.min(this.#wanted / 1000, this.audio.duration || Infinity);
    this.#tell();
  }

  /** Play from where it is, or stop. */
  async toggle(): Promise<void> {
    await (this.isPlaying ? this.audio.pause() : this.play());
  }

  /** Play, and stop what another player plays. */
  async play(): Promise<void> {
    await this.#load();
    if (this.problem) return;
    if (Player.#playing !== this) Player.#playing?.audio.pause();
    Player.#playing = this;
    await this.audio.play().catch((error: unknown) => this.#refused(error));
  }

  /** Hear one channel alone, or all of them (-1). */
  async listenTo(channel: number): Promise<void> {
    this.solo = channel;
    await this.#load();
    if (this.problem) return;
    if (!this.#gains.length) this.#gains = split(this.audio, this.channels);
    this.#gains.forEach((gain, number) => (gain.gain.value = channel < 0 || channel === number ? 1 : 0));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #refused(error: unknown): void {
    // an interrupted play isn't a sound that can't be played
    if (!(error instanceof DOMException) || error.name !== "AbortError") this.problem = "unplayable";
    this.#tell();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#open();
    return this.#loading;
  }

  async #open(): Promise<void> {
    const sound = await this.view.sound(this.exhibit).catch(() => null);
    if (!sound) this.problem = "none";
    else {
      this.kind = sound.kind;
      this.audio.src = URL.createObjectURL(sound.blob);
      await metadata(this.audio).catch(() => (this.problem = "unplayable"));
    }
    this.#tell();
  }
}

function metadata(audio: HTMLAudioElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("late")), READY);
    const end = (settle: () => void) => () => {
      clearTimeout(late);
      settle();
    };
    audio.addEventListener("loadedmetadata", end(resolve), { once: true });
    audio.addEventListener("error", end(() => reject(new Error("unplayable"))), { once: true });
    audio.load();
  });
}

/** Let each channel be heard by itself, in both ears. */
function split(audio: HTMLAudioElement, channels: number): GainNode[] {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(channels);
  context.createMediaElementSource(audio).connect(splitter);
  audio.addEventListener("play", () => void context.resume());
  if (!audio.paused) void context.resume();
  return Array.from({ length: channels }, (_, number) => {
    const gain = context.createGain();
    splitter.connect(gain, number);
    gain.connect(context.destination);
    return gain;
  });
}
