/** One archive's verdict, as `evidence verify` tells it: words first, then what was found, then every step. */

import type { Answer, Outcome, ResultName, Status, Step } from "../../answer";
import type { Speech } from "../../texts";
import { detail, everything, isClaimed, proves, provesNot, RESULTS, word, type Told as Item } from "../../verdict";
import { button, h, svg } from "../../viewer/dom";
import { visible } from "../../visible";
import { groups, nextStep, sentence } from "../../wording";
import { answerJson } from "./json";

/** Whom the reader trusts: what they gave, and its SHA-256. */
export interface Trusted {
  /** Name of a file of certificates; null for a fingerprint that was typed. */
  file: string | null;
  sha256: string;
}

/** All that a result tells. */
export interface Told {
  file: string;
  proof: string | null;
  answer: Answer;
  /** How many members were checked as they were signed; null unless integrity and the signature hold. */
  members: number | null;
  trusted: Trusted[];
}

type Mark = Status | "CLAIMED" | "NOTE";

const OUTCOMES: Record<Outcome, { name: string; mark: Mark }> = {
  PASS: { name: "PASS", mark: "PASSED" },
  FAIL: { name: "FAIL", mark: "FAILED" },
  INDETERMINATE: { name: "INDETERMINATE", mark: "INDETERMINATE" },
  "NOT CHECKED": { name: "NOT_CHECKED", mark: "INDETERMINATE" },
};
/** Outlines in a square of 16: each status has a shape of its own, so that colour isn't needed to tell them apart. */
const SHAPES: Record<Mark, { outline: string; sign: string }> = {
  PASSED: { outline: "M8 0.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 0 1 0-15z", sign: "M4.3 8.2l2.6 2.7 4.9-5.6" },
  INDETERMINATE: { outline: "M8 0.7L15.7 15H0.3z", sign: "M8 5.6v4.6M8 12.1v1.2" },
  CLAIMED: { outline: "M8 0.7L15.7 15H0.3z", sign: "M8 5.6v4.6M8 12.1v1.2" },
  FAILED: { outline: "M5 0.5h6l4.5 4.5v6l-4.5 4.5h-6l-4.5-4.5v-6z", sign: "M5 5l6 6M11 5l-6 6" },
  NOTE: { outline: "M0.7 0.7h14.6v14.6H0.7z", sign: "M8 7v5M8 3.8v1.2" },
};

/** Fill an element with the result; whatever was in it is removed. */
export function showResult(root: HTMLElement, told: Told, speech: Speech): void {
  const { answer } = told;
  root.replaceChildren(
    verdict(told, speech),
    results(told, speech),
    items(answer, speech),
    identity(told, speech),
    steps(answer.steps, speech),
    proof(told, speech),
    asJson(told, speech),
  );
}

function symbol(mark: Mark): SVGElement {
  const { outline, sign } = SHAPES[mark];
  return svg(
    "svg",
    { class: `mark ${mark}`, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    svg("path", { class: "outline", d: outline }),
    svg("path", { class: "sign", d: sign }),
  );
}

function verdict({ answer }: Told, speech: Speech): HTMLElement {
  const status = answer.verdict;
  return h(
    "div",
    { class: `verdict ${status}` },
    symbol(status),
    h(
      "div",
      {},
      h("p", { class: "word", "data-verdict": status }, speech.t(`verify.status_${status}`)),
      h("p", {}, speech.t(`verify.verdict_${status}`)),
    ),
  );
}

function results({ answer, members }: Told, speech: Speech): HTMLElement {
  const row = (name: ResultName) => {
    const mark = isClaimed(name, answer) ? "CLAIMED" : answer.results[name];
    return h(
      "tr",
      { "data-result": name },
      h("th", { scope: "row" }, speech.t(`verify.result_${name}`)),
      h("td", { class: `status ${mark}` }, h("span", {}, symbol(mark), word(name, answer, speech))),
      h("td", {}, detail(name, answer, members, speech)),
    );
  };
  const caption = h("caption", {}, speech.t("page.results"));
  return h("table", { class: "results" }, caption, h("tbody", {}, ...RESULTS.map(row)));
}

function items(answer: Answer, speech: Speech): HTMLElement {
  const all = everything(answer).map((one) => item(one, speech));
  if (all.length === 0) return h("p", {}, speech.t("page.nothing_found"));
  return h("section", {}, h("h3", {}, speech.t("page.found")), h("ul", { class: "items" }, ...all));
}

function item({ item, mark, isQuiet }: Item, speech: Speech): HTMLElement {
  return h(
    "li",
    { "data-code": item.code },
    symbol(mark),
    h(
      "div",
      {},
      h("code", { class: `code ${mark}` }, visible(item.code)),
      " ",
      h("span", { class: "sentence" }, sentence(item, speech)),
      isQuiet ? null : h("p", { class: "next" }, nextStep(item, speech)),
    ),
  );
}

function identity({ answer, trusted, proof }: Told, speech: Speech): HTMLElement {
  return h(
    "section",
    { class: "identity" },
    h("h3", {}, speech.t("page.identity")),
    answer.archive_id ? h("p", {}, speech.words("verdict.archive_id", { id: answer.archive_id })) : null,
    proof === null ? null : h("p", {}, speech.words("page.with_proof", { file: proof })),
    answer.identity ? fingerprint(speech.t("verdict.fingerprint"), answer.identity) : null,
    answer.signer ? fingerprint(speech.t("verdict.certificate"), answer.signer.certificate_sha256) : null,
    trusted.length === 0 ? h("p", { class: "trusted" }, speech.t("page.trusted_none")) : null,
    ...trusted.map(({ file, sha256 }) => {
      const label = file === null ? speech.t("page.trusted_typed") : speech.words("page.trusted_file", { file });
      return fingerprint(label, sha256);
    }),
  );
}

/** A digest as people compare it: two rows of eight groups of four. */
function fingerprint(label: string, digest: string): HTMLElement {
  const all = groups(digest).split(" ");
  const row = (words: string[]) => h("span", {}, words.join(" "));
  return h(
    "div",
    { class: "fingerprint" },
    h("p", {}, label),
    h("code", {}, row(all.slice(0, 8)), " ", row(all.slice(8))),
  );
}

function steps(all: Step[], speech: Speech): HTMLElement {
  const one = ({ step, outcome, checks }: Step) => {
    const { name, mark } = OUTCOMES[outcome];
    const count = checks ? ` (${speech.t("verify.checks", { n: checks })})` : "";
    return h(
      "tr",
      { "data-step": step, "data-outcome": outcome, "data-checks": checks },
      h("td", { class: "number" }, String(step)),
      h("td", { class: `status ${mark}` }, speech.t(`verify.outcome_${name}`)),
      h("td", {}, speech.t(`verify.step_${step}`), h("span", { class: "count" }, count)),
    );
  };
  const head = ["page.step", "page.outcome", "page.what"].map((name) => h("th", { scope: "col" }, speech.t(name)));
  return h(
    "section",
    {},
    h("h3", {}, speech.t("page.steps")),
    h("table", { class: "steps" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...all.map(one))),
  );
}

function proof({ answer, members }: Told, speech: Speech): HTMLElement {
  const list = (title: string, told: string[], kind: string) =>
    told.length === 0
      ? null
      : h("div", {}, h("h3", {}, title), h("ul", { class: kind }, ...told.map((text) => h("li", {}, text))));
  return h(
    "section",
    { class: "columns proof" },
    list(speech.t("verify.proves"), proves(answer, members !== null, speech), "proves"),
    list(speech.t("verify.proves_not"), provesNot(answer, speech), "proves-not"),
  );
}

function asJson(told: Told, speech: Speech): HTMLElement {
  const text = answerJson(told, speech);
  const save = button({ class: "quiet" }, () => saved(text, `${told.file}.json`), speech.t("page.save_json"));
  return h(
    "details",
    { class: "json" },
    h("summary", {}, speech.t("page.json")),
    h("p", { class: "hint" }, speech.t("page.json_hint")),
    h("pre", { tabindex: 0, role: "region", "aria-label": speech.t("page.json") }, text),
    save,
  );
}

function saved(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
