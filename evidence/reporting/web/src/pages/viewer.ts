/** The page that `evidence report --html` writes: one archive, with everything in this file. */

import type { Answer, Record_, Sound, SoundFacts, Texts, View } from "../answer";
import { carried } from "../carried";
import { type Languages, Speech } from "../texts";
import { button, h } from "../viewer/dom";
import { showArchive } from "../viewer/viewer";
import { visible } from "../visible";
import { utc } from "../wording";

/** What the program has put into the page. */
interface Data {
  file: string;
  version: string;
  made: string;
  language: string;
  answer: Answer;
  records: Record_[];
  sounds: Record<string, SoundFacts & { type?: string }>;
}

/** A language that the program itself doesn't speak. */
interface Further {
  language: string;
  plurals: string;
  texts: Texts[string];
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
    pieces.push(bytesOf(block.textContent ?? ""));
    block.remove();
  }
  return new Blob(pieces, { type });
}

/** Bytes of base64. A loop: for millions of bytes it takes a tenth of the time. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const decoded = atob(text);
  const bytes = new Uint8Array(decoded.length);
  for (let at = 0; at < decoded.length; at++) bytes[at] = decoded.charCodeAt(at);
  return bytes;
}

function json(id: string): unknown {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** The languages of every page, and the report's own. */
function languages(): Languages {
  const own = carried(document);
  const further = json("language") as Further | null;
  if (!further) return own;
  const { language, plurals, texts } = further;
  return { texts: { ...own.texts, [language]: texts }, plurals: { ...own.plurals, [language]: plurals } };
}

/** What this page is and isn't, and how to check the archive itself. */
function about(data: Data, speech: Speech): HTMLElement {
  const file = data.file;
  const ways = ["program", "browser", "hand"].map((way) => h("li", {}, speech.words(`viewer.check_${way}`, { file })));
  return h(
    "aside",
    { class: "about", "aria-labelledby": "check-yourself" },
    h("h2", { id: "check-yourself", tabindex: "-1" }, speech.t("viewer.check_how")),
    h("p", {}, speech.words("viewer.check_yourself", { file })),
    h("ul", {}, ...ways),
    h("p", {}, speech.t("viewer.check_compare")),
    h("p", { class: "made" }, speech.words("viewer.made", { version: data.version, time: utc(data.made) })),
  );
}

function choice(known: Languages, speech: Speech, show: (language: string) => void): HTMLElement {
  const options = Object.keys(known.texts).map((language) =>
    h("option", { value: language, lang: language }, new Speech(language, known).t("viewer.language_name")),
  );
  const select = h("select", {}, ...options);
  select.value = speech.language;
  select.addEventListener("change", () => {
    show(select.value);
    document.querySelector<HTMLSelectElement>(".page-head select")?.focus();
  });
  return h("label", {}, speech.t("viewer.language"), " ", select);
}

function start(page: HTMLElement, data: Data, known: Languages): void {
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
  const foot = h("div", { class: "page-foot" });
  page.replaceChildren(head, root, foot);
  const show = (language: string) => {
    const speech = new Speech(language, known);
    document.documentElement.lang = language;
    document.title = speech.words("viewer.title", { file: data.file });
    const tools = [choice(known, speech, show), button({}, () => window.print(), speech.t("viewer.print"))];
    head.replaceChildren(
      h("h1", {}, h("small", {}, speech.t("viewer.heading")), " ", visible(data.file)),
      h("div", { class: "page-tools" }, ...tools),
      h(
        "p",
        { class: "caution" },
        h("strong", {}, speech.t("viewer.proves_nothing")),
        ` ${speech.words("viewer.result_of", { time: utc(data.made) })} `,
        h("a", { href: "#check-yourself" }, speech.t("viewer.check_how")),
      ),
    );
    showArchive(root, view, { language, ...known });
    foot.replaceChildren(about(data, speech));
  };
  show(data.language);
}

const place = document.getElementById("page");
const data = json("archive") as Data | null;
if (place && data) start(place, data, languages());
else if (place) place.textContent = new Speech("en", languages()).t("viewer.broken");
