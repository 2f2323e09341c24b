/** Messages in the reader's language, out of the catalogues of evidence/messages. */

import type { Texts } from "./answer";
import { visible } from "./visible";

export type Value = string | number;
export type Values = Record<string, Value>;
type Message = string | Record<string, string>;
type Form = "zero" | "one" | "few" | "many" | "other";

const FALLBACK = "en";
const VALUE = /\{(\w+)/gu;

/** The rules of evidence.messages.PLURAL_RULES (CLDR, whole numbers). */
const RULES: Record<string, (n: number) => Form> = {
  english: (n) => (n === 1 ? "one" : "other"),
  french: (n) => (n === 0 || n === 1 ? "one" : "other"),
  polish: (n) => (n === 1 ? "one" : isFew(n) ? "few" : "many"),
  ukrainian: (n) => (n % 10 === 1 && n % 100 !== 11 ? "one" : isFew(n) ? "few" : "many"),
  none: () => "other",
};

function isFew(n: number): boolean {
  return n % 10 >= 2 && n % 10 <= 4 && !(n % 100 >= 12 && n % 100 <= 14);
}

export interface Languages {
  texts: Texts;
  /** Names of the plural rules, by language. */
  plurals: Record<string, string>;
}

/** Says messages in one language; what that language lacks is said in English. */
export class Speech {
  readonly #languages: Languages;

  constructor(
    readonly language: string,
    languages: Languages,
  ) {
    this.#languages = languages;
  }

  /**
   * Whether there is a message `area.name` that needs no other values than those given.
   *
   * Names may end in codes out of an archive, which can say anything: also how another message is called.
   */
  has(name: string, ...given: string[]): boolean {
    const message = this.#find(name)?.message;
    if (message === undefined) return false;
    const forms = typeof message === "string" ? [message] : ["{n}", ...Object.values(message)];
    const wanted = forms.flatMap((form) => [...form.replaceAll("{{", "").matchAll(VALUE)]);
    return wanted.every((found) => given.includes(found[1]!));
  }

  /**
   * The message `area.name` with its values filled in, as they are: untrusted text must be visible already.
   *
   * A message with plural forms takes the one for the value `n`. A name without a message stands for itself.
   */
  t(name: string, values: Values = {}): string {
    const found = this.#find(name);
    return found === undefined ? name : fill(choose(found.message, found.rule, values), values);
  }

  /** The same with untrusted values, which are made visible. */
  words(name: string, values: Values): string {
    const shown = Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? visible(value) : value]);
    return this.t(name, Object.fromEntries(shown));
  }

  /** The message, or a code that this version has no words for. */
  known(name: string, code: string): string {
    return this.has(name) ? this.t(name) : visible(code);
  }

  #find(name: string): { message: Message; rule: string } | undefined {
    for (const language of [this.language, FALLBACK]) {
      const message = lookUp(this.#languages.texts, language, name);
      if (message !== undefined) return { message, rule: this.#languages.plurals[language] ?? "english" };
    }
    return undefined;
  }
}

function lookUp(texts: Texts, language: string, name: string): Message | undefined {
  const dot = name.indexOf(".");
  const area = own(own(texts, language), name.slice(0, dot));
  return own(area, name.slice(dot + 1));
}

/** A property of an object's own; names may come from an archive. */
function own<T>(of: Record<string, T> | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

function choose(message: Message, rule: string, values: Values): string {
  if (typeof message === "string") return message;
  const form = (RULES[rule] ?? RULES["english"]!)(Math.abs(Number(values["n"])));
  return message[form] ?? message["other"] ?? Object.values(message)[0] ?? "";
}

/** Fill in the fields of a `str.format` template without format specifications. */
function fill(template: string, values: Values): string {
  return template.replace(/\{\{|\}\}|\{([A-Za-z_]\w*)\}/gu, (found, name: string | undefined) =>
    name === undefined ? found[0]! : Object.hasOwn(values, name) ? String(values[name]) : found,
  );
}
