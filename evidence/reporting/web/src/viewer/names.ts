/** Names of things in the reader's language. */

import type { Speech } from "../texts";
import { visible } from "../visible";
import { utc } from "../wording";
import { type Child, h } from "./dom";
import type { Marker, Time } from "./records";

/** The kinds of statement that a reader must tell apart (FORMAT.md, "Records"). */
export const KINDS = ["counted", "measured", "stated", "claimed", "alleged"] as const;
export type Kind = (typeof KINDS)[number];

/** What a marker asserts; harmless. A name that isn't the program's is told as the organisation's own: it may say anything. */
export function className(marker: Pick<Marker, "class" | "class_names">, speech: Speech): string {
  const own = marker.class_names;
  if (own) {
    const name = (Object.hasOwn(own, speech.language) ? own[speech.language] : undefined) ?? own["en"] ?? marker.class;
    return speech.words("show.own_class", { code: marker.class, name });
  }
  return speech.known(`show.class_${marker.class}`, marker.class);
}

/** A word that says what something rests on. */
export function badge(kind: Kind, speech: Speech): HTMLElement {
  return h("span", { class: `kind ${kind}`, title: speech.t(`viewer.kind_${kind}`) }, speech.t(`viewer.word_${kind}`));
}

/** A stated time: as it was given, then in UTC, and where it was read. */
export function time(given: Time, speech: Speech): HTMLElement {
  const shown = asGiven(given.text);
  const isUtc = shown === `${given.utc.slice(0, 10)} ${given.utc.slice(11, -1)} UTC` || shown === utc(given.utc);
  const source = visible(given.source);
  const beside = isUtc ? speech.t("viewer.time_from", { source }) : speech.t("viewer.time_beside", { utc: utc(given.utc), source });
  const isShort = shown.length < 40;
  return h("span", { class: "time" }, h("span", { class: isShort && "whole" }, shown), " ", h("small", {}, beside));
}

/** A time as it was given; RFC 3339 with spaces between date, time and offset. Visible. */
export function asGiven(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|z|[+-]\d\d:\d\d)?$/u.exec(text);
  return parts ? [parts[1], parts[2], parts[3]?.replace(/^z$/iu, "UTC")].filter(Boolean).join(" ") : visible(text);
}

/** Names and values, those without a value left out. */
export function facts(rows: readonly (readonly [string, Child])[], kind = "facts"): HTMLElement {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "");
  return h("dl", { class: kind }, ...told.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** Something to open. */
export function details(title: Child, ...children: Child[]): HTMLDetailsElement {
  return h("details", {}, h("summary", {}, title), ...children);
}

/** A table that scrolls by itself where it is too wide. */
export function table(caption: string, heads: string[], rows: HTMLElement[], kind = ""): HTMLElement {
  const head = h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)));
  const made = h("table", { class: kind }, h("caption", { class: "unseen" }, caption), h("thead", {}, head), h("tbody", {}, ...rows));
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, made);
}

/** A row of a table; the first cell is its heading. */
export function row(first: Child, ...cells: Child[]): HTMLTableRowElement {
  return h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell)));
}

/** A part of the page with a heading. */
export function section(id: string, title: string, kind: Kind | null, speech: Speech, ...children: Child[]): HTMLElement {
  const heading = h("h2", { id: `archive-${id}`, tabindex: "-1" }, title, " ", kind && badge(kind, speech));
  return h("section", { class: id, "aria-labelledby": `archive-${id}` }, heading, ...children);
}
