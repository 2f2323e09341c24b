/** Elements made without markup: text goes in as text alone. */

export type Child = Node | string | null | undefined | false;

export interface Props {
  /** Attributes; true stands for an empty value, false and undefined leave one out. */
  [attribute: string]: string | number | boolean | undefined;
}

/** An element with attributes and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  decorate(element, props);
  element.append(...kept(children));
  return element;
}

/** The same in SVG. */
export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag) as SVGElement;
  decorate(element, props);
  element.append(...kept(children));
  return element;
}

/** A button that does something. */
export function button(props: Props, act: () => void, ...children: Child[]): HTMLButtonElement {
  const made = h("button", { type: "button", ...props }, ...children);
  made.addEventListener("click", act);
  return made;
}

/** Put an element at a place on a line: fractions of its length. */
export function placeAt(element: HTMLElement, start: number, width?: number): void {
  element.style.left = `${(clamp(start) * 100).toFixed(4)}%`;
  if (width !== undefined) element.style.width = `${(Math.min(clamp(width), 1 - clamp(start)) * 100).toFixed(4)}%`;
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : 0));
}

function decorate(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
}

function kept(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
}
