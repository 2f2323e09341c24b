/** What the verification answered: verdict, results and findings, what they prove and what they don't. */

import type { Answer, ResultName, Status } from "../answer";
import type { Speech } from "../texts";
import { detail, everything, isClaimed, proves, provesNot, RESULTS, word, type Told } from "../verdict";
import { visible } from "../visible";
import { nextStep, sentence } from "../wording";
import { type Child, h, svg } from "./dom";
import { digest } from "./exhibits";
import { details, facts } from "./names";

const SHAPES: Record<Status, string> = {
  PASSED: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zM10.5 17l-5-5 2-2 3 3 6-6 2 2z",
  INDETERMINATE: "M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22zm0 2.400a8.600 8.600 0 1 0 0 17.200 8.600 8.600 0 0 0 0-17.200zM8.400 9.400h2.300c0-.8.5-1.300 1.300-1.300s1.300.5 1.300 1.200c0 1.300-2.500 1.700-2.500 4.300h2.300c0-1.700 2.600-2.100 2.600-4.400C15.700 7.300 14.200 6 12 6s-3.600 1.400-3.600 3.400zM10.800 15.200h2.400v2.400h-2.400z",
  FAILED: "M7.500 1h9L23 7.500v9L16.500 23h-9L1 16.500v-9zM8 6L6 8l4 4-4 4 2 2 4-4 4 4 2-2-4-4 4-4-2-2-4 4z",
};

/** A status by shape and by word. */
export function statusMark(status: Status, speech: Speech, word = speech.t(`verify.status_${status}`)): HTMLElement {
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(svg("path", { d: SHAPES[status], "fill-rule": "evenodd" }));
  return h("span", { class: `status ${status.toLowerCase()}` }, picture, word);
}

/** The whole answer, short first. */
export function verdictPart(answer: Answer, speech: Speech): HTMLElement {
  const items = everything(answer);
  const [loud, quiet] = [items.filter((each) => !each.isQuiet), items.filter((each) => each.isQuiet)];
  return h(
    "section",
    { class: `verdict ${answer.verdict.toLowerCase()}`, "aria-labelledby": "archive-verdict" },
    h("h2", { id: "archive-verdict", tabindex: "-1" }, statusMark(answer.verdict, speech)),
    h("p", { class: "lead" }, speech.t(`verify.verdict_${answer.verdict}`)),
    h("table", { class: "results" }, h("caption", { class: "unseen" }, speech.t("viewer.results")), h("tbody", {}, ...RESULTS.map((name) => result(name, answer, speech)))),
    loud.length > 0 && h("ul", { class: "findings" }, ...loud.map((item) => finding(item, speech))),
    identity(answer, speech),
    details(speech.t("viewer.steps"), steps(answer, speech), quiet.length > 0 && h("ul", { class: "findings" }, ...quiet.map((item) => finding(item, speech)))),
  );
}

function result(name: ResultName, answer: Answer, speech: Speech): HTMLElement {
  const status = isClaimed(name, answer) ? "INDETERMINATE" : answer.results[name];
  const shown = statusMark(status, speech, word(name, answer, speech));
  const told = detail(name, answer, null, speech);
  return h("tr", {}, h("th", { scope: "row" }, speech.t(`verify.result_${name}`)), h("td", {}, shown), h("td", {}, told));
}

function finding({ item, mark }: Told, speech: Speech): HTMLElement {
  return h(
    "li",
    { class: mark.toLowerCase() },
    h("code", {}, visible(item.code)),
    " ",
    sentence(item, speech),
    h("div", { class: "beside" }, nextStep(item, speech)),
  );
}

function identity(answer: Answer, speech: Speech): HTMLElement {
  return facts(
    [
      [speech.t("verdict.fingerprint"), answer.identity && digest(answer.identity)],
      [speech.t("verdict.certificate"), answer.signer && digest(answer.signer.certificate_sha256)],
      [speech.t("show.archive_id"), answer.archive_id && h("code", {}, answer.archive_id)],
    ],
    "facts wide-values identity",
  );
}

function steps(answer: Answer, speech: Speech): HTMLElement {
  const rows = answer.steps.map((step) => {
    const outcome = step.outcome.replace(" ", "_");
    const checks = step.checks ? ` (${speech.t("verify.checks", { n: step.checks })})` : "";
    return h("li", {}, h("b", {}, speech.t(`verify.outcome_${outcome}`)), ` ${speech.t(`verify.step_${step.step}`)}${checks}`);
  });
  return h("ol", { class: "steps" }, ...rows);
}

/** What this proves and what it doesn't; nothing is claimed of an archive that FAILED. */
export function proofPart(answer: Answer, hasContents: boolean, speech: Speech): HTMLElement {
  const list = (kind: string, title: string, told: Child[]) =>
    told.length > 0 && h("div", { class: kind }, h("h3", {}, title), h("ul", {}, ...told.map((each) => h("li", {}, each))));
  return h(
    "section",
    { class: "proof", "aria-label": speech.t("viewer.section_proof") },
    list("does", speech.t("verify.proves"), proves(answer, hasContents, speech)),
    list("doesnt", speech.t("verify.proves_not"), provesNot(answer, speech)),
  );
}
