/** What the steps of a verification find and hand on to one another (FORMAT.md, "One damage, one finding"). */

import type { Finding, Json, Note, Params, Received } from "../answer";
import type { Bytes } from "./bytes";
import type { Head } from "./checkpoints";
import { sha256Hex } from "./digest";
import type { Entry } from "./entries";
import { RESULTS, ruleOf } from "./rules";
import type { ChainResult } from "./trust";
import type { Options } from "./verify";
import type { Certificate } from "./x509";
import type { Container, Member } from "./zip";

export interface Listed {
  id: string;
  sha256: string;
}

export interface ListedExhibit extends Listed {
  member: string;
}

/** manifest.json, as far as later steps need it. */
export interface Manifest {
  archive_id: string;
  origin: string;
  register_key: string;
  time_policy: "none" | "expected";
  records: Listed[];
  exhibits: ListedExhibit[];
}

/** The archive's signature, once its mathematics holds. */
export interface VerifiedSignature {
  signer: Certificate;
  /** The same in DER. */
  certificate: Bytes;
  /** Further certificates that stand in it and can be read; untrusted. */
  others: Certificate[];
}

/** What a certificate says of the signer; names are untrusted text. */
export interface SignerFacts {
  sha256: string;
  subject: string;
  issuer: string;
  /** Milliseconds since 1970, as every time here. */
  notBefore: number;
  notAfter: number;
}

export interface ProvenTime {
  time: number;
  accuracyMs: number;
  /** Subject of the authority's certificate; untrusted text. */
  authority: string;
  /** Name of the token, in the archive or in its sidecar. */
  token: string;
  inSidecar: boolean;
}

/** A token of a sidecar over a checkpoint that was taken over. */
export interface SideToken {
  name: string;
  data: Uint8Array;
  /** What it should stamp. */
  committed: Uint8Array;
}

interface Found {
  finding: Finding;
  /** Names of the members that it is about. */
  members: readonly string[];
}

export class State {
  readonly checks = new Map<number, number>();
  /** Steps that were done to their end. */
  readonly finished = new Set<number>();
  readonly notes: Note[] = [];
  /** Bytes of ASiCManifest001.xml; null where it is missing. */
  asic: Bytes | null = null;
  /** Name and digest (hexadecimal) of each member of the body; null where there is no list to go by. */
  listed: Map<string, string> | null = null;
  /** Digests of the members of the body that are as listed. */
  readonly digests = new Map<string, string>();
  signature: VerifiedSignature | null = null;
  signer: SignerFacts | null = null;
  manifest: Manifest | null = null;
  /** Documents by record id, without the bytes of files in them. */
  readonly records = new Map<string, { [key: string]: Json }>();
  entry: Entry | null = null;
  /** Authentic checkpoints, by the number of their proof. */
  readonly heads = new Map<number, Head>();
  readonly sideHeads = new Map<number, Head>();
  readonly sideTokens: SideToken[] = [];
  /** Authentic checkpoints of receipts and announcements. */
  readonly olderHeads: Head[] = [];
  readonly received: Received[] = [];
  signingClaimed: number | null = null;
  proven: ProvenTime | null = null;
  trust: ChainResult | null = null;
  /** Whether the verifier's own export or checkpoint covers the archive's. */
  confirmed = false;
  readonly #found: Found[] = [];
  readonly #blamed = new Set<string>();

  constructor(
    readonly container: Container,
    readonly options: Options,
  ) {}

  get members(): readonly Member[] {
    return this.container.members;
  }

  /**
   * Add a finding, unless it is the consequence of one: something FAILED before about a member that it is about.
   *
   * @param subject the member it names; empty where it isn't about one.
   * @param about further members that it explains.
   */
  find(code: string, subject: string, params: Params = {}, ...about: string[]): void {
    const { step, status } = ruleOf(code);
    // a place says nothing about bytes
    const members = code === "MEMBER_ORDER" ? [] : [subject, ...about].filter((name) => name !== "");
    if (this.isBlamed(...members)) return;
    this.#found.push({ finding: { code, subject, params, step, result: RESULTS[step - 1]!, status }, members });
    if (status === "FAILED") for (const name of members) this.#blamed.add(name);
  }

  /** Add something that changes no verdict. */
  note(code: string, subject: string, params: Params = {}): void {
    this.notes.push({ code, subject, params });
  }

  /** Count things that a step checked. */
  check(step: number, count = 1): void {
    this.checks.set(step, (this.checks.get(step) ?? 0) + count);
  }

  /** Whether something FAILED about one of these members. */
  isBlamed(...members: string[]): boolean {
    return members.some((name) => this.#blamed.has(name));
  }

  /** What counts, in order of the steps; what is undecided about a member that FAILED doesn't. */
  findings(): Finding[] {
    return this.#found
      .filter(({ finding, members }) => finding.status === "FAILED" || !this.isBlamed(...members))
      .map(({ finding }) => finding)
      .sort((a, b) => a.step - b.step);
  }

  has(name: string): boolean {
    return this.container.find(name) !== null;
  }

  /** Bytes of a member; null where there is none of that name. */
  size(name: string): number | null {
    return this.container.find(name)?.size ?? null;
  }

  /**
   * The bytes of a member that no list vouches for.
   *
   * @param malformed code of the finding where it is longer than `limit`; empty for none.
   * @returns null where it isn't there (step 2 says so), is too long, or FAILED before.
   */
  async read(name: string, limit: number, malformed: string): Promise<Bytes | null> {
    const member = this.container.find(name);
    if (!member || this.isBlamed(name)) return null;
    if (member.size <= limit) return this.container.read(member);
    if (malformed) this.find(malformed, name, { reason: `${member.size} bytes, more than ${limit}` });
    return null;
  }

  /** The bytes of a member of the body, compared once more with its digest; null also where it isn't as listed. */
  async readVerified(name: string, limit: number, malformed: string): Promise<Bytes | null> {
    const digest = this.digests.get(name);
    const data = digest === undefined ? null : await this.read(name, limit, malformed);
    if (!data || sha256Hex(data) === digest) return data;
    this.find("MEMBER_ALTERED", name);
    return null;
  }
}
