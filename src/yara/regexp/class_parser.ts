/**
 * Bracketed classes: ranges, POSIX classes, classes in classes, and the operators `&&`, `--` and `~~`.
 *
 * @module
 */

import {
  addRange,
  type ByteSet,
  byteSet,
  complement,
  difference,
  foldCase,
  intersection,
  symmetricDifference,
  union,
} from "./byte_set.ts";
import type { Cursor } from "./cursor.ts";
import { type Escape, parseEscape } from "./escape.ts";

/** A class and how deep classes are nested in it, itself included. */
export interface ParsedClass {
  readonly set: ByteSet;
  readonly depth: number;
}

const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: byteSet([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a]),
  alpha: byteSet([0x41, 0x5a], [0x61, 0x7a]),
  ascii: byteSet([0, 0x7f]),
  blank: byteSet([9, 9], [32, 32]),
  cntrl: byteSet([0, 0x1f], [0x7f, 0x7f]),
  digit: byteSet([0x30, 0x39]),
  graph: byteSet([0x21, 0x7e]),
  lower: byteSet([0x61, 0x7a]),
  print: byteSet([0x20, 0x7e]),
  punct: byteSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
  space: byteSet([9, 13], [32, 32]),
  upper: byteSet([0x41, 0x5a]),
  word: byteSet([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]),
  xdigit: byteSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]),
};

type Operator = "&&" | "--" | "~~";

const OPERATIONS: Readonly<Record<Operator, (a: ByteSet, b: ByteSet) => ByteSet>> = {
  "&&": intersection,
  "--": difference,
  "~~": symmetricDifference,
};

/** Reads a class, from its bracket on. `room` is how many more classes may be nested. */
export function parseClass(cursor: Cursor, isCaseInsensitive: boolean, room: number): ParsedClass {
  if (room <= 0) cursor.fail("nesting is too deep");
  const start = cursor.at;
  cursor.take();
  const isNegated = cursor.takeIf("^");
  const body = new ClassBody(isCaseInsensitive);
  while (cursor.takeIf("-")) body.addRange(0x2d, 0x2d);
  if (body.isEmpty && cursor.takeIf("]")) body.addRange(0x5d, 0x5d);
  while (!cursor.takeIf("]")) {
    if (cursor.isAtEnd) cursor.fail("unclosed character class", start);
    parseItem(cursor, body, isCaseInsensitive, room, start);
  }
  const set = body.finish();
  return { set: isNegated ? complement(set) : set, depth: body.depth + 1 };
}

function parseItem(
  cursor: Cursor,
  body: ClassBody,
  isCaseInsensitive: boolean,
  room: number,
  start: number,
): void {
  const operator = (["&&", "--", "~~"] as const).find((text) => cursor.takeIf(text));
  if (operator) return body.operate(operator);
  if (!cursor.startsWith("[")) return parseRange(cursor, body, start);
  const posix = takePosix(cursor);
  if (posix) return body.add(posix, 0);
  const nested = parseClass(cursor, isCaseInsensitive, room - 1 - body.depth);
  body.add(nested.set, nested.depth);
}

/** What looks like a POSIX class and has no known name is a class of characters. */
function takePosix(cursor: Cursor): ByteSet | undefined {
  const found = /^\[:(\^?)([a-z]+):\]/.exec(cursor.text.slice(cursor.at, cursor.at + 12));
  const set = found && POSIX[found[2]!];
  if (!set) return undefined;
  cursor.at += found[0].length;
  return found[1] ? complement(set) : set;
}

function parseRange(cursor: Cursor, body: ClassBody, start: number): void {
  const first = parsePrimitive(cursor);
  if (cursor.isAtEnd) cursor.fail("unclosed character class", start);
  const isRange = cursor.startsWith("-") && !cursor.startsWith("-]") && !cursor.startsWith("--");
  if (!isRange) {
    if (first.kind === "assertion") cursor.fail("invalid escape sequence in a character class");
    return first.kind === "set" ? body.add(first.set, 0) : body.addRange(first.value, first.value);
  }
  cursor.take();
  if (cursor.isAtEnd) cursor.fail("unclosed character class", start);
  const last = parsePrimitive(cursor);
  if (!("value" in first) || !("value" in last)) return cursor.fail("a range's bounds must be literals");
  if (first.value > last.value) cursor.fail("invalid character class range");
  body.addRange(first.value, last.value);
}

function parsePrimitive(cursor: Cursor): Escape {
  const start = cursor.at;
  const item: Escape = cursor.startsWith("\\")
    ? parseEscape(cursor)
    : { kind: "character", value: cursor.take().codePointAt(0)! };
  if (item.kind === "character" && item.value > 0x7f) {
    cursor.fail("Unicode is not allowed in a character class", start);
  }
  return item;
}

/** Reads the items between the brackets. Operators bind looser than adjacency, and to the left. */
class ClassBody {
  #left: { readonly set: ByteSet; readonly operator: Operator } | undefined;
  #set = byteSet();
  /** Deepest nesting so far. */
  depth = 0;
  /** Whether nothing has been read. */
  isEmpty = true;

  constructor(readonly isCaseInsensitive: boolean) {}

  addRange(from: number, to: number): void {
    addRange(this.#set, from, to);
    this.isEmpty = false;
  }

  add(set: ByteSet, depth: number): void {
    this.#set = union(this.#set, set);
    this.depth = Math.max(this.depth, depth);
    this.isEmpty = false;
  }

  operate(operator: Operator): void {
    this.#left = { set: this.finish(), operator };
    this.#set = byteSet();
    // An operator is a node of the engine's tree with its left side below.
    this.depth++;
    this.isEmpty = false;
  }

  finish(): ByteSet {
    const right = this.isCaseInsensitive ? foldCase(this.#set) : this.#set;
    if (!this.#left) return right;
    const set = OPERATIONS[this.#left.operator](this.#left.set, right);
    return this.isCaseInsensitive ? foldCase(set) : set;
  }
}
