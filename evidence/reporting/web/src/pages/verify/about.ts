/** What stands around the form: what the page is, and what a reader should know before relying on it. */

import { Speech } from "../../texts";
import { button, h } from "../../viewer/dom";
import type { Tongue } from "./tongue";

/** Title, language and the first sentences. */
export function head(tongue: Tongue): HTMLElement {
  return h(
    "header",
    { class: "own" },
    h("div", { class: "bar" }, h("h1", {}, tongue.text("page.title")), languages(tongue)),
    h("p", { class: "lead" }, tongue.text("page.lead")),
    h("p", { class: "lead" }, tongue.text("page.offline")),
  );
}

function languages(tongue: Tongue): HTMLElement {
  const of = (language: string) => {
    const name = new Speech(language, tongue.languages).t("page.language_name");
    const made = button({ lang: language, class: "quiet" }, () => tongue.choose(language), name);
    tongue.follow(() => made.setAttribute("aria-pressed", String(tongue.speech.language === language)));
    return made;
  };
  const group = h("div", { class: "languages", role: "group" }, ...Object.keys(tongue.languages.texts).map(of));
  tongue.follow(() => group.setAttribute("aria-label", tongue.speech.t("page.language")));
  return group;
}

/** How to make sure of the page itself, and what it can't do. */
export function about(tongue: Tongue): HTMLElement {
  const paragraph = (name: string) => h("p", {}, tongue.text(name));
  const command = (system: string, text: string) =>
    h("div", {}, h("dt", {}, tongue.text(system)), h("dd", {}, h("code", {}, text)));
  return h(
    "section",
    { class: "about own", "aria-labelledby": "about-title" },
    h("h2", { id: "about-title" }, tongue.text("page.about")),
    paragraph("page.about_party"),
    paragraph("page.about_compare"),
    h(
      "dl",
      { class: "commands" },
      command("page.on_windows", "Get-FileHash -Algorithm SHA256 .\\verify.html"),
      command("page.on_linux", "sha256sum verify.html"),
      command("page.on_mac", "shasum -a 256 verify.html"),
    ),
    paragraph("page.about_same"),
    paragraph("page.about_trust"),
    paragraph("page.about_other_ways"),
  );
}
