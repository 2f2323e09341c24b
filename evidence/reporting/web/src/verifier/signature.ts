/** Step 4 of FORMAT.md, "Verification": the signature over ASiCManifest001.xml, whoever signed. */

import { Unsupported } from "./algorithms";
import type { Bytes } from "./bytes";
import { DATA, Mismatch, OtherContent, SIGNING_TIME, SignerMissing, type SignedMessage, checkMessage, parseMessage } from "./cms";
import { MalformedDer } from "./der";
import { time } from "./dervalues";
import { nameText } from "./dnames";
import { checkV2 } from "./ess";
import { ASIC_MANIFEST, SIGNATURE } from "./names";
import { Broken } from "./publickeys";
import type { SignerFacts, State } from "./state";
import type { Certificate } from "./x509";

const MAX_SIGNATURE = 256 * 1024;

/** Step 4. Where the signature is of another ASiCManifest001.xml, that list is nothing to go by. */
export async function checkArchiveSignature(state: State): Promise<void> {
  if (!state.asic) return;
  const data = await state.read(SIGNATURE, MAX_SIGNATURE, "SIGNATURE_MALFORMED");
  if (!data) return;
  state.check(4);
  try {
    const message = await verified(data, state.asic);
    const claimed = signingTime(message);
    state.signer = factsOf(message.signer);
    state.signature = { signer: message.signer, certificate: message.signer.der, others: message.others };
    state.signingClaimed = claimed;
    state.finished.add(4);
  } catch (error) {
    report(state, error);
  }
}

/** A signature whose mathematics holds; the faults count in the order of FORMAT.md, "Signature". */
async function verified(data: Bytes, content: Bytes): Promise<SignedMessage> {
  const message = parseMessage(data);
  if (message.contentType !== DATA || message.content) throw new MalformedDer("not a detached signature over data");
  if (!message.isSorted) throw new MalformedDer("certificates not in the order of DER");
  await checkMessage(message, content);
  await checkV2(message);
  return message;
}

function signingTime({ attributes }: SignedMessage): number | null {
  const value = attributes.get(SIGNING_TIME);
  return value ? time(value) : null;
}

function factsOf({ sha256, subject, issuer, notBefore, notAfter }: Certificate): SignerFacts {
  return { sha256, subject: nameText(subject), issuer: nameText(issuer), notBefore, notAfter };
}

function report(state: State, error: unknown): void {
  const reason = error instanceof Error ? error.message : "";
  if (error instanceof OtherContent) {
    state.find("SIGNATURE_BROKEN", ASIC_MANIFEST, { reason }, SIGNATURE);
    state.listed = null;
  } else if (error instanceof SignerMissing || error instanceof MalformedDer) {
    state.find("SIGNATURE_MALFORMED", SIGNATURE, { reason });
  } else if (error instanceof Unsupported) {
    state.find("SIGNATURE_UNSUPPORTED", SIGNATURE, { reason });
  } else if (error instanceof Broken) {
    state.find("SIGNATURE_BROKEN", SIGNATURE, { reason });
  } else if (error instanceof Mismatch) {
    state.find("CERTIFICATE_MISMATCH", SIGNATURE, { reason });
  } else {
    throw error;
  }
}
