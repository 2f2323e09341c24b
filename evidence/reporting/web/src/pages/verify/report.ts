/** One archive's part of the page: its name, its result or why there is none, and what it holds. */

import { sha256Hex } from "../../verifier/digest";
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
  readonly #result = h("div", { class: "result" });
  readonly #contents = h("section", { class: "contents" });
  #isOpen: boolean;

  private constructor(
    private readonly outcome: Outcome,
    private readonly trusted: Trusted[],
    private readonly tongue: Tongue,
    isOnly: boolean,
  ) {
    this.#isOpen = isOnly;
    const id = `report-${++count}`;
    this.#title = h("h2", { id, tabindex: -1 }, visible(outcome.request.file.name));
    this.element = h("article", { "aria-labelledby": id }, this.#title, this.#result, this.#contents);
    this.show();
  }

  /** @param isOnly whether it is the only archive: then what it holds is shown at once. */
  static async of(outcome: Outcome, tongue: Tongue, isOnly: boolean): Promise<Report> {
    return new Report(outcome, trusted(outcome.request.trust), tongue, isOnly);
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
    const { request, verified } = this.outcome;
    const { contents, answer } = verified;
    if (contents === null) {
      this.#contents.replaceChildren(h("p", {}, speech.t("page.not_shown")));
    } else if (this.#isOpen) {
      const view = { file: request.file.name, answer, records: contents.records, sound: (id: string) => sound(contents, id) };
      showArchive(this.#contents, view, { language: speech.language, ...languages });
    } else {
      this.#contents.replaceChildren(button({}, () => this.#open(), speech.t("page.show_contents")));
    }
  }

  #open(): void {
    this.#isOpen = true;
    this.#showContents();
  }
}

function trusted({ certificates, fingerprints }: Trust): Trusted[] {
  const files = certificates.flatMap(({ file, der }) => der.map((one) => ({ file, sha256: sha256Hex(one) })));
  return [...fingerprints.map((sha256) => ({ file: null, sha256 })), ...files];
}
