/**
 * The state of one evaluation: facts, variables, and the work that is left.
 *
 * @module
 */

import { Work } from "../work.ts";
import type { ExternalValue, Facts } from "./facts.ts";
import { type FloatValue, truthOfFloat } from "./float.ts";
import { type IntegerValue, truthOfInteger } from "./integer.ts";
import { ContentModules } from "./content_modules.ts";
import type { ModuleReader, ModuleValue } from "./module_value.ts";
import type { Possible } from "./possible.ts";
import { byteText, SOME_TEXT, type TextValue, truthOfText } from "./text_value.ts";
import type { BooleanNode, FloatNode, IntegerNode, TextNode, ValueNode } from "./tree.ts";

/**
 * Work of one evaluation, in nodes of the condition within loops and bytes that functions read, roughly; some
 * milliseconds. The result of what is left over is unknown.
 */
export const MAX_EVALUATION_STEPS = 500_000;

/** Characters of texts that are compared or searched for the price of a step. */
const CHARACTERS_PER_STEP = 16;

/** A value of a variable. */
export type Value = Possible | IntegerValue | FloatValue | TextValue | ModuleValue;

/**
 * State of an evaluation, through which its parts evaluate their operands; facts that are computed once are kept for all
 * conditions of a content.
 */
export abstract class EvaluationContext {
  /** The pattern of the innermost loop over patterns. */
  pattern = -1;
  /** Values of variables. */
  readonly slots: Value[] = [];
  #stepsLeft = MAX_EVALUATION_STEPS;
  #modules: ContentModules | undefined;
  readonly #computed = new Map<string, FloatValue>();
  readonly #texts = new Map<string, TextValue>();

  /** @param work budget of all conditions of a content together */
  constructor(readonly facts: Facts, readonly work = new Work()) {}

  /** Returns the possible values of a condition. */
  abstract boolean(node: BooleanNode): Possible;
  /** Returns the possible values of an integer. */
  abstract integer(node: IntegerNode): IntegerValue;
  /** Returns the possible values of a float. */
  abstract float(node: FloatNode): FloatValue;
  /** Returns the possible values of a text. */
  abstract text(node: TextNode): TextValue;

  /** Returns the possible values of a node of any type. */
  value(value: ValueNode): Value {
    switch (value.t) {
      case "b":
        return this.boolean(value.of);
      case "i":
        return this.integer(value.of);
      case "f":
        return this.float(value.of);
      case "s":
        return this.text(value.of);
    }
  }

  /** Returns the possible truth values of a node of any type. */
  truth(value: ValueNode): Possible {
    switch (value.t) {
      case "b":
        return this.boolean(value.of);
      case "i":
        return truthOfInteger(this.integer(value.of));
      case "f":
        return truthOfFloat(this.float(value.of));
      case "s":
        return truthOfText(this.text(value.of));
    }
  }

  /** Starts the next condition. */
  reset(): void {
    this.#stepsLeft = MAX_EVALUATION_STEPS;
    this.pattern = -1;
  }

  /** Spends steps; false: fewer are left. */
  spend(steps: number): boolean {
    if (!(steps <= this.#stepsLeft && steps <= this.work.stepsLeft)) return false;
    this.#stepsLeft -= steps;
    this.work.spend(steps);
    return true;
  }

  /** Spends the steps for reading texts; false: fewer are left. */
  spendOnTexts(left: TextValue, right: TextValue): boolean {
    return this.spend((sizeOf(left) + sizeOf(right)) / CHARACTERS_PER_STEP);
  }

  /** Index in the rule of a pattern of the tree. */
  patternIndex(p: number): number {
    return p < 0 ? this.pattern : p;
  }

  /** Value of an external variable; undefined: unknown. */
  external(name: string): ExternalValue | undefined {
    const { externals } = this.facts;
    return externals && Object.hasOwn(externals, name) ? externals[name] : undefined;
  }

  /** The bytes of an external variable that is a text. */
  externalText(name: string): TextValue {
    let text = this.#texts.get(name);
    if (text === undefined) {
      const value = this.external(name);
      this.#texts.set(name, text = typeof value === "string" ? byteText(value) : SOME_TEXT);
    }
    return text;
  }

  /** Whether a module certainly has no values for the content. */
  isAbsent(module: string): boolean {
    return this.#contentModules?.isAbsent(module) ?? false;
  }

  /** Returns a module's values for the content; undefined: not known. */
  reader(module: string): ModuleReader | undefined {
    return this.#contentModules?.reader(module);
  }

  get #contentModules(): ContentModules | undefined {
    const { modules, content } = this.facts;
    return modules ?? (this.#modules ??= content && new ContentModules(content));
  }

  /** Returns a value that is computed at most once for a content. */
  once(key: string, compute: () => FloatValue): FloatValue {
    let value = this.#computed.get(key);
    if (value === undefined) this.#computed.set(key, value = compute());
    return value;
  }
}

function sizeOf(text: TextValue): number {
  return typeof text === "string" ? text.length : 0;
}
