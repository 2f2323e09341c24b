/** On paper everything is open, drawn and as wide as the page. */

import type { RecordingCard } from "./recording";

/** Prepare each printing, until `stop` is aborted. */
export function printsWhole(cards: RecordingCard[], stop: AbortSignal): void {
  let closed: HTMLDetailsElement[] = [];
  const before = () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>(".archive details:not([open])")];
    for (const part of closed) part.open = true;
    for (const card of cards) card.prepareForPaper();
  };
  const after = () => {
    for (const part of closed) part.open = false;
    closed = [];
    for (const card of cards) card.backFromPaper();
  };
  window.addEventListener("beforeprint", before, { signal: stop });
  window.addEventListener("afterprint", after, { signal: stop });
}
