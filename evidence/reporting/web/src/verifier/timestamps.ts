/** RFC 3161 time-stamp tokens by themselves (FORMAT.md, "Token"); whom to trust is decided elsewhere. */

import { Unsupported, algorithm, digestOf } from "./algorithms";
import { type Bytes, equal } from "./bytes";
import { type SignedMessage, checkMessage, parseMessage } from "./cms";
import { type Element, Fields, MalformedDer, TAG, context, element, inside } from "./der";
import { boolean, generalizedTime, integer, octets, oid } from "./dervalues";
import { sha256 } from "./digest";
import { checkEither } from "./ess";
import { Broken } from "./publickeys";
import { type Certificate, extension, isOnlyForTimeStamps } from "./x509";

const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const MAX_SECONDS = 10n ** 9n;

export interface Token {
  /** Milliseconds since 1970, perhaps with a fraction. */
  time: number;
  /** Rounded up; 0 where it states none. */
  accuracyMs: number;
  certificate: Certificate;
  /** Further certificates in it; untrusted. */
  others: Certificate[];
}

interface Info {
  imprint: Bytes;
  time: number;
  accuracyMs: number;
}

/**
 * Check a token over some bytes.
 *
 * @throws MalformedDer it isn't a token.
 * @throws Unsupported it uses what isn't known here, or doesn't hold its authority's certificate.
 * @throws Broken, Mismatch it isn't over these bytes, or not by that certificate, or that isn't for time stamps alone.
 */
export async function verifyToken(data: Bytes, stamped: Uint8Array): Promise<Token> {
  const message = parseMessage(data);
  const { imprint, time, accuracyMs } = infoOf(message);
  if (!equal(imprint, sha256(stamped))) throw new Broken("the token is over other bytes");
  await checkMessage(message, message.content!);
  await checkEither(message);
  const { signer: certificate, others } = message;
  if (!isOnlyForTimeStamps(certificate)) throw new Broken("the signer's certificate isn't for time stamping alone");
  return { time, accuracyMs, certificate, others };
}

function infoOf({ contentType, content }: SignedMessage): Info {
  if (contentType !== TST_INFO || !content) throw new MalformedDer("not a time-stamp token");
  const fields = Fields.of(element(content));
  const version = integer(fields.any());
  oid(fields.any());
  const imprint = Fields.of(fields.any());
  const hash = algorithm(imprint.any());
  const digest = octets(imprint.any());
  imprint.end();
  integer(fields.any());
  const time = generalizedTime(fields.any());
  const accuracy = fields.optional(TAG.sequence);
  const parts = accuracy ? accuracyParts(accuracy) : {};
  const isCritical = hasCritical(fields);
  if (version !== 1n) throw new Unsupported(`token version ${version}`);
  if (digestOf(hash) !== "SHA-256") throw new Unsupported("an imprint that isn't SHA-256");
  if (isCritical) throw new Unsupported("a critical extension in a token");
  return { imprint: digest, time, accuracyMs: milliseconds(parts) };
}

/** Reads what follows the accuracy to the end: ordering, nonce, authority, extensions. */
function hasCritical(fields: Fields): boolean {
  const ordering = fields.optional(TAG.boolean);
  if (ordering) boolean(ordering);
  const nonce = fields.optional(TAG.integer);
  if (nonce) integer(nonce);
  const authority = fields.optional(context(0));
  if (authority) inside(authority, context(0));
  const listed = fields.optional(context(1));
  fields.end();
  return (listed ? inside(listed, context(1)).map(extension) : []).some(({ isCritical }) => isCritical);
}

interface Parts {
  seconds?: bigint | undefined;
  millis?: bigint | undefined;
  micros?: bigint | undefined;
}

function accuracyParts(item: Element): Parts {
  const fields = Fields.of(item);
  const [seconds, millis, micros] = [TAG.integer, context(0, false), context(1, false)].map((tag) => {
    const part = fields.optional(tag);
    return part ? integer(part, tag) : undefined;
  });
  fields.end();
  return { seconds, millis, micros };
}

/** @throws MalformedDer out of the bounds of RFC 3161. */
function milliseconds({ seconds = 0n, millis, micros }: Parts): number {
  const isBelow = [millis, micros].every((part) => part === undefined || (part > 0n && part < 1000n));
  if (seconds < 0n || seconds > MAX_SECONDS || !isBelow) throw new MalformedDer("accuracy of a token");
  return Number(seconds * 1000n + (millis ?? 0n)) + (micros ? 1 : 0);
}
