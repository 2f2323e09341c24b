/** Untrusted text made harmless before anyone sees it: the rule of evidence/text.py. */

const HIDDEN = /[\p{C}\p{Z}]/u;

/**
 * Text with control, bidirectional, invisible and unassigned characters written as `\u{…}`, and a backslash doubled.
 *
 * The result is one line and can't turn the direction of what stands beside it.
 */
export function visible(text: string): string {
  let shown = "";
  for (const character of text) {
    if (character === "\\") shown += "\\\\";
    else if (character !== " " && HIDDEN.test(character)) shown += `\\u{${character.codePointAt(0)!.toString(16)}}`;
    else shown += character;
  }
  return shown;
}

/** Untrusted text of several lines; each of them visible. */
export function visibleLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/u).map(visible);
}

/** Untrusted text as it can stand in a sentence: in one line, cut where it is too long. */
export function short(text: string, longest = 60): string {
  const told = [...visible(text.split(/\s+/u).filter(Boolean).join(" "))];
  return told.length <= longest ? told.join("") : `${told.slice(0, longest - 1).join("")}…`;
}

/** A file's name as it stands in a record: text, or base64 of bytes that aren't UTF-8. Not visible yet. */
export function fileName(given: unknown): string {
  if (typeof given === "string") return given;
  const encoded = (given as { name_base64?: unknown } | null)?.name_base64;
  return typeof encoded === "string" ? fromBytes(Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0))) : "";
}

/** Bytes as UTF-8; each that isn't becomes a lone surrogate, as in PEP 383. */
function fromBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let name = "";
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && decodes(decoder, bytes.subarray(at, at + n)));
    name += length ? decoder.decode(bytes.subarray(at, at + length)) : String.fromCharCode(0xdc00 + bytes[at]!);
    at += length ?? 1;
  }
  return name;
}

function decodes(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
