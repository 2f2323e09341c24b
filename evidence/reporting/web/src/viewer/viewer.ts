/** Shows one archive. The same for the page that `evidence report --html` writes and for verify.html. */

import type { Texts, View } from "../answer";

export interface Settings {
  language: string;
  texts: Texts;
  /** Names of the plural rules, by language (evidence.messages.PLURAL_RULES). */
  plurals: Record<string, string>;
}

/** Build the page's parts inside an element; what was in it before is removed. */
export function showArchive(_root: HTMLElement, _view: View, _settings: Settings): void {
  throw new Error("not built yet");
}
