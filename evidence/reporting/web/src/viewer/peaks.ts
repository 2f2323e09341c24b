/** Drawings of recordings: from their records, else made in this browser from the sound. */

import type { View } from "../answer";
import { type Archive, type Drawing, type Exhibit, type Search, lengthOf } from "./records";

/** How loud each channel is from moment to moment: 0 to 255 in each column. */
export interface Peaks {
  columnMs: number;
  channels: Uint8Array[];
  origin: "record" | "search" | "browser";
}

const RATE = 8000;
const COLUMNS = 1200;
const LONGEST_MS = 20 * 60_000;
const LARGEST = 64 * 1024 * 1024;

/** What the archive has drawn of a recording. */
export function drawn(archive: Archive, exhibit: string): Peaks | null {
  const [record] = archive.about<Drawing & { exhibit: string }>("waveform", exhibit);
  if (record?.channels.length) return fromDrawing(record, "record");
  const [search] = archive.about<Search>("notice_search", exhibit);
  return search?.waveform?.channels.some(Boolean) ? fromDrawing(search.waveform, "search") : null;
}

function fromDrawing(drawing: Drawing, origin: Peaks["origin"]): Peaks {
  const channels = drawing.channels.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
  return { columnMs: drawing.column_ms, channels, origin };
}

/** Draw a recording from its sound, if that is short enough and this browser can decode it. */
export async function decoded(view: View, exhibit: Exhibit): Promise<Peaks | null> {
  if ((lengthOf(exhibit.recording) ?? 0) > LONGEST_MS) return null;
  const sound = await view.sound(exhibit.exhibit).catch(() => null);
  if (!sound || sound.blob.size > LARGEST) return null;
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    return peaksOf(await context.decodeAudioData(await sound.blob.arrayBuffer()));
  } catch {
    return null;
  }
}

function peaksOf(buffer: AudioBuffer): Peaks {
  const width = Math.max(RATE / 100, Math.ceil(buffer.length / COLUMNS));
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, number) => {
    const samples = buffer.getChannelData(number);
    return Uint8Array.from({ length: Math.ceil(samples.length / width) }, (_column, column) =>
      loudest(samples.subarray(column * width, (column + 1) * width)),
    );
  });
  return { columnMs: (width * 1000) / buffer.sampleRate, channels, origin: "browser" };
}

function loudest(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return Math.min(255, Math.round(peak * 255));
}

/** Outline of a channel as an SVG path, a column wide for each peak and 256 high to each side. */
export function outline(peaks: Uint8Array): string {
  const upper: string[] = [];
  const lower: string[] = [];
  peaks.forEach((peak, column) => {
    const height = Math.max(peak, 2);
    upper.push(`${column} ${256 - height}H${column + 1}`);
    lower.push(`${column + 1} ${256 + height}H${column}`);
  });
  return upper.length ? `M${upper.join("L")}L${lower.reverse().join("L")}Z` : "";
}
