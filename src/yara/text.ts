/**
 * What a quoted string of YARA stands for.
 *
 * @module
 */

const ESCAPES: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d, '"': 0x22, "\\": 0x5c };
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The bytes of a quoted string, given with its quotes: `\t`, `\n`, `\r`, `\"`, `\\` and `\xNN` are resolved, the rest
 * is UTF-8. An escape that YARA does not know keeps its backslash.
 */
export function textBytes(quoted: string): Uint8Array {
  const inner = quoted.slice(1, -1);
  if (!inner.includes("\\")) return new TextEncoder().encode(inner);
  const bytes: number[] = [];
  for (let i = 0; i < inner.length;) {
    const escape = /\\(?:x([0-9A-Fa-f]{2})|([tnr"\\]))/y;
    escape.lastIndex = i;
    const found = escape.exec(inner);
    if (found) {
      bytes.push(found[1] === undefined ? ESCAPES[found[2]!]! : parseInt(found[1], 16));
      i = escape.lastIndex;
    } else {
      const character = String.fromCodePoint(inner.codePointAt(i)!);
      bytes.push(...new TextEncoder().encode(character));
      i += character.length;
    }
  }
  return Uint8Array.from(bytes);
}

/** Bytes as text where they are valid UTF-8, else as they are. */
export function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return bytes;
  }
}
