/**
 * What is kept of patterns and rules: one JSON text each, read when it is needed for the first time. Most rules of a
 * large set are never needed, and reading them all would take longer than scanning a file.
 *
 * @module
 */

import type { MetaEntry, MetaValue } from "../outline.ts";
import type { CompiledPattern, PatternForm } from "../forms/mod.ts";

/** A string of a rule. */
export interface RulePattern {
  /** With its `$`; an anonymous pattern is `$`. */
  readonly identifier: string;
  /** Index among the patterns of all rules; equal patterns share one. */
  readonly pattern: number;
  readonly isPrivate?: true;
}

/** What is reported of a rule, and what its condition needs. */
export interface RuleRecord<Condition> {
  readonly name: string;
  readonly file: string;
  /** Line of the rule's name, from 1. */
  readonly line: number;
  readonly tags: readonly string[];
  /** In the order of the text. */
  readonly meta: readonly (readonly [name: string, value: MetaValue])[];
  /** In the order of the text. */
  readonly patterns: readonly RulePattern[];
  readonly condition: Condition;
  /** Index among the sets of modules: those that are imported where the rule stands. */
  readonly moduleSet: number;
  /** Why it isn't exact. */
  readonly reason?: string;
}

/** A form whose bytes survive JSON: one character each. */
type StoredForm = Omit<PatternForm, "bytes" | "mask"> & { readonly bytes: string; readonly mask?: string };
type StoredMeta = readonly [name: string, value: Exclude<MetaValue, Uint8Array> | { readonly bytes: string }];

/** Writes a pattern. */
export function writePattern(pattern: CompiledPattern): string {
  const forms = pattern.forms.map(({ bytes, mask, ...form }) => ({
    ...form,
    bytes: latin1(bytes),
    ...(mask && { mask: latin1(mask) }),
  }));
  return JSON.stringify({ ...pattern, forms });
}

/** Reads what {@linkcode writePattern} wrote. */
export function readPattern(text: string): CompiledPattern {
  const pattern: Omit<CompiledPattern, "forms"> & { readonly forms: readonly StoredForm[] } = JSON.parse(
    text,
  );
  const forms = pattern.forms.map(({ bytes, mask, ...form }) => ({
    ...form,
    bytes: bytesOf(bytes),
    ...(mask !== undefined && { mask: bytesOf(mask) }),
  }));
  return { ...pattern, forms };
}

/** Metadata as a rule record has it. */
export function metaOf(entries: readonly MetaEntry[]): RuleRecord<never>["meta"] {
  return entries.map(({ name, value }) => [name, value] as const);
}

/** Writes a rule. */
export function writeRule<Condition>(rule: RuleRecord<Condition>): string {
  const meta = rule.meta.map(([name, value]): StoredMeta => [
    name,
    value instanceof Uint8Array ? { bytes: latin1(value) } : value,
  ]);
  return JSON.stringify({ ...rule, meta });
}

/** Reads what {@linkcode writeRule} wrote. */
export function readRule<Condition>(text: string): RuleRecord<Condition> {
  const rule: Omit<RuleRecord<Condition>, "meta"> & { readonly meta: readonly StoredMeta[] } = JSON.parse(
    text,
  );
  const meta = rule.meta.map(([name, value]) =>
    [name, typeof value === "object" ? bytesOf(value.bytes) : value] as const
  );
  return { ...rule, meta };
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
