/**
 * Answers about PE files: YARA-X's and ours.
 *
 * @module
 */

import { parseRuleFile } from "../../parse_rule_file.ts";
import { TextRegexps } from "../../program/text_regexps.ts";
import { Work } from "../../work.ts";
import type { Value } from "../evaluation_context.ts";
import {
  analyseRules,
  ContentModules,
  type DigestFunction,
  Evaluation,
  FALSE,
  TRUE,
  UNDEFINED,
} from "../mod.ts";
import type { BooleanNode, ValueNode } from "../tree.ts";
import type { Question } from "./pe_questions.ts";

/** Questions of one rule. */
const TERMS_OF_RULE = 30;
/** The answer for an undefined value. */
const UNDEFINED_WORD = "undefined";

/** Answers in words, texts as their MD5; by question. */
export type Answers = readonly (string | undefined)[];

/** The part of the engine that is used here. */
export interface PrintingEngine {
  compile(
    sources: { unit: string; text: string; rules: never[] }[],
    options: { externals: Record<never, never>; onConsole: (line: string) => void },
  ): Promise<{
    readonly problems: readonly { readonly message: string }[];
    scan(
      content: Uint8Array<ArrayBuffer>,
      externals: Record<never, never>,
    ): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
    free(): void;
  }>;
}

/** The engine's answers to questions. A rule prints the answer of each question. */
export class PeOracle {
  #lines: string[] = [];

  private constructor(readonly questions: readonly Question[]) {}

  scan: (content: Uint8Array<ArrayBuffer>) => Promise<Answers> = () => Promise.reject(new Error("not open"));

  /** Compiles the questions. */
  static async open(engine: PrintingEngine, questions: readonly Question[]): Promise<PeOracle & Disposable> {
    const oracle = new PeOracle(questions);
    const terms = questions.map(({ text, type }, i) => {
      const value = type === "s" ? `hash.md5(${text})` : `(${text})`;
      const isUndefined = `not defined (${text}) and console.log("${i} ${UNDEFINED_WORD}")`;
      return `((${isUndefined}) or console.log("${i} ", ${value}) or filesize >= 0)`;
    });
    // The engine parses the file for each import, and each rule costs time.
    const imports = 'import "pe" import "hash" import "console" import "math"';
    const sources = Array.from({ length: Math.ceil(terms.length / TERMS_OF_RULE) }, (_, i) => {
      const own = terms.slice(i * TERMS_OF_RULE, (i + 1) * TERMS_OF_RULE);
      const rule = `rule r${i} { condition: ${own.join(" and ")} }`;
      return { unit: String(i), text: i === 0 ? `${imports} ${rule}` : rule, rules: [] };
    });
    const rules = await engine.compile(sources, {
      externals: {},
      onConsole: (line) => void oracle.#lines.push(line),
    });
    const [problem] = rules.problems;
    if (problem) throw new Error(problem.message);
    oracle.scan = async (content) => {
      oracle.#lines = [];
      const outcome = await rules.scan(content, {});
      if (!outcome.ok) throw new Error(outcome.message);
      return oracle.#answers();
    };
    return Object.assign(oracle, { [Symbol.dispose]: () => rules.free() });
  }

  #answers(): Answers {
    const answers: (string | undefined)[] = new Array(this.questions.length).fill(undefined);
    for (const line of this.#lines) {
      const space = line.indexOf(" ");
      answers[Number(line.slice(0, space))] = line.slice(space + 1);
    }
    return answers;
  }
}

/** Our answers to questions; undefined: not known. */
export class OwnAnswers {
  readonly #values: readonly ValueNode[];
  readonly #regexps = new TextRegexps();

  constructor(questions: readonly Question[], readonly digest: DigestFunction) {
    this.#values = questions.map(valueOf);
  }

  /** Returns the answers for a file. */
  scan(content: Uint8Array): Answers {
    const evaluation = new Evaluation({
      content,
      modules: new ContentModules(content, this.digest),
      exists: () => FALSE,
      matches: () => ({ status: "unknown" }),
      rule: () => FALSE,
      regexpMatches: (regexp, text) => this.#regexps.matches(regexp, text, new Work()),
    });
    return this.#values.map((value) => {
      evaluation.reset();
      return inWords(value, evaluation.value(value), this.digest);
    });
  }
}

/** The tree goes into a cache as JSON. */
function valueOf({ text, type }: Question): ValueNode {
  const condition = type === "b" ? text : `${text} == ${type === "i" ? "0" : '""'}`;
  const { rules } = parseRuleFile(`import "pe" import "math" rule r { condition: ${condition} }`);
  const inputs = [{ rule: rules[0]!, namespace: "default", modules: new Set(["pe", "math"]) }];
  const [analysed] = analyseRules(inputs, {
    externals: {},
    checkRegexp: () => undefined,
    canMatch: () => true,
  });
  if (!analysed?.condition) throw new Error(`${text}: ${analysed?.reason}`);
  const tree: BooleanNode = JSON.parse(JSON.stringify(analysed.condition));
  return (type === "b" ? { t: "b", of: tree } : { t: type, of: (tree as { l: unknown }).l }) as ValueNode;
}

function inWords({ t }: ValueNode, value: Value, digest: DigestFunction): string | undefined {
  if (t === "b") {
    return value === TRUE
      ? "true"
      : value === FALSE
      ? "false"
      : value === UNDEFINED
      ? UNDEFINED_WORD
      : undefined;
  }
  if (value === null) return UNDEFINED_WORD;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return undefined;
  return digest("md5", Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
