/**
 * Collects the files of a rule set. Follows every `include` in the order of the text.
 *
 * A file that was read is not read again, so that a set with an index file works beside its members; classic YARA
 * would call the rules of the second copy duplicates. A file whose include can't be followed is left out.
 *
 * @module
 */

import { parseRuleFile } from "./parse_rule_file.ts";
import { resolveInclude } from "./path.ts";
import type { RuleProblem } from "./rule_problem.ts";
import type { IncludeSyntax } from "./syntax.ts";

/** Deepest nesting of includes; the file that was named is at depth 1. */
export const MAX_INCLUDE_DEPTH = 16;
/** Most files in a rule set, included ones counted. */
export const MAX_RULE_FILES = 20_000;
/** Most bytes in a rule set. */
export const MAX_RULE_SET_BYTES = 100_000_000;

/** The answer of a reader: the bytes of a file, or the reason why it can't be read. */
export type RuleBytes = { readonly bytes: Uint8Array } | { readonly failure: string };

/** Reads one rule file; gets paths as they were given or as an include resolved. */
export type RuleReader = (path: string) => RuleBytes | Promise<RuleBytes>;

/** A piece of a rule file between two includes; most files have one. */
export interface RulePiece {
  /** As it was named, or as an include resolved. */
  readonly file: string;
  /** The file that was asked for, which may be this one; its rules and those it includes share a namespace. */
  readonly root: string;
  /** Line of the file on which the piece begins, from 1. */
  readonly firstLine: number;
  /** The characters of the piece. */
  readonly text: string;
}

/** The files of a rule set, includes resolved. */
export interface CollectedRules {
  /** In the order in which a compiler must see them. */
  readonly pieces: readonly RulePiece[];
  /** What was read, file by file in the order of reading, where it is at hand: pieces of the same places and contents are equal. */
  readonly contents?: readonly Uint8Array[];
  /** One or more for every file that is left out. */
  readonly problems: readonly RuleProblem[];
}

/**
 * Reads rule files and all that they include.
 *
 * ```ts
 * import { collectRules } from "./collect.ts";
 *
 * const files: Record<string, string> = {
 *   "rules/index.yar": 'include "a.yar"',
 *   "rules/a.yar": "rule a { condition: true }",
 * };
 * const { pieces } = await collectRules(["rules/index.yar"], (path) => {
 *   const text = files[path];
 *   return text === undefined ? { failure: "it does not exist" } : { bytes: new TextEncoder().encode(text) };
 * });
 * console.assert(pieces.some((piece) => piece.file === "rules/a.yar"));
 * ```
 *
 * @param files paths of the files that were asked for
 */
export async function collectRules(files: readonly string[], read: RuleReader): Promise<CollectedRules> {
  const collector = new Collector(read);
  for (const file of files) {
    const message = await collector.add(file);
    if (message !== undefined) collector.problems.push({ file, message });
  }
  return { pieces: collector.pieces, contents: collector.contents, problems: collector.problems };
}

/**
 * The word, followed by a path or a comment. With a sign before it, as in C's `#include`, it is the name of
 * a pattern.
 */
const MAY_INCLUDE = /(?<![#$@!])\binclude\s*(?:"[^"\n]*"|\/[/*])/;

const DECODER = new TextDecoder();

class Collector {
  pieces: RulePiece[] = [];
  readonly contents: Uint8Array[] = [];
  readonly problems: RuleProblem[] = [];
  /** File → why it could not be read. */
  readonly #seen = new Map<string, string | undefined>();
  readonly #open: string[] = [];
  #sizeBytes = 0;

  constructor(readonly read: RuleReader) {}

  /** Adds a file and what it includes; the answer is why it could not be read. */
  async add(file: string): Promise<string | undefined> {
    if (this.#seen.has(file)) return this.#seen.get(file);
    const answer = await this.#readWithinLimits(file);
    const failure = "failure" in answer ? answer.failure : undefined;
    this.#seen.set(file, failure);
    if ("failure" in answer) return failure;
    // Bytes that are no UTF-8 become U+FFFD; where that matters the file is refused when it is prepared.
    const text = DECODER.decode(answer.bytes);
    // Most files include nothing, and this finds out without parsing them.
    if (MAY_INCLUDE.test(text)) await this.#addPieces(file, text);
    else this.pieces.push({ file, root: this.#open[0] ?? file, firstLine: 1, text });
    return undefined;
  }

  async #readWithinLimits(file: string): Promise<RuleBytes> {
    if (this.#seen.size >= MAX_RULE_FILES) return { failure: `the limit is ${MAX_RULE_FILES} rule files` };
    const answer = await this.read(file);
    if ("failure" in answer) return answer;
    if (this.#sizeBytes + answer.bytes.length > MAX_RULE_SET_BYTES) {
      return { failure: `the limit of a rule set is ${MAX_RULE_SET_BYTES} bytes` };
    }
    this.#sizeBytes += answer.bytes.length;
    this.contents.push(answer.bytes);
    return answer;
  }

  async #addPieces(file: string, text: string): Promise<void> {
    let start = 0;
    let firstLine = 1;
    let isWhole = true;
    this.#open.push(file);
    const root = this.#open[0]!;
    for (const include of parseRuleFile(text).includes) {
      this.pieces.push({ file, root, firstLine, text: text.slice(start, include.start) });
      start = include.end;
      firstLine = include.line + countLineFeeds(text, include.start, include.end);
      isWhole = await this.#follow(file, include) && isWhole;
    }
    this.#open.pop();
    this.pieces.push({ file, root, firstLine, text: text.slice(start) });
    if (!isWhole) this.pieces = this.pieces.filter((piece) => piece.file !== file);
  }

  /** Whether the include could be followed; if not, the including file has a problem. */
  async #follow(file: string, include: IncludeSyntax): Promise<boolean> {
    const path = resolveInclude(file, include.path);
    const failure = this.#refusal(path) ?? await this.add(path);
    if (failure === undefined) return true;
    const message = `include "${include.path}" can't be followed: ${failure}`;
    this.problems.push({ file, line: include.line, message });
    return false;
  }

  #refusal(path: string): string | undefined {
    if (this.#open.includes(path)) return "the file includes itself by way of this one";
    if (this.#open.length >= MAX_INCLUDE_DEPTH) return `the limit is ${MAX_INCLUDE_DEPTH} levels`;
    return undefined;
  }
}

function countLineFeeds(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = text.indexOf("\n", start); i >= 0 && i < end; i = text.indexOf("\n", i + 1)) count++;
  return count;
}
