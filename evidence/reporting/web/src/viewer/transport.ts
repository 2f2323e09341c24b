/** Buttons by which a recording is played. */

import type { Speech } from "../texts";
import { short } from "../visible";
import { clock } from "../wording";
import { button, h } from "./dom";
import type { Player } from "./player";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const ZOOMS = [1, 2, 4, 8, 16, 32, 64];

export interface TransportActions {
  next(step: 1 | -1): void;
  magnify(zoom: number): void;
}

/** Play and pause, speed, channel, zoom, the marker before and after. */
export class Transport {
  readonly element: HTMLElement;
  readonly #play: HTMLButtonElement;
  readonly #clock = h("span", { class: "clock" });
  readonly #speech: Speech;
  readonly #player: Player;
  readonly #length: number;
  zoom = 1;
  readonly #actions: TransportActions;
  readonly #zoomOut: HTMLButtonElement;
  readonly #zoomIn: HTMLButtonElement;

  constructor(player: Player, length: number, channels: string[], speech: Speech, actions: TransportActions, hasMarkers: boolean) {
    [this.#player, this.#length, this.#speech, this.#actions] = [player, length, speech, actions];
    this.#play = button({ class: "play" }, () => void player.toggle());
    this.#zoomOut = button({ "aria-label": speech.t("viewer.zoom_out"), title: speech.t("viewer.zoom_out") }, () => this.step(-1), "−");
    this.#zoomIn = button({ "aria-label": speech.t("viewer.zoom_in"), title: speech.t("viewer.zoom_in") }, () => this.step(1), "+");
    const previous = button({ "aria-label": speech.t("viewer.previous"), title: speech.t("viewer.previous") }, () => actions.next(-1), "‹ ", speech.t("viewer.previous_short"));
    const next = button({ "aria-label": speech.t("viewer.next"), title: speech.t("viewer.next") }, () => actions.next(1), speech.t("viewer.next_short"), " ›");
    this.element = h(
      "div",
      { class: "transport", role: "group", "aria-label": speech.t("viewer.controls") },
      this.#play,
      this.#clock,
      hasMarkers && h("span", { class: "joined" }, previous, next),
      h("span", { class: "joined" }, this.#zoomOut, this.#zoomIn),
      this.#speed(),
      channels.length > 1 && this.#channel(channels),
    );
    this.tell();
  }

  /** Say what the player does now. */
  tell(): void {
    const isPlaying = this.#player.isPlaying;
    const label = this.#speech.t(isPlaying ? "viewer.pause" : "viewer.play");
    if (this.#play.textContent !== label) this.#play.textContent = label;
    this.#play.classList.toggle("playing", isPlaying);
    this.#play.disabled = this.#player.problem !== undefined;
    this.#clock.textContent = `${clock(this.#player.place)} / ${clock(this.#length)}`;
  }

  /** One step of zoom in or out. */
  step(direction: 1 | -1): void {
    const at = ZOOMS.indexOf(this.zoom) + direction;
    const zoom = ZOOMS[at];
    if (zoom !== undefined) this.magnify(zoom);
  }

  magnify(zoom: number): void {
    this.zoom = zoom;
    this.#zoomOut.disabled = zoom === ZOOMS[0];
    this.#zoomIn.disabled = zoom === ZOOMS.at(-1);
    this.#actions.magnify(zoom);
  }

  #speed(): HTMLElement {
    const choice = h("select", {}, ...SPEEDS.map((speed) => h("option", { value: speed }, `${speed} ×`)));
    choice.value = String(this.#player.audio.playbackRate);
    choice.addEventListener("change", () => {
      this.#player.audio.defaultPlaybackRate = this.#player.audio.playbackRate = Number(choice.value);
    });
    return h("label", {}, this.#speech.t("viewer.speed"), " ", choice);
  }

  #channel(channels: string[]): HTMLElement {
    const names = channels.map((name, channel) =>
      name ? this.#speech.t("viewer.channel_named", { channel, name: short(name, 24) }) : this.#speech.t("viewer.channel", { channel }),
    );
    const options = names.map((name, channel) => h("option", { value: channel }, name));
    const choice = h("select", {}, h("option", { value: -1 }, this.#speech.t("viewer.all_channels")), ...options);
    choice.value = String(this.#player.solo);
    choice.addEventListener("change", () => void this.#player.listenTo(Number(choice.value)));
    return h("label", {}, this.#speech.t("viewer.listen_to"), " ", choice);
  }
}
