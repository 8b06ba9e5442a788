/**
 * Reads a whole text of YARA rules.
 *
 * The grammar is that of YARA-X, which accepts nearly all that YARA 4 does. A rule that breaks it is left out, and
 * the parser continues where the next one seems to begin.
 *
 * @module
 */

import { readCondition } from "./parse_condition.ts";
import { readPlainText, readRawText } from "./parse_literal.ts";
import { readMeta } from "./parse_meta.ts";
import { readPatterns } from "./parse_patterns.ts";
import { Parser } from "./parser.ts";
import type { RuleFileSyntax, RuleHead, RuleSyntax, SyntaxProblem } from "./syntax.ts";
import { LineFinder, SyntaxFailure } from "./syntax_failure.ts";
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  COLON,
  CONDITION,
  END,
  GLOBAL,
  IMPORT,
  INCLUDE,
  META,
  PRIVATE,
  RULE,
  STRINGS,
  TEXT,
  WORD,
} from "./token_kind.ts";

/**
 * Reads rules, imports and includes; it never throws.
 *
 * ```ts
 * import { parseRuleFile } from "./parse_rule_file.ts";
 *
 * const { rules, problems } = parseRuleFile("rule bad { condition: } rule good { condition: filesize > 1KB }");
 * console.assert(rules.length === 1 && rules[0]!.name === "good");
 * console.assert(problems[0]!.rule === "bad" && problems[0]!.message === 'found "}", should be an expression');
 * ```
 */
export function parseRuleFile(source: string): RuleFileSyntax {
  const reader = new FileReader(source);
  while (reader.parser.kind !== END) reader.readItem();
  const { rules, imports, includes, refused, problems } = reader;
  return { rules, imports, includes, refused, problems };
}

type Mutable<List extends readonly unknown[]> = List[number][];

class FileReader implements RuleFileSyntax {
  readonly rules: Mutable<RuleFileSyntax["rules"]> = [];
  readonly imports: Mutable<RuleFileSyntax["imports"]> = [];
  readonly includes: Mutable<RuleFileSyntax["includes"]> = [];
  readonly refused: Mutable<RuleFileSyntax["refused"]> = [];
  readonly problems: Mutable<RuleFileSyntax["problems"]> = [];
  readonly parser: Parser;
  readonly #lines: LineFinder;
  /** The name of the current rule, once it is known. */
  #rule: string | undefined;
  /** The head of the current rule, once it was read. */
  #head: RuleHead | undefined;
  /** Whether a rule was broken and none was read since. */
  #isAfterBrokenRule = false;

  constructor(source: string) {
    this.parser = new Parser(source, readCondition);
    this.#lines = new LineFinder(source);
  }

  /** Reads one rule or directive, or skips other text. */
  readItem(): void {
    const { start } = this.parser;
    this.#rule = undefined;
    this.#head = undefined;
    try {
      this.#readDeclaration();
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure)) throw failure;
      const problem = this.#problemOf(failure);
      this.problems.push(problem);
      this.parser.surface();
      if (this.parser.start === start) this.parser.next();
      this.#addRefused(start, skipToDeclaration(this.parser), problem);
    }
  }

  #addRefused(start: number, end: number, problem: SyntaxProblem): void {
    if (this.#rule === undefined) return;
    this.#isAfterBrokenRule = true;
    this.refused.push({ name: this.#rule, start, end, problem, ...(this.#head && { head: this.#head }) });
  }

  #readDeclaration(): void {
    switch (this.parser.kind) {
      case RULE:
      case PRIVATE:
      case GLOBAL:
        this.rules.push(this.#readRule());
        break;
      case IMPORT:
        this.#readImport();
        break;
      case INCLUDE:
        this.#readInclude();
        break;
      default:
        this.parser.refuse('"rule", "import" or "include"');
    }
  }

  #readImport(): void {
    const at = this.parser.start;
    this.parser.next();
    this.imports.push({ name: readPlainText(this.parser, "the name of a module in quotes"), at });
  }

  #readInclude(): void {
    const { parser } = this;
    const { start } = parser;
    parser.next();
    const path = readRawText(parser, "a path in quotes");
    // The include may be inside the broken rule, whose rest is not a problem of its own.
    const end = this.#isAfterBrokenRule ? skipToDeclaration(parser) : parser.previousEnd;
    this.includes.push({ path, start, end, line: this.#lines.line(start) });
  }

  #readRule(): RuleSyntax {
    const { parser } = this;
    const head = this.#head = this.#readHead();
    const { offsets } = parser;
    const condition = parser.readCondition();
    const hasOffsets = parser.offsets > offsets;
    parser.expectBehind(BRACE_CLOSE, ' or "}"');
    this.#isAfterBrokenRule = false;
    return { ...head, end: parser.previousEnd, condition, hasOffsets };
  }

  #readHead(): RuleHead {
    const { parser } = this;
    const { start } = parser;
    const { isPrivate, isGlobal, repeatedAt } = readRuleModifiers(parser);
    if (parser.kind !== WORD) parser.refuse("the name of a rule");
    const name = this.#rule = parser.text();
    const line = this.#lines.line(parser.start);
    if (repeatedAt !== undefined) parser.fail("a modifier of the rule is repeated", repeatedAt);
    parser.next();
    const tags = parser.takeIf(COLON) ? readTags(parser) : [];
    parser.expect(BRACE_OPEN, tags.length > 0 ? 'a tag or "{"' : '":" or "{"');
    const meta = takeSection(parser, META) ? readMeta(parser) : [];
    const patterns = takeSection(parser, STRINGS) ? readPatterns(parser) : [];
    if (!takeSection(parser, CONDITION)) parser.refuse(wantedSection(meta.length, patterns.length));
    const conditionAt = parser.previousEnd;
    return { name, start, line, isPrivate, isGlobal, tags, meta, patterns, conditionAt };
  }

  #problemOf({ message, at }: SyntaxFailure): SyntaxProblem {
    const line = this.#lines.line(at);
    const column = this.#lines.column(at);
    return this.#rule === undefined
      ? { message, at, line, column }
      : { message, at, line, column, rule: this.#rule };
  }
}

interface RuleModifiers {
  readonly isPrivate: boolean;
  readonly isGlobal: boolean;
  /** Offset of a repeated modifier. */
  readonly repeatedAt?: number;
}

/** Each once, in any order. */
function readRuleModifiers(parser: Parser): RuleModifiers {
  let isPrivate = false;
  let isGlobal = false;
  let repeatedAt: number | undefined;
  for (; parser.kind === PRIVATE || parser.kind === GLOBAL; parser.next()) {
    if (parser.kind === PRIVATE ? isPrivate : isGlobal) repeatedAt ??= parser.start;
    if (parser.kind === PRIVATE) isPrivate = true;
    else isGlobal = true;
  }
  parser.expect(RULE, '"rule"');
  return { isPrivate, isGlobal, repeatedAt };
}

function readTags(parser: Parser): string[] {
  if (parser.kind !== WORD) parser.refuse("a tag");
  const tags = new Set<string>();
  while (parser.kind === WORD) {
    const tag = parser.text();
    if (tags.has(tag)) parser.fail(`the tag "${tag}" is repeated`);
    tags.add(tag);
    parser.next();
  }
  return [...tags];
}

function takeSection(parser: Parser, keyword: number): boolean {
  if (!parser.takeIf(keyword)) return false;
  parser.expect(COLON, '":"');
  return true;
}

function wantedSection(entries: number, patterns: number): string {
  if (patterns > 0) return 'a modifier, a pattern or "condition:"';
  return entries > 0 ? 'an entry, "strings:" or "condition:"' : '"meta:", "strings:" or "condition:"';
}

/**
 * Goes to what looks like the beginning of a rule or directive, or to the end of the text; the result is the offset behind
 * the token before that.
 */
function skipToDeclaration(parser: Parser): number {
  for (;;) {
    const { start, previousEnd } = parser;
    if (parser.kind === END) return previousEnd;
    while (parser.kind === PRIVATE || parser.kind === GLOBAL) parser.next();
    if (isDeclaration(parser)) {
      parser.readAt(start);
      return previousEnd;
    }
    if (parser.start === start) parser.next();
  }
}

/** In broken text the keywords may be anything, so that the token behind decides. */
function isDeclaration(parser: Parser): boolean {
  const { kind, start } = parser;
  if (kind !== RULE && kind !== IMPORT && kind !== INCLUDE) return false;
  parser.next();
  const isFound = parser.kind === (kind === RULE ? WORD : TEXT);
  parser.readAt(start);
  return isFound;
}
