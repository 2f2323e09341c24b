/** Ids that stay different where several archives are shown on one page. */

const REFERRING = ["id", "aria-labelledby", "for"];

/** Put a prefix before every id inside an element, and before what refers to one. */
export function prefixIds(root: HTMLElement, prefix: string): void {
  if (!prefix) return;
  for (const name of REFERRING) {
    for (const element of root.querySelectorAll(`[${name}]`)) element.setAttribute(name, prefix + element.getAttribute(name));
  }
  for (const link of root.querySelectorAll('a[href^="#"]')) link.setAttribute("href", `#${prefix}${link.getAttribute("href")!.slice(1)}`);
}
