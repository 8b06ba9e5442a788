/**
 * The first bytes of something, short enough for a line.
 *
 * @module
 */

import { formatCount } from "./quantities.ts";

/** Most bytes of a text in an excerpt. */
const MAX_EXCERPT_TEXT_BYTES = 64;

/** Most bytes of an excerpt in hexadecimal. */
const MAX_EXCERPT_BYTES = 16;

/** Bytes in quotes where they are text (UTF-8, or UTF-16 as YARA's `wide`), in hexadecimal otherwise. */
export function bytesExcerpt(bytes: Uint8Array): string {
  if (bytes.length === 0) return '""';
  const text = asText(bytes) ?? asWideText(bytes);
  return text ?? asHex(bytes);
}

// deno-lint-ignore no-control-regex -- a byte that no text has is what is looked for
const BINARY = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

const UTF8 = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function asText(bytes: Uint8Array): string | undefined {
  const isCut = bytes.length > MAX_EXCERPT_TEXT_BYTES;
  const text = decode(bytes.subarray(0, MAX_EXCERPT_TEXT_BYTES), isCut);
  if (text === undefined || BINARY.test(text)) return undefined;
  return isCut ? `"${text}"… (${formatCount(bytes.length)} bytes)` : `"${text}"`;
}

/** A cut may go through a character, which is then left out. */
function decode(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    return UTF8().decode(bytes, { stream: isCut });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function asWideText(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, MAX_EXCERPT_TEXT_BYTES * 2);
  const isWide = head.length >= 4 && head.length % 2 === 0 &&
    head.every((byte, index) => index % 2 === 0 ? byte >= 0x20 && byte < 0x7f : byte === 0);
  if (!isWide) return undefined;
  const text = String.fromCharCode(...head.filter((_, index) => index % 2 === 0));
  return `"${text}" wide` + (bytes.length > head.length ? `… (${formatCount(bytes.length)} bytes)` : "");
}

function asHex(bytes: Uint8Array): string {
  const head = bytes.subarray(0, MAX_EXCERPT_BYTES).toHex().replaceAll(/..(?!$)/g, "$& ");
  return bytes.length > MAX_EXCERPT_BYTES ? `${head} … (${formatCount(bytes.length)} bytes)` : head;
}
