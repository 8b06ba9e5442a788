/**
 * Samples for the shipped rules, put together from pieces so that no hostile file lies in the repository.
 *
 * @module
 */

/** A payload and what the rules of one file say of it. */
export interface Sample {
  readonly name: string;
  readonly content: Uint8Array<ArrayBuffer>;
  /** All rules that match, sorted. */
  readonly rules: readonly string[];
  /** The rule that nearly matches. */
  readonly nearMissOf?: string;
  /** A rule, and the offsets of bytes whose highest bit, flipped, stops it. */
  readonly essential?: { readonly rule: string; readonly offsets: readonly number[] };
}

/** Bytes of latin1 text or as they are. */
export type Piece = string | Uint8Array<ArrayBuffer>;

/** Bytes written in hexadecimal; blanks are ignored. */
export function hex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** One byte for each character. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** UTF-16, little-endian. */
export function wide(text: string): Uint8Array<ArrayBuffer> {
  return latin1([...text].map((character) => character + "\0").join(""));
}

/** Little-endian number of `size` bytes. */
export function le(value: number, size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

/** Pieces one after another. */
export function join(...pieces: Piece[]): Uint8Array<ArrayBuffer> {
  const parts = pieces.map(bytesOf);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** `size` zeros with pieces at offsets. */
export function layout(size: number, pieces: Readonly<Record<number, Piece>>): Uint8Array<ArrayBuffer> {
  return patch(new Uint8Array(size), pieces);
}

/** A copy with pieces at offsets. */
export function patch(
  bytes: Uint8Array<ArrayBuffer>,
  pieces: Readonly<Record<number, Piece>>,
): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  for (const [offset, piece] of Object.entries(pieces)) copy.set(bytesOf(piece), Number(offset));
  return copy;
}

/** Letters moved by 13 places: keeps text that scanners of source code would object to out of these files. */
export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode((letter.charCodeAt(0) - base + 13) % 26 + base);
  });
}

/**
 * A sample that the named rules match, and no other. `essential` lists ranges of bytes, ends included, such as
 * `0-3 10`, none of which the first rule named does without.
 */
export function hit(rules: string, name: string, content: Piece, essential = ""): Sample {
  const names = rules.split(" ");
  return {
    name,
    content: bytesOf(content),
    rules: names.toSorted(),
    essential: { rule: names[0]!, offsets: offsets(essential) },
  };
}

function offsets(ranges: string): number[] {
  return ranges.split(" ").filter((range) => range !== "").flatMap((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

/** A sample that a rule just does not match; others may. */
export function miss(rule: string, name: string, content: Piece, others = ""): Sample {
  const rules = others.split(" ").filter((other) => other !== "").sort();
  return { name, content: bytesOf(content), rules, nearMissOf: rule };
}

function bytesOf(piece: Piece): Uint8Array<ArrayBuffer> {
  return typeof piece === "string" ? latin1(piece) : piece;
}
