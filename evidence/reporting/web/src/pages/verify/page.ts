/** The page: what it is, the form, how far it is, and the results. */

import { button, h } from "../../viewer/dom";
import { about, head } from "./about";
import { dropped } from "./filefield";
import { Form } from "./form";
import { Refused } from "./refused";
import { Report } from "./report";
import { Cancelled, run, type Outcome } from "./run";
import type { Tongue } from "./tongue";

export class VerifyPage {
  readonly #form: Form;
  readonly #bar = h("progress", { max: 1, value: 0, "aria-labelledby": "progress-text" });
  readonly #barText = h("p", { id: "progress-text" });
  readonly #progress = h("div", { class: "progress own", hidden: true });
  readonly #refusal = h("div", { class: "refusal", role: "alert" });
  readonly #spoken = h("p", { class: "spoken", role: "status" });
  readonly #results = h("div", { id: "results" });
  #reports: Report[] = [];
  #refused: Refused | null = null;
  /** Goes up with every run and with every stop: whoever holds an older number has been stopped. */
  #turn = 0;

  constructor(
    private readonly page: Document,
    private readonly tongue: Tongue,
  ) {
    this.#form = new Form(tongue);
    const stop = button({ class: "quiet" }, () => this.#stop(), tongue.text("page.cancel"));
    this.#progress.append(this.#barText, this.#bar, stop);
  }

  /** Put everything on the page, and listen. */
  open(): void {
    const { page, tongue } = this;
    const root = page.getElementById("page");
    root?.replaceChildren(
      head(tongue),
      h("main", {}, this.#form.element, this.#refusal, this.#progress, this.#spoken, this.#results),
      about(tongue),
    );
    tongue.follow(() => this.#say());
    this.#form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#verify();
    });
    if (!("subtle" in crypto) || !crypto.subtle) this.#refuse(new Refused("page.no_crypto", "page.no_crypto_hint"));
    page.addEventListener("dragover", (event) => this.#over(event));
    page.addEventListener("dragleave", () => page.body.classList.remove("dragging"));
    page.addEventListener("drop", (event) => this.#drop(event));
  }

  #over(event: DragEvent): void {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    this.page.body.classList.add("dragging");
  }

  /** A file dropped anywhere is taken, or the browser would open it in place of this page. */
  #drop(event: DragEvent): void {
    event.preventDefault();
    this.page.body.classList.remove("dragging");
    this.#refuse(null);
    try {
      const files = event.dataTransfer ? dropped(event.dataTransfer) : [];
      const field = this.#form.at(event.target);
      if (field && field !== this.#form.archive) field.put(files);
      else this.#form.sort(files);
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #verify(): Promise<void> {
    const turn = ++this.#turn;
    this.#refuse(null);
    this.#reports = [];
    this.#results.replaceChildren();
    try {
      const requests = await this.#form.requests(Date.now());
      for (const request of requests) {
        const outcome = await run(request, (done, total) => this.#advance(turn, request.file.name, done, total));
        await this.#add(outcome, turn, requests.length);
      }
      this.#finish();
    } catch (error) {
      if (!(error instanceof Cancelled)) this.#refuse(error);
    } finally {
      if (turn === this.#turn) this.#progress.hidden = true;
    }
  }

  async #add(outcome: Outcome, turn: number, count: number): Promise<void> {
    const report = await Report.of(outcome, this.tongue, count === 1);
    if (turn !== this.#turn) throw new Cancelled();
    this.#reports.push(report);
    this.#results.append(report.element);
  }

  #advance(turn: number, file: string, done: number, total: number): void {
    if (turn !== this.#turn) throw new Cancelled();
    const part = total > 0 ? done / total : 0;
    if (this.#progress.hidden) this.#announce("page.reading");
    this.#progress.hidden = false;
    this.#bar.value = part;
    this.#barText.textContent = this.tongue.speech.words("page.progress", { file, percent: Math.floor(part * 100) });
  }

  #finish(): void {
    this.#announce("page.done");
    this.#reports[0]?.focus();
  }

  #stop(): void {
    this.#turn++;
    this.#progress.hidden = true;
    this.#announce("page.cancelled");
    this.#form.submit.focus();
  }

  #announce(name: string): void {
    this.#spoken.textContent = this.tongue.speech.t(name);
  }

  #refuse(error: unknown): void {
    this.#refused = error === null ? null : asRefused(error);
    this.#say();
    if (this.#refused) this.#form.reveal(this.#refused.field);
  }

  /** Say again what depends on the language. */
  #say(): void {
    const { language, speech } = { language: this.tongue.speech.language, speech: this.tongue.speech };
    this.page.documentElement.lang = language;
    this.page.title = speech.t("page.title");
    const refused = this.#refused;
    this.#refusal.replaceChildren();
    if (refused) {
      const told = speech.words(refused.message_, refused.values);
      this.#refusal.append(h("p", {}, told), h("p", { class: "hint" }, speech.words(refused.hint, refused.values)));
    }
    for (const report of this.#reports) report.show();
  }
}

function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof DOMException) return new Refused("page.unreadable_other", "page.unreadable_hint");
  return new Refused("page.bug", "page.bug_hint", { reason: String(error) });
}
