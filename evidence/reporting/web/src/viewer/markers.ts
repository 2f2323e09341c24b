/** The table of a recording's markers: whose word each is, how it came about, what became of it. */

import type { Speech } from "../texts";
import { short, visible, visibleLines } from "../visible";
import { clock } from "../wording";
import { type Child, button, h } from "./dom";
import { asGiven, className, details, facts, time } from "./names";
import type { MarkerPlace } from "./places";
import type { Marker, Pressed, Suggestion } from "./records";

const COLUMNS = ["number", "place", "channel", "class", "words", "asserted", "state"];

export interface MarkerActions {
  play(place: MarkerPlace): void;
}

/** A row for each marker, by place. */
export class MarkerTable {
  readonly element: HTMLElement;
  readonly #rows = new Map<MarkerPlace, HTMLTableRowElement>();

  constructor(
    readonly places: MarkerPlace[],
    readonly channels: string[],
    readonly caption: string,
    readonly speech: Speech,
    readonly actions: MarkerActions,
  ) {
    const heads = COLUMNS.map((name) => h("th", { scope: "col" }, speech.t(`viewer.column_${name}`)));
    const rows = places.map((place) => this.#row(place));
    this.element = h(
      "table",
      { class: "markers" },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, ...heads)),
      h("tbody", {}, ...rows),
    );
  }

  /** Show the chosen one as such, and bring it into sight. */
  choose(chosen: MarkerPlace | undefined): void {
    for (const [place, row] of this.#rows) row.classList.toggle("chosen", place === chosen);
  }

  filter(isShown: (place: MarkerPlace) => boolean): void {
    for (const [place, row] of this.#rows) row.hidden = !isShown(place);
  }

  /** The channel by number and name, as far as they are known. */
  #channel({ marker, channel }: MarkerPlace): string {
    if (marker.channel === undefined) return "–";
    const name = this.channels[channel];
    return name ? `${channel}: ${short(name, 40)}` : visible(String(marker.channel));
  }

  #row(place: MarkerPlace): HTMLTableRowElement {
    const { speech } = this;
    const marker = place.marker;
    const told = marker.end_ms === undefined ? clock(place.start) : `${clock(place.start)} – ${clock(place.end)}`;
    const label = speech.t("viewer.play_marker", { number: place.label, place: told });
    const play = button({ class: "play-at", "aria-label": label, title: label }, () => this.actions.play(place), told);
    const cells: Child[] = [
      play,
      this.#channel(place),
      className(marker, speech),
      said(marker),
      asserted(marker, speech),
      state(marker, speech),
    ];
    const heads = COLUMNS.slice(1).map((name) => speech.t(`viewer.column_${name}`));
    const row = h(
      "tr",
      { class: marker.withdrawn ? "withdrawn" : false },
      h("th", { scope: "row" }, place.label),
      ...cells.map((cell, index) => h("td", { "data-head": heads[index]!, class: COLUMNS[index + 1]! }, cell)),
    );
    this.#rows.set(place, row);
    return row;
  }
}

/** The words, verbatim. */
function said(marker: Marker): Child {
  if (marker.words === undefined) return "–";
  const lines = visibleLines(marker.words).flatMap((line, index) => (index ? [h("br"), line] : [line]));
  return h("q", { lang: marker.language ?? false }, ...lines);
}

function asserted(marker: Marker, speech: Speech): Child {
  return h(
    "div",
    {},
    visible(marker.asserted_by),
    h("span", { class: "beside" }, `, ${speech.known(`show.how_${marker.how}`, marker.how)}`),
    marker.confidence && h("span", { class: "beside" }, `, ${speech.t(`show.confidence_${marker.confidence}`)}`),
    h("div", { class: "beside" }, time(marker.asserted_at, speech)),
  );
}

function state(marker: Marker, speech: Speech): Child {
  const told: Child[] = [];
  const gone = marker.withdrawn;
  if (gone) {
    told.push(h("strong", {}, speech.t("show.withdrawn", { by: visible(gone.by), at: asGiven(gone.at.text) })));
    told.push(h("div", { class: "beside" }, `${speech.t("show.reason")}: ${visible(gone.reason)}`));
  }
  if (marker.reviewed_by !== undefined) told.push(h("div", {}, reviewed(marker, speech)));
  else if (!gone) told.push(h("div", {}, speech.t("viewer.not_confirmed")));
  const more = further(marker, speech);
  if (more.length) told.push(details(speech.t("viewer.marker_more"), ...more));
  return h("div", {}, ...told);
}

function reviewed(marker: Marker, speech: Speech): string {
  const at = marker.reviewed_at!;
  const isOutdated = marker.corrections?.some((correction) => correction.at.utc > at.utc);
  const told = { by: visible(marker.reviewed_by!), at: asGiven(at.text) };
  return isOutdated ? speech.t("show.reviewed_before", told) : speech.t("show.reviewed", told);
}

function further(marker: Marker, speech: Speech): HTMLElement[] {
  const told = marker.pressed ? pressed(marker.pressed, speech) : [];
  if (marker.suggestion) told.push(...suggested(marker.suggestion, speech));
  for (const correction of marker.corrections ?? []) {
    const was = Object.entries(correction.was).map(([name, value]) => [speech.t(`show.was_${name}`), earlier(name, value, speech)] as const);
    const why = correction.reason ? [[speech.t("show.reason"), visible(correction.reason)] as const] : [];
    const head = speech.t("show.corrected", { by: visible(correction.by), at: asGiven(correction.at.text) });
    told.push(h("p", {}, head), facts([...was, ...why]));
  }
  const rest = (["note", "source"] as const).map((name) => [speech.t(`show.marker_${name}`), visible(marker[name] ?? "")] as const);
  if (marker.note ?? marker.source) told.push(facts(rest));
  return told;
}

function pressed(given: Pressed, speech: Speech): HTMLElement[] {
  const seconds = (ms: number) => String(Number((ms / 1000).toFixed(3)));
  const told = [
    speech.t("show.pressed", {
      at: asGiven(given.at.text),
      place: clock(given.place_ms),
      offset: seconds(given.offset_ms),
      uncertainty: seconds(given.uncertainty_ms),
    }),
  ];
  if (given.tied_by) told.push(speech.t(`show.tied_${given.tied_by}`));
  const at = given.stated_at ? `, ${asGiven(given.stated_at.text)}` : "";
  if (given.stated_by) told.push(speech.t("show.tied", { by: visible(given.stated_by), at }));
  return told.map((sentence) => h("p", {}, sentence));
}

function suggested(given: Suggestion, speech: Speech): HTMLElement[] {
  const where = `${clock(given.start_ms)} – ${clock(given.end_ms)}`;
  const kind = className(given, speech);
  const lexicon = given.lexicon_sha256.slice(0, 12);
  const told = speech.words("show.suggested", { words: given.words, where, kind, lexicon });
  const rows = (["transcript", "transcribed_by"] as const).map(
    (name) => [speech.t(`show.suggested_${name}`), visible(given[name] ?? "")] as const,
  );
  return [h("p", {}, told), facts(rows)];
}

function earlier(name: string, value: string | number | null, speech: Speech): string {
  if (value === null) return speech.t("show.was_nothing");
  if (name === "start_ms" || name === "end_ms") return clock(Number(value));
  if (name === "class") return speech.known(`show.class_${value}`, String(value));
  return name === "confidence" ? speech.t(`show.confidence_${value}`) : short(String(value), 400);
}
