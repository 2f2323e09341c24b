/** The page that `evidence report --html` writes: one archive, with everything in this file. */

import type { Answer, Record_, Sound, SoundFacts, Texts, View } from "../answer";
import { Speech } from "../texts";
import { button, h } from "../viewer/dom";
import { showArchive } from "../viewer/viewer";
import { utc } from "../wording";
import "./viewer.css";

/** What the program has put into the page. */
interface Data {
  file: string;
  version: string;
  made: string;
  language: string;
  answer: Answer;
  records: Record_[];
  sounds: Record<string, SoundFacts & { type?: string }>;
  texts: Texts;
  plurals: Record<string, string>;
}

/** The sounds in the page; each is read once, when it is first wanted, and its text is then let go. */
class Sounds {
  readonly #blobs = new Map<string, Blob>();

  constructor(readonly known: Data["sounds"]) {}

  get(exhibit: string): Sound | null {
    const facts = this.about(exhibit);
    if (facts.kind === "none") return null;
    let blob = this.#blobs.get(exhibit);
    if (!blob) this.#blobs.set(exhibit, (blob = read(exhibit, facts.type ?? "")));
    return { kind: facts.kind, blob };
  }

  about(exhibit: string): SoundFacts & { type?: string } {
    return Object.hasOwn(this.known, exhibit) ? this.known[exhibit]! : { kind: "none" };
  }
}

function read(exhibit: string, type: string): Blob {
  const pieces: BlobPart[] = [];
  for (const block of document.querySelectorAll(`script[data-sound="${CSS.escape(exhibit)}"]`)) {
    pieces.push(Uint8Array.from(atob((block.textContent ?? "").trim()), (c) => c.charCodeAt(0)));
    block.remove();
  }
  return new Blob(pieces, { type });
}

function json(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "");
}

/** What this page is and isn't, and how to check the archive itself. */
function about(data: Data, speech: Speech): HTMLElement {
  const file = data.file;
  const ways = ["program", "browser", "hand"].map((way) => h("li", {}, speech.words(`viewer.check_${way}`, { file })));
  return h(
    "aside",
    { class: "about", "aria-label": speech.t("viewer.proves_nothing") },
    h("p", {}, h("strong", {}, speech.t("viewer.proves_nothing"))),
    h("p", {}, speech.words("viewer.check_yourself", { file })),
    h("ul", {}, ...ways),
    h("p", {}, speech.t("viewer.check_compare")),
    h("p", { class: "made" }, speech.words("viewer.made", { version: data.version, time: utc(data.made) })),
  );
}

function choice(data: Data, speech: Speech, show: (language: string) => void): HTMLElement {
  const options = Object.keys(data.texts).map((language) =>
    h("option", { value: language, lang: language }, new Speech(language, data).t("viewer.language_name")),
  );
  const select = h("select", {}, ...options);
  select.value = speech.language;
  select.addEventListener("change", () => {
    show(select.value);
    document.querySelector<HTMLSelectElement>(".page-head select")?.focus();
  });
  return h("label", {}, speech.t("viewer.language"), " ", select);
}

function start(data: Data): void {
  const sounds = new Sounds(data.sounds);
  const view: View = {
    file: data.file,
    answer: data.answer,
    records: data.records,
    sound: (exhibit) => Promise.resolve(sounds.get(exhibit)),
    about: (exhibit) => sounds.about(exhibit),
  };
  const root = h("main");
  const head = h("header", { class: "page-head" });
  const foot = h("footer", { class: "page-foot" });
  document.body.replaceChildren(head, root, foot);
  const show = (language: string) => {
    const speech = new Speech(language, data);
    document.documentElement.lang = language;
    document.title = speech.words("viewer.title", { file: data.file });
    head.replaceChildren(
      h("h1", {}, h("small", {}, speech.t("viewer.heading")), speech.words("show.label", { name: data.file }).replace(/:$/u, "")),
      h("div", { class: "page-tools" }, choice(data, speech, show), button({}, () => window.print(), speech.t("viewer.print"))),
    );
    showArchive(root, view, { language, texts: data.texts, plurals: data.plurals });
    foot.replaceChildren(about(data, speech));
  };
  show(data.language);
}

start(json("archive") as Data);
