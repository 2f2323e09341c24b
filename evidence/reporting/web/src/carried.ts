/** What every page carries: the catalogues in `<script id="texts">`. */

import type { Texts } from "./answer";
import type { Languages } from "./texts";

/** Plural rules of the languages that the program speaks (evidence.messages.plural_rule). */
const PLURALS: Record<string, string> = { en: "english", uk: "ukrainian" };

/** The catalogues of the page, and the rules for its numbers. */
export function carried(page: Document): Languages {
  return { texts: JSON.parse(page.getElementById("texts")?.textContent ?? "{}") as Texts, plurals: PLURALS };
}
