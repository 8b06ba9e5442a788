/**
 * A process that plays a runner. It reads greeting and secret, waits for the frames `start` and `open` and writes the bytes of its
 * first file; then it waits a moment for the frame `call`, writes those of its second file, and ends. The secret stands
 * where the files have {@linkcode PLACEHOLDER}.
 *
 * It is started as `deno run --allow-read fake_guest.ts FILE FILE`.
 *
 * @module
 */

import { FrameReader, SECRET_BYTES } from "../../src/sandbox/frames.ts";
import { FRAME_LIMITS, GREETING, HOST_MARK } from "../../src/sandbox/protocol.ts";

/** How long it waits for a call: a host that has no message that the plugin is open makes none. */
const CALL_WAIT_MS = 250;

/** Stands for the secret in the file. */
export const PLACEHOLDER: Uint8Array<ArrayBuffer> = new TextEncoder().encode("<secret of 16 b>");

/** Returns the bytes with the secret in the place of the placeholder. */
function withSecret(content: Uint8Array, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(content);
  for (let at = 0; at + SECRET_BYTES <= changed.length; at++) {
    if (PLACEHOLDER.every((byte, index) => content[at + index] === byte)) changed.set(secret, at);
  }
  return changed;
}

async function readExactly(length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await Deno.stdin.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes;
}

async function main([opening, answering]: readonly string[]): Promise<void> {
  const start = await readExactly(GREETING.length + SECRET_BYTES);
  const secret = start.subarray(GREETING.length);
  const write = (path: string) => {
    const content = withSecret(Deno.readFileSync(path), secret);
    for (let at = 0; at < content.length;) at += Deno.stdout.writeSync(content.subarray(at));
  };
  const reader = new FrameReader((into) => Deno.stdin.read(into), HOST_MARK, FRAME_LIMITS, () => {});
  await reader.next();
  await reader.next();
  write(opening!);
  const waiting = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => waiting.resolve(undefined), CALL_WAIT_MS);
  const call = await Promise.race([reader.next(), waiting.promise]);
  clearTimeout(timer);
  write(answering!);
  // Ends the process although a read is under way.
  if (call === undefined) throw new Error("No call came");
}

if (import.meta.main) await main(Deno.args);
