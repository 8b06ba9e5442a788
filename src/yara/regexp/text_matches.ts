/**
 * The operator `matches`.
 *
 * @module
 */

import type { RegexpSyntax } from "../syntax.ts";
import { MAX_TEXT_STEPS } from "./limits.ts";
import { type Budget, Machine } from "./machine.ts";
import { fewestBytes } from "./node.ts";
import { parseRegexp } from "./parser.ts";
import { compileProgram, type Program } from "./program.ts";

/** The right side of `matches`, ready to be asked. */
export interface TextRegexp {
  /** Absent where the regular expression isn't followed. */
  readonly program: Program | undefined;
  /** Whether it may match nothing at all. */
  readonly mayBeEmpty: boolean;
}

/** A regular expression of a condition, compiled; or what is wrong with it and where in its source. */
export function compileTextRegexp(
  syntax: RegexpSyntax,
): TextRegexp | { readonly problem: string; readonly offset: number } {
  const parsed = parseRegexp(syntax, "operator");
  if ("problem" in parsed) return parsed;
  const { node } = parsed;
  return { program: compileProgram(node, "forwards"), mayBeEmpty: fewestBytes(node) === 0 };
}

/** Whether a text holds a match anywhere, as YARA-X has it; `undefined` where that isn't known, or `budget` was used up. */
export function regexpMatches(
  regexp: TextRegexp,
  text: Uint8Array,
  budget: Budget = { steps: MAX_TEXT_STEPS },
): boolean | undefined {
  if (!regexp.program) return undefined;
  // The engine's library finds no empty match inside a character of several bytes.
  if (regexp.mayBeEmpty && text.some((byte) => byte > 0x7f)) return undefined;
  const isFound = search(regexp.program, text, budget);
  return isFound || budget.steps > 0 ? isFound : undefined;
}

function search(program: Program, text: Uint8Array, budget: Budget): boolean {
  const machine = new Machine(program, { content: text, isWide: false }, budget);
  let now = machine.threads();
  let next = machine.threads();
  machine.begin(now);
  for (let at = 0; at <= text.length && budget.steps > 0; at++) {
    machine.add(now, 0, at);
    for (let index = 0; index < now.count; index++) {
      if (machine.isMatch(now.list[index]!)) return true;
    }
    machine.begin(next);
    for (let index = 0; index < now.count && at < text.length; index++) {
      const thread = now.list[index]!;
      if (machine.takes(thread, text[at]!)) machine.add(next, thread + 1, at + 1);
    }
    [now, next] = [next, now];
  }
  return false;
}
