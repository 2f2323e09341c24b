/**
 * What a verification answers: the same names and values as one line of `evidence verify --json`.
 * The viewer shows it, whether the command line or the verifier in this browser has made it.
 */

export type Status = "PASSED" | "INDETERMINATE" | "FAILED";
export type ResultName = "integrity" | "signer" | "time" | "register";
export type Outcome = "PASS" | "FAIL" | "INDETERMINATE" | "NOT CHECKED";
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Params = Record<string, string | number>;

/** Something to know about the archive that changes no verdict; texts in it are untrusted. */
export interface Note {
  code: string;
  subject: string;
  params: Params;
}

/** Something that counts, with the weight that FORMAT.md gives its code. */
export interface Finding extends Note {
  step: number;
  result: ResultName;
  status: Status;
}

export interface Step {
  step: number;
  outcome: Outcome;
  checks: number;
}

/** Facts of the signer's certificate, once the signature's mathematics holds. Times are RFC 3339, UTC, with milliseconds. */
export interface Signer {
  subject: string;
  issuer: string;
  certificate_sha256: string;
  not_before: string;
  not_after: string;
  /** How the certificate stands to the verifier's anchors, as `ChainResult.status` on the command line. */
  trust: string | null;
}

export interface Times {
  signing_claimed: string | null;
  entry_claimed: string | null;
  proven: string | null;
  authority: string | null;
  /** Member or name in the sidecar of the token that proves the time. */
  token: string | null;
  token_in_proof_file: boolean | null;
}

/** Place in the register, once proof and checkpoint hold. */
export interface Position {
  origin: string;
  sequence: number;
  size: number;
  root: string;
  confirmed: boolean;
}

export interface Received {
  exhibit: string;
  received_id: string;
  claimed: string;
  entered: string;
  sequence: number;
  is_proven: boolean;
  proven: string | null;
  authority: string | null;
}

export interface Answer {
  verdict: Status;
  results: Record<ResultName, Status>;
  findings: Finding[];
  notes: Note[];
  steps: Step[];
  archive_id: string;
  identity: string;
  signer: Signer | null;
  times: Times;
  register: Position | null;
  received: Received[];
}

/** A record as verified, without the bytes of a file inside it. */
export type Record_ = { kind: string; id: string } & { [key: string]: Json };

/** Sound of an exhibit that this browser may be able to play. */
export interface Sound {
  /** The recording itself, or a copy derived from it for listening. */
  kind: "master" | "access";
  blob: Blob;
}

/** What is known of an exhibit's sound before it is asked for. */
export interface SoundFacts {
  kind: "master" | "access" | "none";
  /** Coding of an access copy, e.g. flac. */
  codec?: string;
  /** Why there is no sound, or why it is a copy; a message viewer.sound_<reason>. */
  reason?: string;
}

/** Texts by language, area and name: the catalogues of evidence/messages. */
export type Texts = Record<string, Record<string, Record<string, string | Record<string, string>>>>;

/** Everything that the viewer needs to show one archive. */
export interface View {
  /** Name of the file; untrusted. */
  file: string;
  answer: Answer;
  /** Empty unless integrity and the signature's mathematics passed. */
  records: Record_[];
  /** Sound of an exhibit, or null where there is none to be had. */
  sound(exhibit: string): Promise<Sound | null>;
  /** What is known of it before; left out, it is the master if there is any. */
  about?(exhibit: string): SoundFacts;
}
