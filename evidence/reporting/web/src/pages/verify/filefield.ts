/** A field for files: chosen or dropped, listed with a way to take each out again. */

import { button, h } from "../../viewer/dom";
import { visible } from "../../visible";
import { Refused } from "./refused";
import type { Tongue } from "./tongue";

export interface FileFieldOptions {
  id: string;
  /** Names of messages. */
  label: string;
  hint: string;
  /** The command line's option that says the same. */
  option?: string;
  multiple?: boolean;
  /** Whether it is a wide place to drop files on. */
  wide?: boolean;
}

export class FileField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  #files: File[] = [];
  readonly #list = h("ul", { class: "chosen" });

  /** @param changed called when files were put in or taken out. */
  constructor(
    private readonly tongue: Tongue,
    private readonly options: FileFieldOptions,
    private readonly changed: () => void = () => undefined,
  ) {
    const { id, label, hint, option, multiple, wide } = options;
    this.input = h("input", { id, type: "file", class: "file-input", multiple, "aria-describedby": `${id}-hint ${id}-list` });
    this.#list.id = `${id}-list`;
    this.input.addEventListener("change", () => {
      this.put([...(this.input.files ?? [])]);
      this.input.value = ""; // so that the same file can be chosen again
    });
    this.element = h(
      "div",
      { class: wide ? "field drop" : "field" },
      this.input,
      h("label", { for: id, class: "file-label" }, tongue.text(label)),
      option ? h("code", { class: "option" }, option) : null,
      h("p", { id: `${id}-hint`, class: "hint" }, tongue.text(hint)),
      this.#list,
    );
    tongue.follow(() => this.#show());
  }

  get files(): readonly File[] {
    return this.#files;
  }

  /** Take files in: to those that are there, or instead of the one. */
  put(files: readonly File[]): void {
    if (files.length === 0) return;
    const kept = this.options.multiple ? this.#files.filter((one) => !files.some((other) => same(one, other))) : [];
    this.#files = this.options.multiple ? [...kept, ...files] : files.slice(-1);
    this.#show();
    this.changed();
  }

  /** Take all files out. */
  clear(): void {
    this.#files = [];
    this.#show();
  }

  #show(): void {
    this.#list.replaceChildren(...this.#files.map((file) => this.#item(file)));
    this.#list.hidden = this.#files.length === 0;
  }

  #item(file: File): HTMLElement {
    const name = visible(file.name);
    const label = this.tongue.speech.t("page.take_out", { file: name });
    const out = button({ class: "quiet", "aria-label": label, title: label }, () => this.#remove(file), "×");
    return h("li", {}, h("span", { class: "name" }, name), h("span", { class: "size" }, size(file.size)), out);
  }

  #remove(file: File): void {
    this.#files = this.#files.filter((one) => one !== file);
    this.#show();
    this.changed();
    this.input.focus();
  }
}

function same(one: File, other: File): boolean {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

/** A file's size, in the units that file managers show. */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/**
 * The files of something that was dropped.
 *
 * @throws Refused a folder is among them.
 */
export function dropped(transfer: DataTransfer): File[] {
  for (const item of transfer.items) {
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) throw new Refused("page.folder", "page.folder_hint", { name: entry.name });
  }
  return [...transfer.files];
}
