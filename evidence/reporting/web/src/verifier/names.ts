/** Names of members: what each stands for, and in which order they stand (FORMAT.md, "Members" and step 2). */

export const MIMETYPE = "application/vnd.etsi.asic-e+zip";
export const MANIFEST = "manifest.json";
export const SUMS = "SHA256SUMS";
export const ASIC_MANIFEST = "META-INF/ASiCManifest001.xml";
export const SIGNATURE = "META-INF/signature001.p7s";
export const ENTRY = "META-INF/register-entry.json";
export const FIRST_PROOF = "META-INF/register-001.tlog-proof";

/** Members that every archive has, besides mimetype and what its lists name. */
export const REQUIRED = [MANIFEST, SUMS, "VERIFY.txt", ASIC_MANIFEST, SIGNATURE, ENTRY, FIRST_PROOF];

/** Kinds of members in the order in which they stand. Those of "evidence" are in an order of their own. */
const KINDS = [
  ["mimetype", /^mimetype$/],
  ["exhibit", /^exhibits\/E[1-9][0-9]{0,4}(\.[a-z0-9]{1,8})?$/],
  ["record", /^records\/r-[0-9a-f]{8}\.json$/],
  ["derived", /^(access\/.+|report\.pdf|report\.html)$/],
  ["manifest", /^manifest\.json$/],
  ["sums", /^SHA256SUMS$/],
  ["verify", /^VERIFY\.txt$/],
  ["asic", /^META-INF\/ASiCManifest001\.xml$/],
  ["signature", /^META-INF\/signature001\.p7s$/],
  ["entry", /^META-INF\/register-entry\.json$/],
  ["evidence", /^META-INF\/register-(?!000)0[0-9]{2}(\.tlog-proof|-token-[1-9]\.tsr|\.key-proof)$/],
  ["later", /^META-INF\/((ASiCManifest|ASiCArchiveManifest)[0-9]{3}\.xml|signature[0-9]{3}\.p7s|timestamp[0-9]{3}\.tst)$/],
] as const;

export type Kind = (typeof KINDS)[number][0];

const RANKS: ReadonlyMap<Kind, number> = new Map(KINDS.map(([kind], rank) => [kind, rank]));
const IN_BODY: ReadonlySet<Kind | null> = new Set<Kind>(["exhibit", "record", "derived", "manifest", "sums", "verify"]);
const REPEATED: ReadonlySet<Kind> = new Set<Kind>(["record", "derived"]);
const LATER_NUMBER = /^META-INF\/[A-Za-z]+([0-9]{3})\./;

/** Whether a member may have that name. */
export function isValid(name: string): boolean {
  if (name.length > 128 || !/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name)) return false;
  return !name.split("/").some((part) => part === "." || part === "..");
}

/** What a member of that name stands for; null where version 1 has no use for it. */
export function kindOf(name: string): Kind | null {
  if (!isValid(name)) return null;
  const kind = KINDS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  return kind === "later" && laterNumber(name) < firstLater(name) ? null : kind;
}

/** Whether ASiCManifest001.xml lists members of that name. */
export function isInBody(name: string): boolean {
  return IN_BODY.has(kindOf(name));
}

/** Whether version 1 recognises a member of that name, and doesn't check it. */
export function isUnchecked(name: string): boolean {
  return kindOf(name) === "later" || isKeyProof(name);
}

/** Number of the proof that a token is about; null for other names. */
export function tokenNumber(name: string): number | null {
  const found = kindOf(name) === "evidence" ? /-(0[0-9]{2})-token-/.exec(name) : null;
  return found && Number(found[1]);
}

/** `E1` of `exhibits/E1.wav`. */
export function exhibitId(name: string): string | null {
  return /^exhibits\/(E[0-9]+)/.exec(name)?.[1] ?? null;
}

function isKeyProof(name: string): boolean {
  return kindOf(name) === "evidence" && name.endsWith(".key-proof");
}

function laterNumber(name: string): number {
  return Number(LATER_NUMBER.exec(name)?.[1] ?? 0);
}

/** Pair 001 of manifest and signature is the archive's own. */
function firstLater(name: string): number {
  return /\/(ASiCManifest|signature)/.test(name) ? 2 : 1;
}

/** What is wrong with a name: its code and the name. */
export type Wrong = readonly [code: "MEMBER_EXTRA" | "MEMBER_ORDER", name: string];

/** The first thing wrong with an archive's names by themselves; null when nothing is. */
export function walk(names: readonly string[]): Wrong | null {
  const order = new Order();
  for (const name of names) {
    const kind = kindOf(name);
    if (kind === null) return ["MEMBER_EXTRA", name];
    if (!order.accepts(kind, name)) return ["MEMBER_ORDER", name];
  }
  return order.unpaired ? ["MEMBER_ORDER", order.unpaired] : null;
}

/** Where a walk over names stands, and what may come next. */
class Order {
  /** A later ASiCManifest whose signature hasn't come. */
  unpaired = "";
  #rank = -1;
  #exhibit = 0;
  // where proof 001 is missing, its tokens and key proof stand in order nevertheless
  #evidence: readonly string[] = [FIRST_PROOF, "META-INF/register-001-token-1.tsr", "META-INF/register-001.key-proof"];
  #pairs = 1;
  #archiveManifests = 0;
  #later: readonly string[] = this.#newLater();

  accepts(kind: Kind, name: string): boolean {
    const rank = RANKS.get(kind)!;
    const before = this.#rank;
    this.#rank = rank;
    if (rank < before) return false;
    if (kind === "exhibit") return this.#acceptsExhibit(name);
    if (kind === "evidence") return this.#acceptsEvidence(name);
    if (kind === "later") return this.#acceptsLater(name);
    return rank > before || REPEATED.has(kind);
  }

  #acceptsExhibit(name: string): boolean {
    const before = this.#exhibit;
    this.#exhibit = Number(exhibitId(name)!.slice(1));
    return this.#exhibit > before;
  }

  #acceptsEvidence(name: string): boolean {
    const isNext = this.#evidence.includes(name);
    const [, digits, token] = /-(0[0-9]{2})(?:-token-([1-9]))?\./.exec(name)!;
    const number = Number(digits);
    const next = `META-INF/register-${padded(number + 1)}.tlog-proof`;
    const begin = `META-INF/register-${padded(number)}`;
    const more = [`${begin}-token-${Number(token ?? 0) + 1}.tsr`, `${begin}.key-proof`];
    this.#evidence = isKeyProof(name) ? [next] : [next, ...more];
    return isNext;
  }

  #acceptsLater(name: string): boolean {
    if (!this.#later.includes(name)) return false;
    const isPair = name.includes("/ASiCManifest");
    const isArchiveManifest = name.includes("/ASiCArchiveManifest");
    if (isPair) this.#pairs += 1;
    if (isArchiveManifest) this.#archiveManifests += 1;
    this.unpaired = isPair ? name : "";
    if (isPair) this.#later = [`META-INF/signature${padded(this.#pairs)}.p7s`];
    else this.#later = [...this.#newLater(), ...(isArchiveManifest ? [this.#timestamp()] : [])];
    return true;
  }

  #newLater(): string[] {
    return [
      `META-INF/ASiCManifest${padded(this.#pairs + 1)}.xml`,
      `META-INF/ASiCArchiveManifest${padded(this.#archiveManifests + 1)}.xml`,
    ];
  }

  #timestamp(): string {
    return `META-INF/timestamp${padded(this.#archiveManifests)}.tst`;
  }
}

function padded(number: number): string {
  return String(number).padStart(3, "0");
}
