/**
 * Names cut to what file systems take.
 *
 * @module
 */

import { bytesOfRawText } from "./raw_storage.ts";

/** Longest name that file systems take, in bytes. */
export const MAX_NAME_BYTES = 255;

/** Returns the start of a name, at most so many bytes. */
export function startOfName(name: string, maxBytes: number): string {
  return cut(name, maxBytes, (characters) => characters.pop()!);
}

/** Returns the end of a name, at most so many bytes: it keeps the extension. */
export function endOfName(name: string, maxBytes: number): string {
  return cut(name, maxBytes, (characters) => characters.shift()!);
}

function cut(name: string, maxBytes: number, takeOne: (characters: string[]) => string): string {
  const characters = [...name];
  let sizeBytes = bytesOfRawText(name).length;
  while (sizeBytes > maxBytes && characters.length > 0) {
    sizeBytes -= bytesOfRawText(takeOne(characters)).length;
  }
  return characters.join("");
}
