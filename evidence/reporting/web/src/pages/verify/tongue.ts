/** Texts of the page that follow its language. */

import { Speech, type Languages, type Values } from "../../texts";

export class Tongue {
  speech: Speech;
  readonly #said: (() => void)[] = [];

  constructor(
    readonly languages: Languages,
    language: string,
  ) {
    this.speech = new Speech(language, languages);
  }

  /** A text that changes with the language. */
  text(name: string, values: Values = {}): Text {
    const made = document.createTextNode("");
    this.follow(() => (made.data = this.speech.t(name, values)));
    return made;
  }

  /** Do something now, and again whenever the language changes. */
  follow(act: () => void): void {
    this.#said.push(act);
    act();
  }

  /** Speak another language from now on. */
  choose(language: string): void {
    this.speech = new Speech(language, this.languages);
    for (const act of this.#said) act();
  }
}

/** The first of the reader's languages that the page speaks. */
export function preferred(spoken: string[], wanted: readonly string[]): string {
  for (const language of wanted) {
    const found = spoken.find((one) => language.toLowerCase().split("-")[0] === one);
    if (found !== undefined) return found;
  }
  return spoken[0] ?? "en";
}
