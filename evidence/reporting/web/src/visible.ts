/** Untrusted text made harmless before anyone sees it: the rule of evidence/text.py. */

/** Control, format, surrogate, private and unassigned characters, separators of lines, and spaces but the space. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;
const PLAIN = /^[ -[\]-~]*$/;

/**
 * Text with control, bidirectional, invisible and unassigned characters written as `\u{…}`.
 *
 * The result is one line and can't turn the direction of what stands beside it. A backslash is doubled, so
 * that what is shown can be read back.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : Array.from(text, shown).join("");
}

function shown(character: string): string {
  if (character === "\\") {
    return "\\\\";
  }
  if (character !== " " && HIDDEN.test(character)) {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
  return character;
}
