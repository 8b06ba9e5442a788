/**
 * The declarations of a YARA text without their meaning: which rules it holds, their tags, metadata and patterns, and
 * what it includes. A text that breaks the grammar gives the outline of what could be made out; to judge it is the
 * compiler's business.
 *
 * @module
 */

import { textBytes, textOrBytes } from "./text.ts";
import { type Token, type Tokens, tokenText } from "./token.ts";

/**
 * A value of a rule's metadata. A text that is no UTF-8 is bytes; an integer that JavaScript would round is its
 * decimal digits.
 */
export type MetaValue = string | number | boolean | Uint8Array;

/** One entry of a rule's metadata. */
export interface MetaEntry {
  /** As it is written; a name may come twice in a rule. */
  readonly name: string;
  /** What is written behind the equals sign. */
  readonly value: MetaValue;
  /** Offset of the value, its sign included, in UTF-16 units. */
  readonly start: number;
  /** Offset behind the value. */
  readonly end: number;
}

/** A place where something is written. */
export interface Span {
  /** The word, or the path without its quotes. */
  readonly text: string;
  /** Offset of the first character, in UTF-16 units. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

/** One rule. */
export interface RuleOutline {
  /** The identifier. */
  readonly name: string;
  /** Offset of the rule's first word, `private` and `global` included. */
  readonly start: number;
  /** Line of the rule's name, from 1. */
  readonly line: number;
  /** Whether the rule is used by others alone. */
  readonly isPrivate: boolean;
  /** Whether all other rules depend on it. */
  readonly isGlobal: boolean;
  /** In the order of the text. */
  readonly tags: readonly string[];
  /** In the order of the text. */
  readonly meta: readonly MetaEntry[];
  /** Identifiers as they are declared, `$` for an anonymous one, without those marked `private`. */
  readonly patterns: readonly string[];
  /** Words of the condition that may name an external variable: all but members behind a dot. */
  readonly conditionWords: readonly Span[];
}

/** The declarations of a text, in their order. */
export interface Outline {
  /** In the order of the text. */
  readonly rules: readonly RuleOutline[];
  /** Paths as they are written, without quotes; the span covers the whole directive. */
  readonly includes: readonly Span[];
  /** Names of the modules that the text imports. */
  readonly imports: readonly string[];
}

/** Reads the outline of a text. */
export function outlineOf(tokens: Tokens): Outline {
  const reader = new TokenReader(tokens);
  const rules: RuleOutline[] = [];
  const includes: Span[] = [];
  const imports: string[] = [];
  for (let token = reader.take(); token; token = reader.take()) {
    const word = reader.text(token);
    if (word === "include" && reader.peek()?.kind === "text") {
      const path = reader.take()!;
      const text = reader.text(path).slice(1, -1);
      includes.push({ text, start: token.start, end: path.end, line: token.line });
    } else if (word === "import" && reader.peek()?.kind === "text") {
      imports.push(reader.text(reader.take()).slice(1, -1));
    } else if (word === "rule" || word === "private" || word === "global") {
      const rule = readRule(reader, token);
      if (rule) rules.push(rule);
    }
  }
  return { rules, includes, imports };
}

class TokenReader {
  #next = 0;
  constructor(readonly tokens: Tokens) {}

  peek(): Token | undefined {
    return this.tokens.tokens[this.#next];
  }

  take(): Token | undefined {
    return this.tokens.tokens[this.#next++];
  }

  text(token: Token | undefined): string {
    return token ? tokenText(this.tokens.source, token) : "";
  }

  /** Takes the next token if it reads so. */
  takeIf(text: string): boolean {
    if (this.text(this.peek()) !== text) return false;
    this.#next++;
    return true;
  }
}

function readRule(reader: TokenReader, first: Token): RuleOutline | undefined {
  const modifiers: string[] = [];
  let word = reader.text(first);
  while (word === "private" || word === "global") {
    modifiers.push(word);
    word = reader.text(reader.take());
  }
  const name = reader.peek();
  if (word !== "rule" || name?.kind !== "word") return undefined;
  reader.take();
  const tags = reader.takeIf(":") ? readTags(reader) : [];
  if (!reader.takeIf("{")) return undefined;
  const meta = takeSection(reader, "meta") ? readMeta(reader) : [];
  const patterns = takeSection(reader, "strings") ? readPatterns(reader) : [];
  const conditionWords = takeSection(reader, "condition") ? readCondition(reader) : [];
  return {
    name: reader.text(name),
    start: first.start,
    line: name.line,
    isPrivate: modifiers.includes("private"),
    isGlobal: modifiers.includes("global"),
    tags,
    meta,
    patterns,
    conditionWords,
  };
}

function readTags(reader: TokenReader): string[] {
  const tags: string[] = [];
  while (reader.peek()?.kind === "word") tags.push(reader.text(reader.take()));
  return tags;
}

function takeSection(reader: TokenReader, name: string): boolean {
  return reader.takeIf(name) && reader.takeIf(":");
}

function readMeta(reader: TokenReader): MetaEntry[] {
  const entries: MetaEntry[] = [];
  while (reader.peek()?.kind === "word" && !isSectionName(reader.text(reader.peek()))) {
    const name = reader.text(reader.take());
    if (!reader.takeIf("=")) break;
    const start = reader.peek()?.start ?? 0;
    const isNegative = reader.takeIf("-");
    const token = reader.take();
    const value = token && metaValue(token.kind, reader.text(token), isNegative);
    if (value !== undefined) entries.push({ name, value, start, end: token!.end });
  }
  return entries;
}

function isSectionName(word: string): boolean {
  return word === "strings" || word === "condition";
}

function metaValue(kind: Token["kind"], text: string, isNegative: boolean): MetaValue | undefined {
  if (kind === "text") return textOrBytes(textBytes(text));
  if (text === "true" || text === "false") return text === "true";
  if (kind !== "number") return undefined;
  const sign = isNegative ? -1 : 1;
  if (text.includes(".")) return sign * Number(text);
  const integer = BigInt(sign) * integerValue(text);
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer);
}

function integerValue(text: string): bigint {
  if (text.endsWith("KB")) return BigInt(text.slice(0, -2)) * 1024n;
  if (text.endsWith("MB")) return BigInt(text.slice(0, -2)) * 1048576n;
  return BigInt(text);
}

/** Reads `$name = value modifiers …`; a modifier's arguments in brackets hold no pattern. */
function readPatterns(reader: TokenReader): string[] {
  const patterns: string[] = [];
  while (reader.peek()?.kind === "pattern") {
    const identifier = reader.text(reader.take());
    let isPrivate = false;
    for (let next = reader.peek(); next && continuesPattern(reader, next); next = reader.peek()) {
      isPrivate ||= reader.text(next) === "private";
      reader.take();
    }
    if (!isPrivate) patterns.push(identifier);
  }
  return patterns;
}

function continuesPattern(reader: TokenReader, token: Token): boolean {
  return token.kind !== "pattern" && reader.text(token) !== "condition" && reader.text(token) !== "}";
}

function readCondition(reader: TokenReader): Span[] {
  const words: Span[] = [];
  let previous: string | undefined;
  for (let token = reader.take(); token; token = reader.take()) {
    const text = reader.text(token);
    if (text === "}") break;
    if (token.kind === "word" && previous !== ".") {
      words.push({ text, start: token.start, end: token.end, line: token.line });
    }
    previous = text;
  }
  return words;
}
