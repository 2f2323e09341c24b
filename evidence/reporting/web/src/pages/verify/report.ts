/** One archive's part of the page: its name, its result or why there is none, and what it holds. */

import type { View } from "../../answer";
import { button, h } from "../../viewer/dom";
import { showArchive } from "../../viewer/viewer";
import { visible } from "../../visible";
import type { Trust } from "./form";
import { showResult, type Told, type Trusted } from "./result";
import type { Outcome } from "./run";
import { sound } from "./sounds";
import type { Tongue } from "./tongue";

let count = 0;

export class Report {
  readonly element: HTMLElement;
  readonly #title: HTMLElement;
  readonly #result = h("div", { class: "result own" });
  readonly #contents = h("section", { class: "contents" });
  readonly #view: View | null;
  #isOpen: boolean;

  private constructor(
    private readonly outcome: Outcome,
    private readonly trusted: Trusted[],
    private readonly tongue: Tongue,
    isOnly: boolean,
  ) {
    this.#isOpen = isOnly;
    this.#view = viewed(outcome);
    const id = `report-${++count}`;
    this.#title = h("h2", { id, tabindex: -1 }, visible(outcome.request.file.name));
    this.element = h("article", { class: "report", "aria-labelledby": id }, this.#title, this.#result, this.#contents);
    this.show();
  }

  /** @param isOnly whether it is the only archive: then what it holds is shown at once. */
  static async of(outcome: Outcome, tongue: Tongue, isOnly: boolean): Promise<Report> {
    return new Report(outcome, await trusted(outcome.request.trust), tongue, isOnly);
  }

  /** Show it, or show it again in another language. */
  show(): void {
    if (this.outcome.kind === "verified") this.#verified();
    else this.#refused();
  }

  /** Bring the reader here. */
  focus(): void {
    this.#title.focus({ preventScroll: true });
    this.#title.scrollIntoView({ block: "start" });
  }

  #refused(): void {
    if (this.outcome.kind !== "refused") return;
    const { speech } = this.tongue;
    const { message_, hint, values } = this.outcome.refused;
    const told = h("p", {}, `${speech.words(message_, values)}.`.replace(/\.\.$/u, "."));
    this.#result.replaceChildren(h("div", { class: "refusal" }, told, h("p", { class: "hint" }, speech.words(hint, values))));
  }

  #verified(): void {
    if (this.outcome.kind !== "verified") return;
    const { request, verified } = this.outcome;
    const told: Told = {
      file: request.file.name,
      proof: request.proof,
      answer: verified.answer,
      members: verified.contents?.members ?? null,
      trusted: this.trusted,
    };
    showResult(this.#result, told, this.tongue.speech);
    this.#showContents();
  }

  #showContents(): void {
    if (this.outcome.kind !== "verified") return;
    const { speech, languages } = this.tongue;
    if (this.#view === null) {
      this.#contents.replaceChildren(h("p", {}, speech.t("page.not_shown")));
    } else if (this.#isOpen) {
      showArchive(this.#contents, this.#view, { language: speech.language, ...languages, isVerdictTold: true });
    } else {
      this.#contents.replaceChildren(button({}, () => this.#open(), speech.t("page.show_contents")));
    }
  }

  #open(): void {
    this.#isOpen = true;
    this.#showContents();
  }
}

/** What the viewer shows of an archive; null where nothing may be shown. */
function viewed(outcome: Outcome): View | null {
  const contents = outcome.kind === "verified" ? outcome.verified.contents : null;
  if (outcome.kind !== "verified" || contents === null) return null;
  return {
    file: outcome.request.file.name,
    answer: outcome.verified.answer,
    records: contents.records,
    sound: (exhibit) => sound(contents, exhibit),
  };
}

async function trusted({ certificates, fingerprints }: Trust): Promise<Trusted[]> {
  const typed = fingerprints.map((sha256) => ({ file: null, sha256 }));
  const read = certificates.flatMap(({ file, der }) => der.map(async (one) => ({ file, sha256: await digest(one) })));
  return [...typed, ...(await Promise.all(read))];
}

async function digest(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
