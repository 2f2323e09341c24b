/** What the words for statements and the keys mean. */

import type { Speech } from "../texts";
import { h } from "./dom";
import { KINDS, badge, details } from "./names";

const KEYS = [
  ["Space, K", "play"],
  ["← →", "second"],
  ["Shift ← →", "five"],
  ["PgUp, PgDn", "ten"],
  ["Home, End", "ends"],
  ["N, P", "marker"],
  ["+ −", "zoom"],
] as const;

/** The five kinds of statement. */
export function legend(speech: Speech): HTMLElement {
  const rows = KINDS.map((kind) => h("div", {}, h("dt", {}, badge(kind, speech)), h("dd", {}, speech.t(`viewer.kind_${kind}`))));
  const part = details(speech.t("viewer.legend"), h("dl", { class: "kinds" }, ...rows));
  part.open = true;
  part.classList.add("legend");
  return part;
}

/** The keys that work inside a recording. */
export function keyboardHelp(speech: Speech): HTMLElement {
  const rows = KEYS.map(([keys, name]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, speech.t(`viewer.key_${name}`))));
  const part = details(speech.t("viewer.keys"), h("p", {}, speech.t("viewer.keys_where")), h("dl", { class: "keys" }, ...rows));
  part.classList.add("no-print");
  return part;
}
