/**
 * Texts of the version resources of a PE file.
 *
 * https://learn.microsoft.com/en-us/windows/win32/menurc/version-information
 *
 * @module
 */

import { byteText } from "../text_value.ts";
import { BeyondLimits } from "./pe_bytes.ts";

/** Version resources that are read; each has at most 64 KiB. */
export const MAX_PE_VERSION_RESOURCES = 16;

/** A key and its text, as bytes of UTF-8. */
export type VersionText = readonly [key: string, value: string];

const UTF16 = new TextDecoder("utf-16le");
const HEADER_BYTES = 6;
const FIXED_INFO_BYTES = 52;

/** A block: a key, a value, and blocks within it. */
interface Block {
  readonly key: string;
  /** Whether it says that it has a value. */
  readonly hasValue: boolean;
  /** The value and the blocks within. */
  readonly rest: Uint8Array;
  /** What follows the block. */
  readonly after: Uint8Array;
}

/**
 * The texts of all resources, each from its first byte to the end of the file.
 *
 * @throws {BeyondLimits} where there is more than is read here
 */
export function readVersionTexts(resources: readonly Uint8Array[]): VersionText[] {
  if (resources.length > MAX_PE_VERSION_RESOURCES) throw new BeyondLimits();
  return resources.flatMap((resource) => textsOf(resource));
}

function textsOf(resource: Uint8Array): readonly VersionText[] {
  const block = readBlock(resource);
  if (block?.key !== "VS_VERSION_INFO") return [];
  const hasInfo = block.hasValue && block.rest.length >= FIXED_INFO_BYTES;
  const children = hasInfo ? block.rest.subarray(FIXED_INFO_BYTES) : block.rest;
  // What says which languages there are may stand before the texts.
  const first = readBlock(children);
  const at = first?.key === "VarFileInfo" ? first.after : children;
  const texts = readBlock(at);
  return texts?.key === "StringFileInfo" ? textsOfTables(texts.rest) : [];
}

/** Tables follow each other, one for each language; one that is damaged ends them. */
function textsOfTables(bytes: Uint8Array): VersionText[] {
  const texts: VersionText[] = [];
  for (let table = readBlock(bytes); table; table = readBlock(table.after)) {
    const found = textsOfTable(table.rest);
    if (found.length === 0) break;
    for (const text of found) texts.push(text);
  }
  return texts;
}

function textsOfTable(bytes: Uint8Array): VersionText[] {
  const texts: VersionText[] = [];
  for (let block = readBlock(bytes); block; block = readBlock(block.after)) {
    const value = block.hasValue ? readText(block.rest)?.text ?? "" : "";
    texts.push([byteText(block.key), byteText(value)]);
  }
  return texts;
}

/** Reads a block; undefined: there is none. */
function readBlock(bytes: Uint8Array): Block | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = roundedUp(view.getUint16(0, true));
  if (lengthBytes < HEADER_BYTES || lengthBytes > bytes.length) return undefined;
  const own = bytes.subarray(0, lengthBytes);
  const key = readText(own.subarray(HEADER_BYTES));
  if (!key) return undefined;
  return {
    key: key.text,
    hasValue: view.getUint16(2, true) > 0,
    rest: own.subarray(roundedUp(HEADER_BYTES + key.sizeBytes)),
    after: bytes.subarray(lengthBytes),
  };
}

function roundedUp(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 4) * 4;
}

/** A text up to a zero or the end; undefined: a single byte is left behind it. */
function readText(bytes: Uint8Array): { readonly text: string; readonly sizeBytes: number } | undefined {
  let end = 0;
  while (end + 2 <= bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
  if (bytes.length - end === 1) return undefined;
  // The decoder would take a mark of the byte order away.
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? "\ufeff" : "";
  return {
    text: text + UTF16.decode(bytes.subarray(0, end)),
    sizeBytes: Math.min(end + 2, bytes.length),
  };
}
