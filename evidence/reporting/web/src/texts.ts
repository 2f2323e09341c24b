/** Messages in the reader's language, from the catalogues that the page carries (evidence.messages). */

import type { Texts } from "./answer";

export type Values = Record<string, string | number>;

/** The message `area.name` with its values filled in; untrusted values must have gone through `visible`. */
export type Say = (name: string, values?: Values) => string;

/** Languages that the program speaks; what a further one lacks is said in English. */
export const LANGUAGES = ["en", "uk"] as const;

type Rule = (n: number) => string;

function slavic(n: number, one: boolean): string {
  if (one) {
    return "one";
  }
  const unit = n % 10;
  const teen = n % 100 >= 12 && n % 100 <= 14;
  return unit >= 2 && unit <= 4 && !teen ? "few" : "many";
}

/** The rules of evidence.messages.PLURAL_RULES, by the same names. */
const RULES: Record<string, Rule> = {
  english: (n) => (n === 1 ? "one" : "other"),
  french: (n) => (n === 0 || n === 1 ? "one" : "other"),
  polish: (n) => slavic(n, n === 1),
  ukrainian: (n) => slavic(n, n % 10 === 1 && n % 100 !== 11),
  none: () => "other",
};

/** Names of the plural rules of LANGUAGES. */
export const PLURALS: Record<string, string> = { en: "english", uk: "ukrainian" };

/**
 * What says messages in a language.
 *
 * @param plurals name of each language's rule
 */
export function saying(language: string, texts: Texts, plurals: Record<string, string> = PLURALS): Say {
  return (name, values = {}) => {
    const dot = name.indexOf(".");
    const [area, key] = [name.slice(0, dot), name.slice(dot + 1)];
    const own = texts[language]?.[area]?.[key];
    const message = own ?? texts["en"]?.[area]?.[key];
    if (message === undefined) {
      throw new Error(`no message ${name}`);
    }
    const rule = RULES[plurals[own === undefined ? "en" : language] ?? "english"];
    return filled(typeof message === "string" ? message : form(message, rule, values), values);
  };
}

/** The form for a number; by the English rule where the text is English for want of another. */
function form(forms: Record<string, string>, rule: Rule | undefined, values: Values): string {
  const n = Number(values["n"]);
  return forms[rule?.(n) ?? "other"] ?? forms[n === 1 ? "one" : "other"] ?? "";
}

/** A template of Python's str.format, as far as the catalogues use it: names, and doubled braces. */
function filled(template: string, values: Values): string {
  return template.replace(/\{\{|\}\}|\{([A-Za-z0-9_]+)\}/g, (found, name: string | undefined) => {
    if (name === undefined) {
      return found.charAt(0);
    }
    const value = values[name];
    if (value === undefined) {
      throw new Error(`no value ${name}`);
    }
    return String(value);
  });
}

/** The catalogues that the page carries in `<script id="texts">`. */
export function carriedTexts(page: Document): Texts {
  return JSON.parse(page.getElementById("texts")?.textContent ?? "{}") as Texts;
}
