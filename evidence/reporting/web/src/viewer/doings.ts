/** What the organisation did, how the exhibits came to it, and what logs and receipts say. */

import type { Received } from "../answer";
import type { Speech } from "../texts";
import { short, visible } from "../visible";
import { clock, plainSeconds, utc } from "../wording";
import { type Child, h } from "./dom";
import { lines } from "./incident";
import { badge, details, facts, section, table, time } from "./names";
import { written } from "./noticewording";
import { type Acquisition, type Archive, type Log, type LogEvent, type Measure, type Receipt, sorted } from "./records";

const BY_NAME = "from the recording's name";
const TOLD = ["path", "mtime", "operator", "host", "software", "note"];

export function measureSection(archive: Archive, speech: Speech): HTMLElement | null {
  const measures = archive.of<Measure>("measure").sort((a, b) => (a.at.utc < b.at.utc ? -1 : 1));
  if (!measures.length) return null;
  const rows = measures.map((measure) => {
    const place = measure.at_milliseconds === undefined ? "" : ` ${clock(measure.at_milliseconds)}`;
    const link = measure.exhibit && h("a", { href: `#recording-${measure.exhibit}` }, measure.exhibit);
    const isReckoned = measure.at.source.endsWith(BY_NAME);
    return h(
      "tr",
      {},
      h("td", {}, time(measure.at, speech), isReckoned && h("div", { class: "beside" }, speech.t("show.reckoned"))),
      h("th", { scope: "row" }, speech.known(`show.measure_${measure.measure}`, measure.measure)),
      h("td", {}, lines(measure.by)),
      h("td", {}, measure.basis === undefined ? "–" : lines(measure.basis)),
      h("td", {}, link ?? "–", place),
      h("td", {}, measure.note === undefined ? "–" : lines(measure.note)),
    );
  });
  const title = speech.t("viewer.section_measures");
  const heads = ["when", "measure", "by", "basis", "where", "note"].map((name) => speech.t(`viewer.column_${name}`));
  return section("measures", title, "stated", speech, table(title, heads, rows));
}

export function acquisitionSection(archive: Archive, speech: Speech): HTMLElement | null {
  const found = archive.of<Acquisition>("acquisition");
  if (!found.length) return null;
  const parts = found.map((record) =>
    h(
      "article",
      { class: "evidence" },
      h("h3", {}, h("span", { class: "id" }, record.exhibits.join(", "))),
      facts([
        [speech.t("show.taken_by"), lines(record.taken_by)],
        [speech.t("show.taken_at"), time(record.taken_at, speech)],
        [speech.t("show.system"), lines(record.system)],
        [speech.t("show.authority"), lines(record.authority)],
        [speech.t("show.original"), lines(record.original)],
        [speech.t("show.copied_from"), lines(record.copied_from)],
        [speech.t("show.clock"), clockState(record.clock, speech)],
        [speech.t("show.note"), lines(record.note)],
      ]),
    ),
  );
  return section("acquisitions", speech.t("viewer.section_acquisitions"), "stated", speech, ...parts);
}

/** How a clock stood, in seconds with their sign. */
function clockState(given: Acquisition["clock"], speech: Speech): Child {
  if (!given) return null;
  const seconds = plainSeconds(Math.abs(given.offset_ms));
  const told = !given.offset_ms
    ? speech.t("show.clock_right")
    : given.offset_ms > 0
      ? speech.t("show.clock_fast", { seconds })
      : speech.t("show.clock_slow", { seconds });
  const most = given.uncertainty_ms;
  const within = most === undefined ? "" : ` ± ${speech.t("show.seconds", { seconds: plainSeconds(most) })}`;
  const known = [speech.t("show.clock_known_by"), lines(given.known_by)] as const;
  return h("div", {}, told + within, facts([known, [speech.t("show.checked_at"), given.checked_at && time(given.checked_at, speech)]]));
}

/** Receipts as recorded, with what verification made of each. */
export function receiptSection(archive: Archive, received: Received[], speech: Speech): HTMLElement | null {
  const records = sorted(archive.of<Receipt>("receipt"));
  if (!records.length) return null;
  const parts = records.map((record) => {
    const receipt = JSON.parse(record.document) as { claimed_time: string; received_id?: string; facts: Record<string, string> };
    const entry = JSON.parse(record.entry) as { sequence: number; claimed_time: string; received_id?: string };
    const judged = received.find((each) => each.exhibit === record.exhibit && each.sequence === entry.sequence);
    const rows: [string, Child][] = [
      [speech.t("show.received_at"), utc(receipt.claimed_time)],
      [speech.t("show.received_entry"), `${entry.sequence}, ${utc(entry.claimed_time)}`],
      [speech.t("viewer.receipt_proven"), judged && receiptWords(judged, speech)],
    ];
    for (const name of ["name", ...TOLD]) {
      const value = receipt.facts[name];
      if (value !== undefined) rows.push([speech.t(`show.received_${name}`), short(value, 400)]);
    }
    return h("article", { class: "evidence" }, h("h3", {}, h("span", { class: "id" }, record.exhibit)), facts(rows));
  });
  return section("receipts", speech.t("viewer.section_receipts"), "stated", speech, ...parts);
}

function receiptWords(judged: Received, speech: Speech): string {
  if (!judged.is_proven) return speech.t("viewer.receipt_claimed");
  if (!judged.proven) return speech.t("viewer.receipt_registered");
  return speech.words("viewer.receipt_stamped", { time: utc(judged.proven), authority: judged.authority ?? "" });
}

export function logSection(archive: Archive, speech: Speech): HTMLElement | null {
  const logs = sorted(archive.of<Log>("pbx"));
  if (!logs.length) return null;
  const parts = logs.map((log) => logPart(log, archive, speech));
  return section("pbx", speech.t("viewer.section_pbx"), "claimed", speech, ...parts);
}

function logPart(log: Log, archive: Archive, speech: Speech): HTMLElement {
  const head = speech.t("show.pbx_log", {
    id: log.exhibit,
    name: short(archive.file(log.exhibit), 60),
    format: log.format || speech.t("show.pbx_plain"),
    zone: visible(log.zone) || speech.t("show.pbx_no_zone"),
  });
  const told: Child[] = [];
  if (log.logs_playback === true) told.push(h("p", {}, speech.t("show.pbx_logs_playback")));
  if (log.logs_playback === false) told.push(h("p", {}, speech.t("show.pbx_logs_no_playback")));
  if (log.is_cut) told.push(h("p", {}, speech.t("show.pbx_cut")));
  for (const problem of log.problems) {
    const key = `pbx.problem_${problem.code}`;
    const words = speech.has(key, "text") ? speech.t(key, { text: short(problem.text ?? "") }) : visible(problem.code);
    const line = problem.line ? speech.t("show.pbx_problem", { line: problem.line, problem: words }) : words;
    told.push(h("p", {}, `${speech.t("show.problem")}: ${line}`));
  }
  const heads = ["line", "when", "event", "values"].map((name) => speech.t(`viewer.column_${name}`));
  const rows = log.events.map((event) => eventRow(event, speech));
  const events = rows.length
    ? details(speech.t("viewer.log_events", { n: rows.length }), table(head, heads, rows, "log"))
    : h("p", {}, speech.t("show.pbx_nothing"));
  return h("article", { class: "evidence" }, h("h3", {}, head, " ", badge("claimed", speech)), ...told, events);
}

function eventRow(event: LogEvent, speech: Speech): HTMLTableRowElement {
  const values = Object.entries(event.values).filter(([, value]) => value.trim());
  return h(
    "tr",
    {},
    h("th", { scope: "row", class: "figure" }, String(event.line)),
    h("td", {}, event.at ? written(event.at) : speech.t("show.pbx_untimed")),
    h("td", {}, event.kind),
    h("td", {}, ...values.map(([name, value]) => h("div", {}, h("code", {}, name), ` ${short(value, 200)}`))),
  );
}
