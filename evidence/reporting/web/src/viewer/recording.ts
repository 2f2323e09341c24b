/** One recording: what it is, its sound and its drawing, what is marked in it. */

import type { SoundFacts } from "../answer";
import type { Speech } from "../texts";
import { short, visible } from "../visible";
import { clock } from "../wording";
import { h } from "./dom";
import { technical, soundFacts } from "./exhibits";
import { MarkerTable } from "./markers";
import { className, time } from "./names";
import { decoded, drawn, type Peaks } from "./peaks";
import { type MarkerPlace, channelCount, lineLength, markerPlaces, measurePlaces, noticePlaces } from "./places";
import type { Archive, Call, Exhibit } from "./records";
import type { State } from "./state";
import { Timeline } from "./timeline";
import { Transport } from "./transport";

const STEP = 1000;
const STRIDE = 5000;
/** Width of what stands on a sheet of A4, in CSS pixels. */
const PAPER_WIDTH = 640;

/** The card of one recording. Its outline is drawn when it comes into sight. */
export class RecordingCard {
  readonly element: HTMLElement;
  readonly #markers: MarkerPlace[];
  readonly #timeline: Timeline;
  readonly #transport: Transport;
  readonly #table: MarkerTable;
  readonly #sound = h("p", { class: "source" });
  readonly #drawing = h("span", { class: "drawing" });
  readonly #player;
  readonly #length: number;
  #chosen: MarkerPlace | undefined;
  #isDrawn = false;
  #peaks: Peaks | null;

  constructor(
    readonly exhibit: Exhibit,
    readonly archive: Archive,
    readonly state: State,
    readonly speech: Speech,
    readonly stop: AbortSignal,
  ) {
    const id = exhibit.exhibit;
    this.#peaks = drawn(archive, id);
    this.#markers = markerPlaces(archive, id);
    this.#player = state.player(id);
    const names = archive.channels(id);
    const channels = Array.from({ length: channelCount(exhibit, this.#peaks) }, (_, number) => names[number] ?? "");
    this.#player.channels = channels.length;
    const measures = measurePlaces(archive, id);
    const notices = noticePlaces(archive, id);
    const ends = [...this.#markers, ...notices].map((stretch) => stretch.end);
    this.#length = lineLength(exhibit, this.#peaks, ends);
    const contents = { label: id, length: this.#length, channels, markers: this.#markers, measures, notices };
    this.#timeline = new Timeline(contents, speech, { seek: (place) => this.#seek(place), choose: (place) => this.#jump(place) });
    const act = { next: (step: 1 | -1) => this.#next(step), magnify: (zoom: number) => this.#magnify(zoom) };
    this.#transport = new Transport(this.#player, this.#length, channels, speech, act, this.#markers.length > 0);
    const caption = speech.t("viewer.markers_of", { exhibit: id });
    this.#table = new MarkerTable(this.#markers, names, caption, speech, { play: (place) => void this.#playFrom(place) });
    this.element = this.#build();
    this.#live();
  }

  /** Draw the outline, if it isn't yet. */
  async draw(): Promise<void> {
    if (this.#isDrawn) return;
    this.#isDrawn = true;
    if (!this.#peaks) this.#peaks = await decoded(this.state.view, this.exhibit);
    if (this.#peaks) this.#timeline.draw(this.#peaks);
    this.#drawing.textContent = this.speech.t(`viewer.drawn_${this.#peaks?.origin ?? "none"}`);
  }

  /** As wide as the page, and drawn as far as that needs no sound. */
  prepareForPaper(): void {
    this.#transport.magnify(1);
    this.#timeline.arrange(PAPER_WIDTH);
    if (this.#peaks) void this.draw();
  }

  /** As the window is again. */
  backFromPaper(): void {
    this.#timeline.arrange();
  }

  #build(): HTMLElement {
    const { exhibit, speech } = this;
    const name = short(this.archive.file(exhibit.exhibit), 80);
    const isCall = exhibit.role === "recording";
    const role = isCall ? "" : ` (${speech.known(`show.role_${exhibit.role}`, exhibit.role)})`;
    const heading = h("h3", { id: `recording-${exhibit.exhibit}` }, h("span", { class: "id" }, exhibit.exhibit), ` ${name}${role}`);
    const calls = this.archive.calls(exhibit.exhibit).map((call) => callLine(call, speech));
    const measured = this.#timeline.contents.measures.map((place) =>
      h("li", {}, h("b", {}, place.label), ` ${clock(place.at)} `, speech.t(`show.measure_${place.measure.measure}`), `, ${visible(place.measure.by)}`),
    );
    const card = h(
      "article",
      { class: "recording", "aria-labelledby": `recording-${exhibit.exhibit}` },
      h("header", {}, heading, exhibit.title !== undefined && h("p", { class: "beside" }, visible(exhibit.title)), soundFacts(exhibit, speech), ...calls),
      this.#sound,
      this.#transport.element,
      this.#timeline.element,
      h("p", { class: "unseen" }, this.#inWords()),
      h("p", { class: "beside under" }, this.#drawing, " ", this.#legend()),
      measured.length > 0 && h("ul", { class: "measures-here" }, ...measured),
      this.#markers.length > 0 && h("div", { class: "wide" }, this.#table.element),
      !this.#markers.length && isCall && h("p", {}, speech.t("viewer.no_markers_here")),
      technical(exhibit, speech),
      this.#player.audio,
    );
    card.addEventListener("keydown", (event) => this.#key(event));
    return card;
  }

  /** What the drawing shows, for those who can't see it. */
  #inWords(): string {
    const { channels, markers, notices } = this.#timeline.contents;
    const told = [this.speech.t("viewer.line_words", { n: channels.length, length: clock(this.#length) })];
    for (const notice of notices) {
      const place = { start: clock(notice.start), end: clock(notice.end) };
      told.push(this.speech.t(`viewer.line_notice_${notice.kind}`, place));
    }
    for (const place of markers) told.push(`${place.label}: ${clock(place.start)}, ${className(place.marker, this.speech)}.`);
    return told.join(" ");
  }

  #legend(): string {
    const { notices, measures } = this.#timeline.contents;
    const said = notices.length ? [this.speech.t("viewer.legend_notice")] : [];
    if (notices.some((notice) => notice.clause)) said.push(this.speech.t("viewer.legend_clause"));
    if (measures.length) said.push(this.speech.t("viewer.legend_measure"));
    return said.join(" ");
  }

  #live(): void {
    this.#player.listen(() => this.#tell(), this.stop);
    this.#timeline.watch(this.stop);
    this.state.onFilter(() => this.#filter());
    this.#filter();
    const zoom = this.state.zooms.get(this.exhibit.exhibit) ?? 1;
    this.#transport.magnify(zoom);
    const seen = new IntersectionObserver((entries) => void (entries.some((entry) => entry.isIntersecting) && this.draw()), {
      rootMargin: "400px",
    });
    seen.observe(this.element);
    this.stop.addEventListener("abort", () => seen.disconnect());
    this.#tell();
  }

  #filter(): void {
    const isShown = (place: MarkerPlace) => this.state.isShown(place.marker);
    this.#timeline.filter(isShown);
    this.#table.filter(isShown);
  }

  #tell(): void {
    this.#transport.tell();
    this.#timeline.moved(this.#player.place, this.#player.isPlaying);
    const told = soundWords(this.#player.problem, this.state.view.about?.(this.exhibit.exhibit), this.#player.kind, this.speech);
    if (this.#sound.textContent !== told) this.#sound.textContent = told;
    if (this.#player.isPlaying) requestAnimationFrame(() => this.#follow());
  }

  #follow(): void {
    if (!this.#player.isPlaying || this.stop.aborted) return;
    this.#timeline.moved(this.#player.place, true);
    requestAnimationFrame(() => this.#follow());
  }

  #seek(place: number): void {
    const at = Math.min(Math.max(0, place), this.#length);
    this.#timeline.moved(at);
    void this.#player.seek(at);
  }

  #choose(place: MarkerPlace): void {
    this.#chosen = place;
    this.#timeline.choose(place);
    this.#table.choose(place);
    this.#timeline.reveal(place.start);
  }

  #jump(place: MarkerPlace): void {
    this.#choose(place);
    this.#seek(place.start);
  }

  async #playFrom(place: MarkerPlace): Promise<void> {
    this.#choose(place);
    await this.#player.seek(place.start);
    await this.#player.play();
  }

  #next(step: 1 | -1): void {
    const shown = this.#markers.filter((place) => this.state.isShown(place.marker));
    const at = this.#chosen ? shown.indexOf(this.#chosen) : -1;
    const here = this.#player.place;
    const beside = step > 0 ? shown.find((place) => place.start > here) : shown.filter((place) => place.start < here).at(-1);
    const found = at >= 0 && this.#chosen?.start === Math.round(here) ? shown[at + step] : beside;
    if (found) this.#jump(found);
  }

  #magnify(zoom: number): void {
    this.state.zooms.set(this.exhibit.exhibit, zoom);
    this.#timeline.magnify(zoom, this.#player.place);
  }

  #key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.altKey || event.metaKey || /^(?:SELECT|INPUT|TEXTAREA)$/u.test(target.tagName)) return;
    const isLine = target.getAttribute("role") === "slider";
    const act = isLine ? (this.#lineKey(event) ?? this.#cardKey(event)) : this.#cardKey(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #lineKey(event: KeyboardEvent): (() => void) | undefined {
    const step = event.shiftKey ? STRIDE : STEP;
    const here = this.#player.place;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#seek(here - step),
      ArrowDown: () => this.#seek(here - step),
      ArrowRight: () => this.#seek(here + step),
      ArrowUp: () => this.#seek(here + step),
      PageDown: () => this.#seek(here - 10 * STEP),
      PageUp: () => this.#seek(here + 10 * STEP),
      Home: () => this.#seek(0),
      End: () => this.#seek(this.#length),
      " ": () => void this.#player.toggle(),
    };
    return keys[event.key];
  }

  #cardKey(event: KeyboardEvent): (() => void) | undefined {
    const keys: Record<string, () => void> = {
      KeyK: () => void this.#player.toggle(),
      KeyN: () => this.#next(1),
      KeyP: () => this.#next(-1),
    };
    if (event.key === "+" || event.key === "=") return () => this.#transport.step(1);
    if (event.key === "-") return () => this.#transport.step(-1);
    return keys[event.code];
  }
}

/** Whose sound is heard, or why there is none. */
function soundWords(problem: string | undefined, about: SoundFacts | undefined, kind: string | undefined, speech: Speech): string {
  const why = about?.reason ? ` ${speech.known(`viewer.sound_${about.reason}`, about.reason)}` : "";
  if (problem) return speech.t(`viewer.sound_${problem}`) + (about?.kind === "none" ? why : "");
  if (about?.kind === "none") return speech.t("viewer.sound_none") + why;
  const heard = kind ?? about?.kind ?? "master";
  const codec = about?.codec?.toUpperCase() ?? "";
  return (heard === "access" ? speech.t("viewer.sound_access", { codec }) : speech.t("viewer.sound_master")) + why;
}

function callLine(call: Call, speech: Speech): HTMLElement {
  const from = call.caller === undefined ? "" : visible(call.caller);
  const to = call.callee === undefined ? "" : visible(call.callee);
  const parties = from || to ? `${from || "?"} → ${to || "?"}` : "";
  return h("p", { class: "call" }, `${speech.t("show.call")} `, time(call.started, speech), parties && ` · ${parties}`);
}
