/**
 * What is kept of patterns and rules, read when it is needed for the first time. Most rules of a large set are never
 * needed, and reading them all would take longer than scanning a file.
 *
 * A rule is its own text, from which its metadata are read again, beside its condition as JSON. Of most patterns
 * nothing has to be known but how long their forms are.
 *
 * @module
 */

import type { BooleanNode } from "../condition/mod.ts";
import type { CompiledPattern, PatternForm } from "../forms/mod.ts";
import { bytesOfLatin1, latin1 } from "../latin1.ts";
import { parseRuleFile } from "../parse_rule_file.ts";
import type { MetaValue } from "../syntax.ts";

/** A string of a rule. */
export interface RulePattern {
  /** With its `$`; an anonymous pattern is `$`. */
  readonly identifier: string;
  /** Index among the patterns of all rules; equal patterns share one. */
  readonly pattern: number;
  readonly isPrivate?: true;
}

/** What is reported of a rule. */
export interface RuleRecord {
  readonly name: string;
  readonly tags: readonly string[];
  /** In the order of the text. */
  readonly meta: readonly (readonly [name: string, value: MetaValue])[];
  /** In the order of the text. */
  readonly patterns: readonly RulePattern[];
}

/** A form whose bytes survive JSON: one character each. */
type StoredForm = Omit<PatternForm, "bytes" | "mask"> & { readonly bytes: string; readonly mask?: string };

/** Writes a pattern; empty where every hit of a form is a match. */
export function writePattern(pattern: CompiledPattern): string {
  if (pattern.plan.kind === "plain" && pattern.forms.every(({ xor }) => xor === undefined)) return "";
  const forms = pattern.forms.map(({ bytes, mask, ...form }) => ({
    ...form,
    bytes: latin1(bytes),
    ...(mask && { mask: latin1(mask) }),
  }));
  return JSON.stringify({ ...pattern, forms });
}

/** Reads what {@linkcode writePattern} wrote; `undefined` where every hit is a match. */
export function readPattern(text: string): CompiledPattern | undefined {
  if (text === "") return undefined;
  const pattern: Omit<CompiledPattern, "forms"> & { readonly forms: readonly StoredForm[] } = JSON.parse(
    text,
  );
  const forms = pattern.forms.map(({ bytes, mask, ...form }) => ({
    ...form,
    bytes: bytesOfLatin1(bytes),
    ...(mask !== undefined && { mask: bytesOfLatin1(mask) }),
  }));
  return { ...pattern, forms };
}

/** Writes a condition; empty where there is none, because the rule is opaque. */
export function writeCondition(condition: BooleanNode | undefined): string {
  return condition ? JSON.stringify(condition) : "";
}

/** Unused: the rule is opaque. */
const NO_CONDITION: BooleanNode = { op: "false" };

/** Reads what {@linkcode writeCondition} wrote. */
export function readCondition(text: string): BooleanNode {
  return text === "" ? NO_CONDITION : JSON.parse(text);
}

/**
 * Reads a rule from its text.
 *
 * @param numbers its patterns among those of all rules
 * @throws {RangeError} when the text is none of such a rule
 */
export function readRule(text: string, numbers: Uint32Array): RuleRecord {
  const [rule] = parseRuleFile(text).rules;
  if (!rule || rule.patterns.length !== numbers.length) {
    throw new RangeError("Cannot read a rule of a compiled rule set: its text does not fit it");
  }
  const patterns = rule.patterns.map(({ identifier, modifiers }, index): RulePattern => ({
    identifier,
    pattern: numbers[index]!,
    ...(modifiers.isPrivate && { isPrivate: true }),
  }));
  return {
    name: rule.name,
    tags: rule.tags,
    meta: rule.meta.map(({ name, value }) => [name, value]),
    patterns,
  };
}
