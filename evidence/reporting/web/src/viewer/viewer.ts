/** Shows one archive. The same for the page that `evidence report --html` writes and for verify.html. */

import type { Texts, View } from "../answer";
import { Speech } from "../texts";
import { h } from "./dom";
import { acquisitionSection, logSection, measureSection, receiptSection } from "./doings";
import { exhibitSection, unknownKinds } from "./exhibits";
import { filterBar } from "./filter";
import { prefixIds } from "./ids";
import { incidentSections } from "./incident";
import { keyboardHelp, legend } from "./help";
import { badge, section } from "./names";
import { noticeSection } from "./notice";
import { printsWhole } from "./print";
import { RecordingCard } from "./recording";
import { Archive } from "./records";
import { State } from "./state";
import { proofPart, verdictPart } from "./verdict";

export interface Settings {
  language: string;
  texts: Texts;
  /** Names of the plural rules, by language (evidence.messages.PLURAL_RULES). */
  plurals: Record<string, string>;
  /** Whether the page itself tells the verdict, so that the viewer needn't. */
  isVerdictTold?: boolean;
}

const KNOWN = new Set(
  "incident exhibit notice marker acquisition measure receipt announcement notice_search notice_evidence pbx waveform".split(" "),
);
const states = new WeakMap<View, State>();
const stops = new WeakMap<HTMLElement, AbortController>();

/**
 * Build the page's parts inside an element; what was in it before is removed.
 *
 * Shown again with another language, the same view keeps its sound, its filter and its zoom.
 */
export function showArchive(root: HTMLElement, view: View, settings: Settings): void {
  stops.get(root)?.abort();
  const stop = new AbortController();
  stops.set(root, stop);
  const speech = new Speech(settings.language, settings);
  const state = states.get(view) ?? new State(view);
  states.set(view, state);
  state.forget();
  root.classList.add("archive");
  root.lang = settings.language;
  root.replaceChildren(...parts(view, state, speech, settings, stop.signal));
  prefixIds(root, state.prefix);
}

function parts(view: View, state: State, speech: Speech, settings: Settings, stop: AbortSignal): HTMLElement[] {
  const hasContents = view.records.length > 0;
  const top = settings.isVerdictTold ? [] : [verdictPart(view.answer, speech), proofPart(view.answer, hasContents, speech)];
  if (!hasContents) return [...top, h("p", { class: "refused" }, speech.t("show.refused"))];
  const archive = new Archive(view.records);
  const cards = archive.recordings.map((exhibit) => new RecordingCard(exhibit, archive, state, speech, stop));
  printsWhole(cards, stop);
  const recordings = section(
    "recordings",
    speech.t("viewer.section_recordings"),
    null,
    speech,
    h("p", { class: "lead" }, speech.t("viewer.markers_are_allegations"), " ", badge("alleged", speech)),
    filterBar(archive, state, speech),
    keyboardHelp(speech),
    ...cards.map((card) => card.element),
    !cards.length && h("p", {}, speech.t("viewer.no_recordings")),
  );
  const found = [
    ...incidentSections(archive, speech),
    recordings,
    noticeSection(archive, speech),
    measureSection(archive, speech),
    acquisitionSection(archive, speech),
    receiptSection(archive, view.answer.received, speech),
    logSection(archive, speech),
    exhibitSection(archive, speech),
    unknownKinds(archive, KNOWN, speech),
  ].filter((part) => part !== null);
  return [...top, legend(speech), contents(found, speech), ...found];
}

/** Where to find what, as links. */
function contents(sections: HTMLElement[], speech: Speech): HTMLElement {
  const links = sections.flatMap((part) => {
    const heading = part.querySelector("h2");
    return heading ? [h("li", {}, h("a", { href: `#${heading.id}` }, heading.firstChild?.textContent ?? ""))] : [];
  });
  return h("nav", { "aria-label": speech.t("viewer.contents") }, h("ul", {}, ...links));
}
