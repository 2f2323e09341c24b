/** What the files in evidence are: counted, and what they claim of themselves. */

import type { Speech } from "../texts";
import { fileName, short, visible } from "../visible";
import { clock, groups } from "../wording";
import { type Child, h } from "./dom";
import { badge, details, facts, section, table } from "./names";
import { type Archive, type Exhibit, type Track, lengthOf } from "./records";

/** One line: duration, how it was found, coding. */
export function soundFacts(exhibit: Exhibit, speech: Speech): HTMLElement {
  const recording = exhibit.recording!;
  const isCounted = recording.samples !== null && recording.method !== "timestamps";
  const method = speech.known(`show.method_${recording.method}`, recording.method);
  return h(
    "p",
    { class: "sound-facts" },
    h("strong", {}, lengthWords(recording, speech)),
    ` (${method}) · ${codingWords(recording, speech)} `,
    badge(isCounted ? "counted" : "claimed", speech),
  );
}

function lengthWords(track: Track, speech: Speech): string {
  const length = lengthOf(track);
  return length === null ? speech.t("show.duration_unknown") : clock(length);
}

function codingWords(track: Track, speech: Speech): string {
  const parts = [speech.known(`media.codec_${track.codec}`, track.codec)];
  if (track.sample_rate) parts.push(`${track.sample_rate} Hz`);
  if (track.channels) parts.push(speech.t("show.channels", { n: track.channels }));
  return parts.join(", ");
}

/** A digest that can be compared, in groups. */
export function digest(hex: string): HTMLElement {
  return h("code", { class: "digest" }, groups(hex));
}

/** Digest, claims and problems of a recording, to open. */
export function technical(exhibit: Exhibit, speech: Speech): HTMLElement {
  const recording = exhibit.recording!;
  const counted: [string, Child][] = [
    [speech.t("show.size"), speech.t("show.bytes", { n: exhibit.size })],
    [speech.t("show.sha256"), digest(exhibit.sha256)],
  ];
  (recording.tracks ?? []).forEach((track, index) => {
    const told = `${lengthWords(track, speech)}, ${codingWords(track, speech)}`;
    counted.push([speech.t("show.track", { n: index + 2 }), told]);
  });
  for (const problem of recording.problems) {
    counted.push([speech.t("show.problem"), speech.known(`media.problem_${problem}`, problem)]);
  }
  const claims = Object.entries(recording.claims)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [claimName(name, speech), short(String(value), 400)] as const);
  return details(
    speech.t("viewer.technical"),
    facts(counted),
    claims.length > 0 && h("p", {}, speech.t("viewer.claims"), " ", badge("claimed", speech)),
    claims.length > 0 && facts(claims),
  );
}

function claimName(name: string, speech: Speech): string {
  if (name.startsWith("tag_")) return speech.words("show.claim_tag", { name: name.slice(4) });
  return speech.known(`show.claim_${name}`, name);
}

/** All exhibits with their digests. */
export function exhibitSection(archive: Archive, speech: Speech): HTMLElement {
  const rows = archive.exhibits.map((exhibit) => {
    const role = speech.known(`show.role_${exhibit.role}`, exhibit.role);
    const title = exhibit.title === undefined ? null : h("div", { class: "beside" }, short(exhibit.title, 200));
    const name = h("td", {}, short(fileName(exhibit.name), 120), title);
    const size = h("td", { class: "figure" }, speech.t("show.bytes", { n: exhibit.size }));
    const cells = [h("th", { scope: "row" }, exhibit.exhibit), name, h("td", {}, role), size];
    return h("tr", {}, ...cells, h("td", {}, digest(exhibit.sha256)));
  });
  const heads = ["exhibit", "file", "role", "size"].map((name) => speech.t(`viewer.column_${name}`));
  const title = speech.t("viewer.section_exhibits");
  return section("exhibits", title, null, speech, table(title, [...heads, speech.t("show.sha256")], rows));
}

/** Records of kinds that only later versions know. */
export function unknownKinds(archive: Archive, known: Set<string>, speech: Speech): HTMLElement | null {
  const told = archive.kinds
    .filter((kind) => !known.has(kind))
    .map((kind) => h("li", {}, speech.t("show.unknown_kind", { kind: visible(kind), n: archive.of(kind).length })));
  return told.length ? h("ul", {}, ...told) : null;
}

