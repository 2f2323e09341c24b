/** Paths from a certificate to one that the verifier trusts (FORMAT.md, "Trust"). */

import { Unsupported } from "./algorithms";
import { type Bytes, equal } from "./bytes";
import { MalformedDer } from "./der";
import { sha256Hex } from "./digest";
import { Broken } from "./publickeys";
import type { Anchors } from "./verify";
import {
  BASIC_CONSTRAINTS,
  type Certificate,
  EXTENDED_KEY_USAGE,
  KEY_USAGE,
  SUBJECT_KEY_ID,
  TIME_STAMPING,
  checkIssuedBy,
  isOnlyForTimeStamps,
  isSelfIssued,
  mayIssue,
  maySign,
  parseCertificate,
} from "./x509";

export type Purpose = "seal" | "timestamp";
export type TrustStatus = "unknown" | "unusable" | "expired" | "not_yet_valid" | "trusted";

/** The best path that was found. */
export interface ChainResult {
  status: TrustStatus;
  /** Whether the anchor is the certificate itself. */
  isDirect: boolean;
  /** The earliest end of validity on the path; that of the certificate where there is none. */
  validUntil: number;
  /** Why it is unusable, in English. */
  reason: string;
}

interface Path {
  certificates: readonly Certificate[];
  /** Why a signature on it can't be checked. */
  reason: string;
}

const MAX_LENGTH = 8;
const MAX_SIGNATURES = 256;
const WORST_FIRST: readonly TrustStatus[] = ["unknown", "unusable", "expired", "not_yet_valid", "trusted"];
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  SUBJECT_KEY_ID,
  "2.5.29.35", // authorityKeyIdentifier
  "2.5.29.17", // subjectAltName
  "2.5.29.18", // issuerAltName
  "2.5.29.31", // cRLDistributionPoints
  "2.5.29.32", // certificatePolicies
  "1.3.6.1.5.5.7.1.3", // qcStatements
]);
/** Purposes of which a certificate for seals must have another. */
const OTHER_JOBS: ReadonlySet<string> = new Set([
  TIME_STAMPING,
  "1.3.6.1.5.5.7.3.1", // serverAuth
  "1.3.6.1.5.5.7.3.3", // codeSigning
  "1.3.6.1.5.5.7.3.9", // OCSPSigning
]);
const ANY_PURPOSE = "2.5.29.37.0";

/**
 * Judge the best path to an anchor.
 *
 * @param others certificates that stood beside it, untrusted.
 * @param at the time to judge for.
 */
export async function judgeTrust(
  leaf: Certificate,
  others: readonly Certificate[],
  anchors: Anchors,
  at: number,
  purpose: Purpose,
): Promise<ChainResult> {
  let best: ChainResult = { status: "unknown", isDirect: false, validUntil: leaf.notAfter, reason: "" };
  for (const path of await new Search(anchors, others).paths(leaf)) {
    const result = judgePath(path, at, purpose);
    if (isBetter(result, best)) best = result;
  }
  return best;
}

function isBetter(one: ChainResult, other: ChainResult): boolean {
  const [a, b] = [one, other].map(({ status }) => WORST_FIRST.indexOf(status)) as [number, number];
  if (a !== b) return a > b;
  return one.isDirect === other.isDirect ? one.validUntil > other.validUntil : one.isDirect;
}

class Search {
  readonly #pool: Certificate[];
  readonly #trusted: ReadonlySet<string>;
  readonly #found: Path[] = [];
  #signatures = 0;

  constructor(anchors: Anchors, others: readonly Certificate[]) {
    const all = [...readable(anchors.certificates), ...others];
    this.#pool = [...new Map(all.map((one) => [one.sha256, one])).values()];
    this.#trusted = new Set([...anchors.certificates.map(sha256Hex), ...anchors.fingerprints]);
  }

  /** The paths to an anchor, depth first. */
  async paths(leaf: Certificate): Promise<Path[]> {
    await this.#extend({ certificates: [leaf], reason: "" });
    return this.#found;
  }

  async #extend(path: Path): Promise<void> {
    const last = path.certificates.at(-1)!;
    if (this.#trusted.has(last.sha256)) this.#found.push(path);
    if (path.certificates.length === MAX_LENGTH) return;
    for (const issuer of this.#pool) {
      const isNew = !path.certificates.some(({ sha256 }) => sha256 === issuer.sha256);
      if (isNew && equal(issuer.subject, last.issuer)) await this.#through(path, last, issuer);
    }
  }

  async #through(path: Path, last: Certificate, issuer: Certificate): Promise<void> {
    this.#signatures += 1;
    if (this.#signatures > MAX_SIGNATURES) return;
    let { reason } = path;
    try {
      await checkIssuedBy(last, issuer);
    } catch (error) {
      if (error instanceof Broken || error instanceof MalformedDer) return;
      if (!(error instanceof Unsupported)) throw error;
      reason ||= error.message;
    }
    await this.#extend({ certificates: [...path.certificates, issuer], reason });
  }
}

function readable(ders: readonly Uint8Array[]): Certificate[] {
  return ders.flatMap((der) => {
    try {
      return [parseCertificate(new Uint8Array(der) as Bytes)];
    } catch (error) {
      if (error instanceof MalformedDer) return [];
      throw error;
    }
  });
}

function judgePath({ certificates, reason }: Path, at: number, purpose: Purpose): ChainResult {
  const why = reason || whyUnusable(certificates, purpose);
  return {
    status: why ? "unusable" : statusInTime(certificates, at),
    isDirect: certificates.length === 1,
    validUntil: Math.min(...certificates.map(({ notAfter }) => notAfter)),
    reason: why,
  };
}

function statusInTime(certificates: readonly Certificate[], at: number): TrustStatus {
  if (certificates.some(({ notBefore }) => notBefore > at)) return "not_yet_valid";
  return certificates.some(({ notAfter }) => notAfter < at) ? "expired" : "trusted";
}

/** Rules 4, 5 and 6. */
function whyUnusable(path: readonly Certificate[], purpose: Purpose): string {
  for (const { extensions } of path) {
    const unknown = [...extensions.values()].filter(({ oid, isCritical }) => isCritical && !KNOWN_EXTENSIONS.has(oid));
    if (unknown.length) return `critical extension ${unknown.map(({ oid }) => oid).sort()[0]}`;
  }
  const [leaf, ...issuers] = path as [Certificate, ...Certificate[]];
  if (!fits(leaf, purpose)) return "the certificate isn't for this purpose";
  let below = 0n;
  for (const issuer of issuers) {
    const why = whyNoIssuer(issuer, below, purpose);
    if (why) return why;
    if (!isSelfIssued(issuer)) below += 1n;
  }
  return "";
}

function fits(leaf: Certificate, purpose: Purpose): boolean {
  return maySign(leaf) && (purpose === "timestamp" ? isOnlyForTimeStamps(leaf) : maySeal(leaf));
}

/** An empty extended key usage names no other job than these, so it doesn't do. */
function maySeal({ purposes }: Certificate): boolean {
  return purposes === null || purposes.some((purpose) => !OTHER_JOBS.has(purpose));
}

function whyNoIssuer(issuer: Certificate, below: bigint, purpose: Purpose): string {
  if (!mayIssue(issuer)) return "an issuer that isn't a certification authority";
  if (issuer.pathLength !== null && below > issuer.pathLength) return "a longer path than an issuer allows";
  if (purpose === "seal") return maySeal(issuer) ? "" : "an issuer that isn't for seals";
  const isFit = issuer.purposes?.some((one) => one === TIME_STAMPING || one === ANY_PURPOSE) ?? true;
  return isFit ? "" : "an issuer that isn't for time stamping";
}
