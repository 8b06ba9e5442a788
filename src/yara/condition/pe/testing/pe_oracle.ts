/**
 * Answers about PE files: the engine's and ours.
 *
 * @module
 */

import { digest } from "../../../../../wasm/digest/mod.ts";
import { loadYaraX } from "../../../../../wasm/yara_x/mod.ts";
import { parseRuleFile } from "../../../parse_rule_file.ts";
import { TextRegexps } from "../../../program/text_regexps.ts";
import { evaluateValue } from "../../evaluate_loop.ts";
import {
  analyseRules,
  ContentModules,
  type DigestFunction,
  Evaluation,
  FALSE,
  TRUE,
  UNDEFINED,
} from "../../mod.ts";
import type { BooleanNode, ValueNode } from "../../tree.ts";
import type { Question } from "./pe_questions.ts";

/** Said where a value is undefined. */
const UNDEFINED_WORD = "undefined";

/** Answers in words, texts as their MD5; by question. */
export type Answers = readonly (string | undefined)[];

/** Digests of the core. */
export const digestOf: DigestFunction = (algorithm, bytes) => digest(bytes, [algorithm])[algorithm];

/** The engine's answers to questions; a question is asked by a rule that prints. */
export class PeOracle {
  #lines: string[] = [];

  private constructor(readonly questions: readonly Question[]) {}

  scan: (content: Uint8Array<ArrayBuffer>) => Promise<Answers> = () => Promise.reject(new Error("not open"));

  /** Compiles the questions. */
  static async open(questions: readonly Question[]): Promise<PeOracle & Disposable> {
    const oracle = new PeOracle(questions);
    const engine = await loadYaraX();
    const sources = questions.map(({ text, type }, i) => {
      const value = type === "s" ? `hash.md5(${text})` : text;
      const condition =
        `(not defined ${text} and console.log("${i} ${UNDEFINED_WORD}")) or console.log("${i} ", ${value})`;
      return {
        unit: String(i),
        text: `rule r${i} { condition: ${condition} }`,
        rules: [{ name: `r${i}`, start: 0 }],
      };
    });
    // Imports for all: each import costs the engine a reading of the file.
    const imports = { unit: "imports", text: 'import "pe" import "hash" import "console"', rules: [] };
    const rules = await engine.compile([imports, ...sources], {
      externals: {},
      onConsole: (line) => void oracle.#lines.push(line),
    });
    const [problem] = rules.problems;
    if (problem) throw new Error(`${questions[problem.source - 1]?.text}: ${problem.message}`);
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

  constructor(questions: readonly Question[]) {
    this.#values = questions.map(valueOf);
  }

  /** Answers for a file. */
  scan(content: Uint8Array): Answers {
    const evaluation = new Evaluation({
      content,
      modules: new ContentModules(content, digestOf),
      exists: () => FALSE,
      matches: () => ({ status: "unknown" }),
      rule: () => FALSE,
      regexpMatches: (regexp, text) => this.#regexps.matches(regexp, text),
    });
    return this.#values.map((value) => {
      evaluation.reset();
      return inWords(value, evaluateValue(value, evaluation));
    });
  }
}

/** The tree goes into a cache as JSON. */
function valueOf({ text, type }: Question): ValueNode {
  const condition = type === "b" ? text : `${text} == ${type === "i" ? "0" : '""'}`;
  const { rules } = parseRuleFile(`import "pe" rule r { condition: ${condition} }`);
  const inputs = [{ rule: rules[0]!, namespace: "default", modules: new Set(["pe"]) }];
  const [analysed] = analyseRules(inputs, {
    externals: {},
    checkRegexp: () => undefined,
    canMatch: () => true,
  });
  if (!analysed?.condition) throw new Error(`${text}: ${analysed?.reason}`);
  const tree: BooleanNode = JSON.parse(JSON.stringify(analysed.condition));
  return (type === "b" ? { t: "b", of: tree } : { t: type, of: (tree as { l: unknown }).l }) as ValueNode;
}

function inWords({ t }: ValueNode, value: ReturnType<typeof evaluateValue>): string | undefined {
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
  return digestOf("md5", Uint8Array.from(value, (character) => character.charCodeAt(0)));
}
