/**
 * Names of files that are not UTF-8, as text.
 *
 * On Linux a name is bytes. Text cannot hold all of them, so a byte that is no part of a UTF-8 character is written as the lone
 * surrogate U+DC00 + byte, as Python does (PEP 383, "surrogateescape"). Such *raw text* stands for exactly one name: `\xff`, `\xfe`
 * and a valid U+FFFD are three texts, where decoders that replace give one. Well-formed text is a name in UTF-8.
 *
 * A file whose bytes are not known has a name of {@link unknownName}, which stands for no bytes.
 *
 * Deno replaces lone surrogates by U+FFFD, which is the name of another file. So raw text that is not well-formed goes to
 * {@link RawFiles} alone, never to functions of Deno or Node.
 *
 * @module
 */

/** Added to a byte that is no part of a UTF-8 character. */
const ESCAPE_BASE = 0xdc00;

/** In place of bytes that are not known. */
const UNKNOWN_BYTES = "\udfff";

/** Before the number of a name that is not known. */
const UNKNOWN_NUMBER = "\udffe";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/** Returns bytes as raw text. */
export function rawTextOf(bytes: Uint8Array): string {
  let text = "";
  let start = 0;
  for (let index = 0; index < bytes.length;) {
    const length = characterLength(bytes, index);
    if (length === 0) {
      text += DECODER.decode(bytes.subarray(start, index)) + String.fromCharCode(ESCAPE_BASE + bytes[index]!);
      start = index + 1;
    }
    index += length || 1;
  }
  return text + DECODER.decode(bytes.subarray(start));
}

/** Returns the bytes that raw text stands for. @throws {TypeError} for a surrogate that stands for no byte */
export function bytesOfRawText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return ENCODER.encode(text);
  const parts = text.split(/([\udc80-\udcff])/u).map((part, index) => {
    if (index % 2 === 1) return Uint8Array.of(part.charCodeAt(0) - ESCAPE_BASE);
    if (part.isWellFormed()) return ENCODER.encode(part);
    throw new TypeError(`Raw text must hold no surrogates but U+DC80 to U+DCFF, got ${JSON.stringify(text)}`);
  });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * Returns a name that no file has, for one whose bytes are not known.
 *
 * @param lossy how it is shown, with U+FFFD
 * @param number distinguishes names that are shown alike
 */
export function unknownName(lossy: string, number: number): string {
  return `${lossy.replaceAll("\ufffd", UNKNOWN_BYTES)}${UNKNOWN_NUMBER}${number}`;
}

/** Returns whether raw text is or holds a name of {@link unknownName}. */
export function hasUnknownName(text: string): boolean {
  return text.includes(UNKNOWN_BYTES);
}

/** Returns raw text as people read it: what is not UTF-8 is U+FFFD, as Deno and most programs show it. */
export function lossyText(text: string): string {
  if (text.isWellFormed()) return text;
  const known = text.replaceAll(/\udffe\d+/gu, "").replaceAll(UNKNOWN_BYTES, "\ufffd");
  return DECODER.decode(bytesOfRawText(known));
}

/**
 * Returns a name or path as metadata: `{ [key]: text }`, and where it is not UTF-8 the text is lossy and `<key>_bytes` has the exact
 * bytes in base64.
 *
 * @param text raw text
 */
export function nameMetadata(key: string, text: string): Record<string, string> {
  if (text.isWellFormed()) return { [key]: text };
  return { [key]: lossyText(text), [`${key}_bytes`]: bytesOfRawText(text).toBase64() };
}

/** Length of the UTF-8 character that begins at an index, in bytes; 0 where none begins (Unicode 15, table 3-7). */
function characterLength(bytes: Uint8Array, index: number): number {
  const first = bytes[index]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let at = 1; at < length; at++) {
    const next = bytes[index + at] ?? 0;
    if (next < (at === 1 ? least : 0x80) || next > (at === 1 ? most : 0xbf)) return 0;
  }
  return length;
}
