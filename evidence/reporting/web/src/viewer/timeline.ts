/** The time line of one recording: channels, flags of markers and measures, the announcement, where it plays. */

import type { Speech } from "../texts";
import { short } from "../visible";
import { clock } from "../wording";
import { button, h, placeAt, svg } from "./dom";
import { className } from "./names";
import { type Peaks, outline } from "./peaks";
import type { MarkerPlace, MeasurePlace, NoticePlace, Stretch } from "./places";

const FLAG_HEIGHT = 22;
const MOST_LANES = 6;
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].map((s) => s * 1000);
const TICK_WIDTH = 76;

/** What a time line shows. */
export interface Contents {
  label: string;
  length: number;
  channels: string[];
  markers: MarkerPlace[];
  measures: MeasurePlace[];
  notices: NoticePlace[];
}

export interface Actions {
  seek(place: number): void;
  choose(marker: MarkerPlace): void;
}

/** One flag above the line: of a marker, or of a measure. */
interface Flag {
  at: number;
  element: HTMLElement;
  marker?: MarkerPlace;
}

/** Draws itself anew when its width or its zoom changes; the sound's outline comes later, by `draw`. */
export class Timeline {
  readonly element: HTMLElement;
  readonly #inner = h("div", { class: "inner" });
  readonly #flags = h("div", { class: "flags" });
  readonly #rows: HTMLElement;
  readonly #ruler = h("div", { class: "ruler", "aria-hidden": "true" });
  readonly #head = h("div", { class: "playhead", "aria-hidden": "true" });
  readonly #scroller = h("div", { class: "scroller", tabindex: "-1" });
  readonly #bands = new Map<MarkerPlace, HTMLElement[]>();
  readonly #placed: Flag[];
  #chosen: MarkerPlace | undefined;
  #zoom = 1;
  #width = 0;

  constructor(
    readonly contents: Contents,
    readonly speech: Speech,
    readonly actions: Actions,
  ) {
    this.#rows = h("div", {
      class: "rows",
      role: "slider",
      tabindex: "0",
      "aria-label": speech.words("viewer.line_label", { name: contents.label }),
      "aria-valuemin": "0",
      "aria-valuemax": Math.round(contents.length / 1000),
    });
    this.#placed = [...contents.markers.map((place) => this.#flag(place)), ...contents.measures.map((m) => this.#measure(m))];
    this.#placed.sort((a, b) => a.at - b.at);
    this.#flags.append(...this.#placed.map((flag) => flag.element));
    this.#rows.append(...contents.channels.map((_, channel) => this.#row(channel)), this.#head);
    this.#rows.addEventListener("pointerdown", (event) => this.#pressed(event));
    this.#inner.append(this.#flags, this.#rows, this.#ruler);
    this.#scroller.append(this.#inner);
    this.element = this.#scroller;
    this.moved(0);
  }

  /** Follow the width of the page until `stop` is aborted. */
  watch(stop: AbortSignal): void {
    const observer = new ResizeObserver(([entry]) => this.arrange(entry?.contentRect.width));
    observer.observe(this.#inner);
    stop.addEventListener("abort", () => observer.disconnect());
  }

  /** Draw the outlines of the channels. */
  draw(peaks: Peaks): void {
    peaks.channels.forEach((channel, number) => {
      const width = this.contents.length / peaks.columnMs;
      const picture = svg("svg", { viewBox: `0 0 ${width} 512`, preserveAspectRatio: "none", "aria-hidden": "true" });
      picture.append(svg("path", { d: outline(channel) }));
      const row = this.#rows.children[number];
      row?.querySelector("svg")?.remove();
      row?.prepend(picture);
    });
  }

  get zoom(): number {
    return this.#zoom;
  }

  /** Show a line so many times as wide; the place stays in sight. */
  magnify(zoom: number, place: number): void {
    this.#zoom = zoom;
    this.#inner.style.width = `${zoom * 100}%`;
    this.reveal(place);
  }

  /** Scroll sideways until a place can be seen. */
  reveal(place: number): void {
    const at = (place / this.contents.length) * this.#inner.scrollWidth;
    const seen = this.#scroller.clientWidth;
    const left = this.#scroller.scrollLeft;
    if (at < left + seen * 0.1 || at > left + seen * 0.9) this.#scroller.scrollLeft = at - seen * 0.3;
  }

  /** The sound is at a place now. */
  moved(place: number, follow = false): void {
    const at = Math.min(place, this.contents.length);
    placeAt(this.#head, at / this.contents.length);
    this.#rows.setAttribute("aria-valuenow", String(Math.round(at / 1000)));
    const told = { at: clock(at), length: clock(this.contents.length) };
    this.#rows.setAttribute("aria-valuetext", this.speech.t("viewer.line_at", told));
    if (follow && this.#zoom > 1) this.reveal(at);
  }

  /** Mark a marker as the chosen one. */
  choose(chosen: MarkerPlace | undefined): void {
    for (const [place, shown] of [[this.#chosen, false], [chosen, true]] as const) {
      if (!place) continue;
      for (const element of this.#bands.get(place) ?? []) element.classList.toggle("chosen", shown);
    }
    this.#chosen = chosen;
  }

  /** Hide the markers that a filter leaves out. */
  filter(isShown: (place: MarkerPlace) => boolean): void {
    for (const [place, elements] of this.#bands) {
      for (const element of elements) element.hidden = !isShown(place);
    }
    this.#width = 0;
    this.arrange();
  }

  #flag(place: MarkerPlace): Flag {
    const marker = place.marker;
    const name = className(marker, this.speech);
    const told = { number: place.label, name, at: clock(place.start) };
    const label = this.speech.words(marker.withdrawn ? "viewer.flag_withdrawn" : "viewer.flag", told);
    // by keyboard the table below leads to the same places, without a stop for each flag
    const props = { class: marker.withdrawn ? "flag withdrawn" : "flag", "aria-label": label, title: label, tabindex: "-1" };
    const element = button(props, () => this.actions.choose(place), place.label);
    this.#bands.set(place, [element]);
    return { at: place.start, element, marker: place };
  }

  #measure(place: MeasurePlace): Flag {
    const name = this.speech.t(`show.measure_${place.measure.measure}`);
    const label = this.speech.t("viewer.flag_measure", { letter: place.label, name, at: clock(place.at) });
    const props = { class: "flag measure", "aria-label": label, title: label };
    return { at: place.at, element: button(props, () => this.actions.seek(place.at), place.label) };
  }

  #row(channel: number): HTMLElement {
    const row = h("div", { class: "row" });
    for (const notice of this.contents.notices.filter((each) => concerns(each, channel))) this.#notice(notice, row);
    for (const place of this.contents.markers.filter((each) => concerns(each, channel))) {
      const band = this.#band(place, place.marker.withdrawn ? "band withdrawn" : "band");
      this.#bands.get(place)?.push(band);
      row.append(band);
    }
    for (const place of this.contents.measures) row.append(this.#band({ start: place.at, end: place.at }, "band measure"));
    const name = this.contents.channels[channel];
    const told = name
      ? this.speech.t("viewer.channel_named", { channel, name: short(name, 24) })
      : this.speech.t("viewer.channel", { channel });
    row.append(h("span", { class: "name" }, told));
    return row;
  }

  #notice(notice: NoticePlace, row: HTMLElement): void {
    const whole = this.#band(notice, `notice ${notice.kind}`);
    whole.append(h("span", {}, this.speech.t(`viewer.notice_${notice.kind}`)));
    row.append(whole);
    if (notice.clause) row.append(this.#band(notice.clause, "notice clause"));
  }

  #band(stretch: { start: number; end: number }, kind: string): HTMLElement {
    const band = h("div", { class: kind });
    const start = Math.max(0, stretch.start);
    placeAt(band, start / this.contents.length, Math.max(0, stretch.end - start) / this.contents.length);
    return band;
  }

  #pressed(event: PointerEvent): void {
    if (event.button !== 0) return;
    const box = this.#rows.getBoundingClientRect();
    this.actions.seek(((event.clientX - box.left) / box.width) * this.contents.length);
  }

  /**
   * Give each flag the lowest lane in which it covers no other, and the ruler as many ticks as fit.
   *
   * @param width of the line in CSS pixels, if not what it is now
   */
  arrange(width = this.#inner.clientWidth): void {
    if (!width || width === this.#width) return;
    this.#width = width;
    const ends: number[] = [];
    for (const { at, element } of this.#placed) {
      if (element.hidden) continue;
      const size = 10 + 8 * (element.textContent?.length ?? 1);
      const left = Math.min((at / this.contents.length) * width, width - size);
      let lane = ends.findIndex((end) => end <= left);
      if (lane < 0) lane = ends.length < MOST_LANES ? ends.length : ends.indexOf(Math.min(...ends));
      ends[lane] = left + size + 2;
      element.style.left = `min(${((at / this.contents.length) * 100).toFixed(4)}%, 100% - ${size}px)`;
      element.style.bottom = `${lane * FLAG_HEIGHT}px`;
    }
    this.#flags.style.height = `${ends.length * FLAG_HEIGHT}px`;
    this.#ruler.replaceChildren(...this.#ticks(width));
  }

  #ticks(width: number): HTMLElement[] {
    const length = this.contents.length;
    const step = TICKS.find((each) => (each / length) * width >= TICK_WIDTH) ?? length;
    return Array.from({ length: Math.floor(length / step) + 1 }, (_, number) => {
      const tick = h("span", {}, clock(number * step).replace(/\.000$/u, ""));
      placeAt(tick, (number * step) / length);
      return tick;
    });
  }
}

function concerns(stretch: Stretch, channel: number): boolean {
  return stretch.channel < 0 || stretch.channel === channel;
}
