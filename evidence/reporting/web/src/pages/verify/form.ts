/** What the reader brings: archives, and everything that must not come from them. */

import type { Options } from "../../verifier/verify";
import { h } from "../../viewer/dom";
import { asOf } from "./asof";
import { FileField } from "./filefield";
import { Refused } from "./refused";
import type { Tongue } from "./tongue";
import { certificates, fingerprints } from "./trust";

/** Longest sidecar and checkpoint (FORMAT.md); one byte more is read, so that a longer one is refused for what it is. */
const SIDECAR = 4 * 1024 * 1024;
const CHECKPOINT = 64 * 1024;

/** Whom the reader trusts, as they gave it. */
export interface Trust {
  certificates: { file: string; der: Uint8Array<ArrayBuffer>[] }[];
  fingerprints: string[];
}

export interface Request {
  file: File;
  /** Name of the file with its later proofs; null for none. */
  proof: string | null;
  trust: Trust;
  options: Options;
}

export class Form {
  readonly element: HTMLFormElement;
  readonly archive: FileField;
  readonly submit = h("button", { type: "submit", class: "main" });
  readonly #certificate: FileField;
  readonly #proof: FileField;
  readonly #register: FileField;
  readonly #checkpoint: FileField;
  readonly #tsa: FileField;
  readonly #fingerprint: HTMLTextAreaElement;
  readonly #tsaFingerprint: HTMLTextAreaElement;
  readonly #at = h("input", { id: "at", type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": "at-hint" });
  readonly #complete = h("input", { id: "complete", type: "checkbox", "aria-describedby": "complete-hint" });
  readonly #more = h("details", { class: "more" });

  constructor(private readonly tongue: Tongue) {
    const field = (id: string, option: string, multiple = false) =>
      new FileField(tongue, { id, label: `page.field_${id}`, hint: `page.field_${id}_hint`, option, multiple });
    this.archive = new FileField(
      tongue,
      { id: "archive", label: "page.field_archive", hint: "page.field_archive_hint", multiple: true, wide: true },
      () => this.submit.focus(),
    );
    this.#certificate = field("certificate", "--trust", true);
    this.#proof = field("proof", "--proof", true);
    this.#register = field("register", "--register");
    this.#checkpoint = field("checkpoint", "--checkpoint");
    this.#tsa = field("tsa", "--trust-tsa", true);
    this.#fingerprint = lines("fingerprint");
    this.#tsaFingerprint = lines("tsa-fingerprint");
    this.submit.append(tongue.text("page.verify"));
    this.element = h("form", { class: "own", novalidate: true }, ...this.#parts());
  }

  #parts(): HTMLElement[] {
    const { tongue } = this;
    this.#more.append(
      h("summary", {}, tongue.text("page.more")),
      h(
        "div",
        { class: "columns" },
        h("div", {}, this.#tsa.element, this.#labelled("tsa-fingerprint", this.#tsaFingerprint, "--trust-tsa")),
        h("div", {}, this.#proof.element, this.#register.element, this.#checkpoint.element),
        h("div", {}, this.#labelled("at", this.#at, "--at"), this.#completeField()),
      ),
    );
    return [
      this.#group("page.group_archive", null, this.archive.element),
      this.#group(
        "page.group_signer",
        "page.group_signer_hint",
        h(
          "div",
          { class: "columns" },
          this.#labelled("fingerprint", this.#fingerprint, "--trust"),
          this.#certificate.element,
        ),
      ),
      this.#more,
      h("div", { class: "act" }, this.submit),
    ];
  }

  #group(title: string, hint: string | null, ...children: HTMLElement[]): HTMLElement {
    const told = hint ? h("p", { class: "hint" }, this.tongue.text(hint)) : null;
    return h("fieldset", {}, h("legend", {}, this.tongue.text(title)), told, ...children);
  }

  #labelled(id: string, input: HTMLElement, option: string): HTMLElement {
    const name = `page.field_${id.replace("-", "_")}`;
    return h(
      "div",
      { class: "field" },
      h("label", { for: id }, this.tongue.text(name)),
      h("code", { class: "option" }, option),
      input,
      h("p", { id: `${id}-hint`, class: "hint" }, this.tongue.text(`${name}_hint`)),
    );
  }

  #completeField(): HTMLElement {
    const label = h("label", { for: "complete" }, this.tongue.text("page.field_complete"));
    const hint = h("p", { id: "complete-hint", class: "hint" }, this.tongue.text("page.field_complete_hint"));
    return h("div", { class: "field check" }, this.#complete, label, h("code", { class: "option" }, "--require complete"), hint);
  }

  /** Sort files that were dropped beside the fields into them, by their names. */
  sort(files: readonly File[]): void {
    const proofs = files.filter((file) => /\.proof$/iu.test(file.name));
    const signers = files.filter((file) => /\.(pem|crt|cer|der)$/iu.test(file.name));
    if (proofs.length > 0) this.#more.open = true;
    this.#proof.put(proofs);
    this.#certificate.put(signers);
    this.archive.put(files.filter((file) => !proofs.includes(file) && !signers.includes(file)));
  }

  /** The field whose place something was dropped on. */
  at(target: EventTarget | null): FileField | undefined {
    const fields = [this.archive, this.#certificate, this.#proof, this.#register, this.#checkpoint, this.#tsa];
    return fields.find((field) => target instanceof Node && field.element.contains(target));
  }

  /** Show a field that is to be mended. */
  reveal(id: string): void {
    const found = document.getElementById(id);
    if (found !== null && this.#more.contains(found)) this.#more.open = true;
    found?.focus();
  }

  /**
   * One request for each archive.
   *
   * @param now the host's clock, milliseconds since 1970
   * @throws Refused something is missing or isn't what it should be.
   * @throws DOMException a file can't be read.
   */
  async requests(now: number): Promise<Request[]> {
    const archives = this.archive.files;
    if (archives.length === 0) throw new Refused("page.no_archive", "page.no_archive_hint");
    const trust = await trusted(this.#fingerprint, this.#certificate);
    const common = {
      anchors: anchors(trust),
      tsaAnchors: anchors(await trusted(this.#tsaFingerprint, this.#tsa)),
      now,
      requireComplete: this.#complete.checked,
      ...(this.#at.value.trim() === "" ? {} : { at: asOf(this.#at.value, "at") }),
      ...(this.#register.files[0] ? { registerExport: this.#register.files[0] } : {}),
      ...(this.#checkpoint.files[0] ? { checkpoint: await read(this.#checkpoint.files[0], CHECKPOINT) } : {}),
    };
    const proofs = paired(archives, this.#proof.files);
    const request = async (file: File): Promise<Request> => {
      const proof = proofs.get(file);
      const options = proof ? { ...common, sidecar: await read(proof, SIDECAR) } : common;
      return { file, proof: proof?.name ?? null, trust, options };
    };
    return Promise.all(archives.map(request));
  }
}

function lines(id: string): HTMLTextAreaElement {
  return h("textarea", { id, rows: 2, autocomplete: "off", spellcheck: "false", autocapitalize: "none", "aria-describedby": `${id}-hint` });
}

async function trusted(typed: HTMLTextAreaElement, field: FileField): Promise<Trust> {
  const load = async (file: File) => ({ file: file.name, der: await certificates(file, field.input.id) });
  return {
    fingerprints: fingerprints(typed.value, typed.id),
    certificates: await Promise.all(field.files.map(load)),
  };
}

function anchors(trust: Trust): Options["anchors"] {
  return { certificates: trust.certificates.flatMap(({ der }) => der), fingerprints: new Set(trust.fingerprints) };
}

async function read(file: File, limit: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, limit + 1).arrayBuffer());
}

/** Each archive's later proofs: by name, or whatever it is called where there is one of each. */
function paired(archives: readonly File[], proofs: readonly File[]): Map<File, File> {
  const [archive, proof] = [archives[0], proofs[0]];
  if (archives.length === 1 && proofs.length === 1 && archive && proof) return new Map([[archive, proof]]);
  const pairs = new Map<File, File>();
  for (const one of proofs) {
    const its = archives.find((file) => one.name === `${file.name}.proof`);
    if (its === undefined) throw new Refused("page.proof_alone", "page.proof_alone_hint", { file: one.name }, "proof");
    pairs.set(its, one);
  }
  return pairs;
}
