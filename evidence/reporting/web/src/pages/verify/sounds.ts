/** Recordings as this browser can play them: the bytes that were verified, with the type that they begin as. */

import type { Sound } from "../../answer";
import type { Contents } from "../../verifier/verify";

const BEGINNINGS: [RegExp, string][] = [
  [/^RIFF....WAVE/su, "audio/wav"],
  [/^RF64....WAVE/su, "audio/wav"],
  [/^OggS/u, "audio/ogg"],
  [/^fLaC/u, "audio/flac"],
  [/^ID3/u, "audio/mpeg"],
  [/^....ftyp/su, "audio/mp4"],
  [/^\xff[\xf0-\xf1\xf8-\xf9]/u, "audio/aac"],
  [/^\xff[\xe2-\xff]/u, "audio/mpeg"],
  [/^\x1aE\xdf\xa3/u, "audio/webm"],
];

/** The sound of an exhibit; null where the archive holds no such file of its own. */
export async function sound(contents: Contents, exhibit: string): Promise<Sound | null> {
  const blob = contents.exhibit(exhibit);
  if (blob === null) return null;
  const bytes = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
  const start = String.fromCharCode(...bytes);
  const type = BEGINNINGS.find(([beginning]) => beginning.test(start))?.[1] ?? "";
  return { kind: "master", blob: blob.slice(0, blob.size, type) };
}
