/**
 * Names in tables of a PE file.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { offsetInFile } from "./addresses.ts";
import type { PeImage } from "./image.ts";

/** Reads a name up to a zero, one character for each byte. A longer one is cut, which counts as truncated. */
export function readText(reader: ByteReader, offset: number, maxBytes: number, log: DamageLog): string {
  const { text, isCut } = reader.cString(offset, maxBytes);
  if (isCut) log.addLimit("limit-name", `A name is longer than ${maxBytes} bytes`, offset);
  return text;
}

/** Reads a name at a relative virtual address; undefined: the address is outside the file. */
export function readName(image: PeImage, rva: number, maxBytes: number, log: DamageLog): string | undefined {
  const offset = offsetInFile(image, rva);
  return offset === undefined ? undefined : readText(image.reader, offset, maxBytes, log);
}
