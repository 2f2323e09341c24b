/** Which classes of markers are shown. */

import type { Speech } from "../texts";
import { h } from "./dom";
import { className } from "./names";
import type { Archive, Marker } from "./records";
import type { State } from "./state";

/** Boxes to tick, one for each class that occurs; null where there is nothing to choose from. */
export function filterBar(archive: Archive, state: State, speech: Speech): HTMLElement | null {
  const markers = archive.of<Marker>("marker");
  const classes = new Map<string, Marker[]>();
  for (const marker of markers) classes.set(marker.class, [...(classes.get(marker.class) ?? []), marker]);
  if (!markers.length) return null;
  const boxes = [...classes].map(([code, found]) =>
    box(`${className(found[0]!, speech)} (${found.length})`, state.isClassShown(code), (on) => state.showClass(code, on)),
  );
  const withdrawn = markers.filter((marker) => marker.withdrawn).length;
  if (withdrawn) {
    const change = (on: boolean) => {
      state.showsWithdrawn = on;
      state.changed();
    };
    boxes.push(box(speech.t("viewer.filter_withdrawn", { n: withdrawn }), state.showsWithdrawn, change));
  }
  const count = h("output", { class: "count", "aria-live": "polite" });
  const tell = () => {
    const shown = markers.filter((marker) => state.isShown(marker)).length;
    count.textContent = speech.t("viewer.filter_shown", { n: shown, all: markers.length });
  };
  state.onFilter(tell);
  tell();
  return h("fieldset", { class: "filter" }, h("legend", {}, speech.t("viewer.filter")), ...boxes, count);
}

function box(label: string, isOn: boolean, change: (on: boolean) => void): HTMLElement {
  const input = h("input", { type: "checkbox", checked: isOn });
  input.addEventListener("change", () => change(input.checked));
  return h("label", {}, input, " ", label);
}
