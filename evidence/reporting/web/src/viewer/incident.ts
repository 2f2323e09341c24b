/** The incident as the organisation states it: what happened, who took part, when they called. */

import type { Speech } from "../texts";
import { visible, visibleLines } from "../visible";
import { type Child, h } from "./dom";
import { digest } from "./exhibits";
import { asGiven, badge, facts, section, table, time } from "./names";
import type { Archive, Call, Incident, Person } from "./records";

const PERSON = ["name", "id", "phone", "account"] as const;

/** Texts of several lines, as they were given. */
export function lines(text: string | undefined): Child {
  if (text === undefined) return null;
  const told = visibleLines(text);
  return told.length === 1 ? told[0]! : h("div", {}, ...told.flatMap((line, index) => (index ? [h("br"), line] : [line])));
}

export function incidentSections(archive: Archive, speech: Speech): HTMLElement[] {
  return archive.of<Incident>("incident").flatMap((incident) => [about(incident, speech), calls(incident, speech)]);
}

function about(incident: Incident, speech: Speech): HTMLElement {
  const changes = (incident.changes ?? []).map((change) => {
    const list = change.about.map((part) => speech.known(`show.part_${part}`, part)).join(", ");
    return h("p", { class: "beside" }, speech.t("show.changed", { by: visible(change.by), at: asGiven(change.at.text), list }));
  });
  const rows: [string, Child][] = [
    [speech.t("show.number"), visible(incident.number)],
    [speech.t("show.title"), lines(incident.title)],
    [speech.t("show.summary"), lines(incident.summary)],
    [speech.t("show.subscriber"), person(incident.subscriber, speech)],
    [speech.t("show.agent"), person(incident.agent, speech)],
    [speech.t("show.legal_basis"), bases(incident, speech)],
    [speech.t("show.replaces"), incident.replaces],
    [speech.t("show.corrects"), corrects(incident, speech)],
    [speech.t("show.prepared_by"), prepared(incident, speech)],
    [speech.t("show.time_zone"), incident.time_zone && visible(incident.time_zone)],
  ];
  return section("incident", speech.t("viewer.section_incident"), "stated", speech, facts(rows, "facts wide-values"), ...changes);
}

function prepared(incident: Incident, speech: Speech): Child {
  if (incident.prepared_by === undefined) return null;
  return h("div", {}, visible(incident.prepared_by), incident.prepared_at && h("div", { class: "beside" }, time(incident.prepared_at, speech)));
}

function person(given: Person | undefined, speech: Speech): Child {
  if (!given) return null;
  const rows = PERSON.map((name) => [speech.t(`show.${name}`), given[name] === undefined ? null : visible(given[name])] as const);
  return h("div", {}, facts(rows), fromLog(given.from_log, "agent", speech));
}

function bases(incident: Incident, speech: Speech): Child {
  const told = (incident.legal_basis ?? []).map((basis) => {
    const note = basis.note === undefined ? null : h("div", { class: "beside" }, lines(basis.note));
    return h("li", {}, `${speech.known(`show.basis_${basis.kind}`, basis.kind)}: ${visible(basis.reference)}`, note);
  });
  return told.length ? h("ul", {}, ...told) : null;
}

function corrects(incident: Incident, speech: Speech): Child {
  const cited = incident.corrects;
  if (!cited) return null;
  return facts([
    [speech.t("show.number"), cited.number],
    [speech.t("show.archive_id"), cited.archive_id],
    [speech.t("show.identity"), digest(cited.identity)],
    [speech.t("show.reason"), lines(cited.reason)],
  ]);
}

/** Which fields only a PBX's log says, and where. */
function fromLog(given: Record<string, string> | undefined, part: string, speech: Speech): Child {
  if (!given) return null;
  const list = Object.entries(given).map(([name, place]) => `${speech.known(`show.${part}_${name}`, name)} (${visible(place)})`);
  return h("div", { class: "beside" }, speech.t("show.from_log", { list: list.join(", ") }), " ", badge("claimed", speech));
}

function calls(incident: Incident, speech: Speech): HTMLElement {
  const title = speech.t("viewer.section_calls");
  if (!incident.calls.length) return section("calls", title, "stated", speech, h("p", {}, speech.t("viewer.no_calls")));
  const heads = ["when", "parties", "recording", "channels"].map((name) => speech.t(`viewer.column_${name}`));
  const rows = incident.calls.map((call) => callRow(call, speech));
  return section("calls", title, "stated", speech, table(title, heads, rows, "calls"));
}

function callRow(call: Call, speech: Speech): HTMLTableRowElement {
  const names = (call.from_name ?? []).map((name) => speech.known(`show.call_${name}`, name)).join(", ");
  const claimed =
    names && h("div", { class: "beside" }, speech.t("show.from_name", { list: names }), " ", badge("claimed", speech));
  const parties = facts([
    [speech.t("viewer.direction"), call.direction && speech.known(`show.direction_${call.direction}`, call.direction)],
    [speech.t("show.caller"), lines(call.caller)],
    [speech.t("show.callee"), lines(call.callee)],
    [speech.t("show.queue"), lines(call.queue)],
    [speech.t("show.id"), lines(call.id)],
  ]);
  const exhibit = call.exhibit ? h("a", { href: `#recording-${call.exhibit}` }, call.exhibit) : "–";
  const channels = (call.channels ?? []).map((name, number) => h("div", {}, `${number}: ${visible(name)}`));
  return h(
    "tr",
    {},
    h(
      "td",
      { class: "when" },
      facts([
        [speech.t("viewer.started"), time(call.started, speech)],
        [speech.t("viewer.ended"), call.ended && time(call.ended, speech)],
      ]),
    ),
    h("td", {}, parties, claimed, fromLog(call.from_log, "call", speech)),
    h("td", {}, exhibit),
    h("td", {}, ...(channels.length ? channels : ["–"])),
  );
}
