/**
 * Reads regular expressions as YARA-X 1.20 does: the grammar of the Rust crate `regex-syntax` without Unicode, and
 * the engine's own checks.
 *
 * @module
 */

import type { RegexpSyntax } from "../syntax.ts";
import { ANY_BUT_NEWLINE, ANY_BYTE, bothCases } from "./byte_set.ts";
import { parseClass } from "./class_parser.ts";
import { Cursor, OpaqueRegexp, RegexpProblem } from "./cursor.ts";
import { parseEscape } from "./escape.ts";
import { parseGroupHead, type RegexpFlags } from "./group_head.ts";
import { MAX_REGEXP_CHARS, MAX_REGEXP_DEPTH } from "./limits.ts";
import { fewestBytes, hasNode, type RegexpNode } from "./node.ts";
import { parseCount } from "./repetition_parser.ts";
import { checkDepth, checkPrefix, greedinessOf } from "./source_checks.ts";
import { meaningOf, type SourceNode } from "./source_tree.ts";

/** A string of a rule, or the right side of `matches`, where more is allowed: empty matches, mixed greediness. */
export type RegexpUse = "pattern" | "operator";

/** What was read, or what is wrong where; `offset` is in characters of the source. */
export type ParsedRegexp =
  /** `isGreedy` is absent where there are no repetitions. */
  | { readonly node: RegexpNode; readonly isGreedy?: boolean }
  | { readonly problem: string; readonly offset: number };

/**
 * Reads a regular expression; the modifier `nocase` is the flag `i`.
 *
 * The source holds one character for each byte of UTF-8, as `syntax.ts` has it; offsets are those of bytes.
 */
export function parseRegexp(syntax: RegexpSyntax, use: RegexpUse = "pattern"): ParsedRegexp {
  const source = syntax.source.length > MAX_REGEXP_CHARS ? undefined : textOf(syntax.source);
  if (source === undefined) return { node: { kind: "opaque" } };
  try {
    const root = new Parser(source, syntax).parse();
    checkDepth(root);
    checkPrefix(root);
    const isGreedy = use === "pattern" ? greedinessOf(root) : undefined;
    const node = meaningOf(root);
    if (use === "pattern" && fewestBytes(node) === 0) checkEmptiness(node);
    return isGreedy === undefined ? { node } : { node, isGreedy };
  } catch (error) {
    if (error instanceof OpaqueRegexp) return { node: { kind: "opaque" } };
    if (error instanceof RegexpProblem) return problemOf(error, source);
    throw error;
  }
}

function checkEmptiness(node: RegexpNode): void {
  if (hasNode(node, ({ kind }) => kind === "opaque")) return;
  throw new RegexpProblem("this regexp can match empty strings", 0);
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The characters that the bytes stand for; nothing where they stand for none. */
function textOf(source: string): string | undefined {
  const bytes = new Uint8Array(source.length);
  let highest = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    bytes[at] = code;
    highest = Math.max(highest, code);
  }
  if (highest <= 0x7f) return source;
  if (highest > 0xff) return undefined;
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}

function problemOf({ message, offset }: RegexpProblem, source: string): ParsedRegexp {
  return { problem: message, offset: ENCODER.encode(source.slice(0, offset)).length };
}

class Parser {
  readonly #cursor: Cursor;
  readonly #isWholeDotAll: boolean;
  readonly #names = new Set<string>();
  #flags: RegexpFlags;
  #groups = 0;

  constructor(source: string, syntax: RegexpSyntax) {
    this.#cursor = new Cursor(source);
    this.#isWholeDotAll = syntax.isDotAll ?? false;
    this.#flags = {
      isCaseInsensitive: syntax.isCaseInsensitive ?? false,
      isDotAll: syntax.isDotAll ?? false,
    };
  }

  parse(): SourceNode {
    const root = this.#parseChoice();
    if (!this.#cursor.isAtEnd) this.#cursor.fail("unopened group");
    return root;
  }

  #parseChoice(): SourceNode {
    const branches = [this.#parseSequence()];
    while (this.#cursor.takeIf("|")) branches.push(this.#parseSequence());
    return branches.length === 1 ? branches[0]! : { kind: "choice", parts: branches };
  }

  #parseSequence(): SourceNode {
    const cursor = this.#cursor;
    const parts: SourceNode[] = [];
    let repetitions = 0;
    while (!cursor.isAtEnd && !cursor.startsWith("|") && !cursor.startsWith(")")) {
      const offset = cursor.at;
      const count = parseCount(cursor);
      if (!count) {
        repetitions = 0;
        parts.push(this.#parseAtom());
        continue;
      }
      const of = parts.pop();
      if (!of || of.kind === "flags") return cursor.fail("repetition operator missing expression", offset);
      if (++repetitions > MAX_REGEXP_DEPTH) cursor.fail("nesting is too deep");
      parts.push({ kind: "repetition", of, ...count, isGreedy: !cursor.takeIf("?"), offset });
    }
    if (parts.length === 0) return { kind: "leaf", node: { kind: "empty" } };
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #parseAtom(): SourceNode {
    const cursor = this.#cursor;
    if (cursor.startsWith("(")) return this.#parseGroup();
    if (cursor.startsWith("[")) {
      const room = MAX_REGEXP_DEPTH - this.#groups;
      const { set, depth } = parseClass(cursor, this.#flags.isCaseInsensitive, room);
      return { kind: "leaf", node: { kind: "set", set }, depth };
    }
    if (cursor.startsWith("\\")) return { kind: "leaf", node: this.#parseEscape() };
    const char = cursor.take();
    if (char === ".") return this.#dot();
    if (char === "^") return { kind: "leaf", node: { kind: "assertion", assertion: "start" } };
    if (char === "$") return { kind: "leaf", node: { kind: "assertion", assertion: "end" } };
    return { kind: "leaf", node: this.#character(char.codePointAt(0)!) };
  }

  #dot(): SourceNode {
    const set = this.#flags.isDotAll ? ANY_BYTE : ANY_BUT_NEWLINE;
    return { kind: "leaf", node: { kind: "set", set }, ...this.#isWholeDotAll && { isArbitrary: true } };
  }

  #parseGroup(): SourceNode {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (++this.#groups > MAX_REGEXP_DEPTH) cursor.fail("nesting is too deep");
    const before = this.#flags;
    const head = parseGroupHead(cursor, before, this.#names);
    this.#flags = head.flags;
    if (head.isDirective) {
      this.#groups--;
      return { kind: "flags" };
    }
    const of = this.#parseChoice();
    if (!cursor.takeIf(")")) cursor.fail("unclosed group", start);
    this.#flags = before;
    this.#groups--;
    return { kind: "group", of };
  }

  #parseEscape(): RegexpNode {
    const escape = parseEscape(this.#cursor);
    if (escape.kind === "byte" && escape.value > 0x7f) return { kind: "byte", value: escape.value };
    return "value" in escape ? this.#character(escape.value) : escape;
  }

  #character(code: number): RegexpNode {
    if (code > 0x7f) {
      const bytes = ENCODER.encode(String.fromCodePoint(code));
      return { kind: "sequence", parts: Array.from(bytes, (value) => ({ kind: "byte", value })) };
    }
    const set = this.#flags.isCaseInsensitive ? bothCases(code) : undefined;
    return set ? { kind: "set", set } : { kind: "byte", value: code };
  }
}
