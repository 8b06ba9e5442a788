/**
 * Makes version resources for tests.
 *
 * @module
 */

import { ByteWriter } from "../../testing/byte_writer.ts";

/** A version resource with one table of texts. */
export function versionResource(texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const strings = Object.entries(texts).map(([key, value]) =>
    block(key, 1, utf16(`${value}\0`), [], value.length + 1)
  );
  const table = block("040904b0", 1, [], strings);
  const fixed = new ByteWriter(0);
  fixed.numbers(4, 0xfeef_04bd, 0x1_0000, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 0);
  const translation = block("Translation", 0, [0x09, 0x04, 0xb0, 0x04], []);
  return block("VS_VERSION_INFO", 0, fixed.bytes(), [
    block("StringFileInfo", 1, [], [table]),
    block("VarFileInfo", 1, [], [translation]),
  ]);
}

function utf16(text: string): number[] {
  const writer = new ByteWriter(0);
  writer.numbers(2, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  return [...writer.bytes()];
}

function block(
  key: string,
  type: number,
  value: Iterable<number>,
  children: readonly Uint8Array[],
  valueLength?: number,
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(0);
  const values = [...value];
  writer.numbers(2, 0, valueLength ?? values.length, type);
  writer.raw(utf16(`${key}\0`));
  writer.align(4);
  writer.raw(values);
  for (const child of children) {
    writer.align(4);
    writer.raw(child);
  }
  writer.patch(0, 2, writer.here);
  return writer.bytes();
}
