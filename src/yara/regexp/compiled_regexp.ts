/**
 * A regular expression of a rule that is ready to be searched.
 *
 * @module
 */

import type { Modifiers, RegexpSyntax } from "../syntax.ts";
import type { RegexpNode } from "./node.ts";
import { parseRegexp } from "./parser.ts";
import { compileProgram, type Program } from "./program.ts";
import { type RegexpRun, requiredRuns } from "./required_runs.ts";
import { isMaskedText, type Shape, shapeOf } from "./shape.ts";

/** Built from source and modifiers alone; keep those in a cache and build again when the first run is hit. */
export class CompiledRegexp {
  /** What the core must look for. A payload without any of the runs has no match; `none`: nothing is known. */
  readonly runs: readonly RegexpRun[] | "none";
  /** Whether all neighbours of a match must be no letters or digits. */
  readonly isFullword: boolean;
  /** As YARA-X has it: whether of several matches at one place the longest counts. */
  readonly isGreedy: boolean;
  readonly #node: RegexpNode;
  readonly #isMisboundWord: boolean;
  readonly #programs = new Map<"forwards" | "backwards", Program | undefined>();
  readonly #shapes = new Map<boolean, Shape>();

  /** From what was parsed with the modifier `nocase` worked in. */
  constructor(source: string, node: RegexpNode, isGreedy: boolean, modifiers: Modifiers) {
    this.#node = node;
    this.#isMisboundWord = modifiers.isFullword === true && /[(.[]/.test(source) && isMaskedText(node);
    this.isGreedy = isGreedy;
    this.isFullword = modifiers.isFullword ?? false;
    this.runs = requiredRuns(node, modifiers);
  }

  /** The program, made when it is first asked for; nothing where it is too large. */
  program(direction: "forwards" | "backwards"): Program | undefined {
    if (!this.#programs.has(direction)) {
      this.#programs.set(direction, compileProgram(this.#node, direction));
    }
    return this.#programs.get(direction);
  }

  /** What is known about the matches as `ascii` or as `wide`. */
  shape(isWide: boolean): Shape {
    const known = this.#shapes.get(isWide);
    if (known) return known;
    const shape = shapeOf(this.#node, isWide, this.#isMisboundWord);
    this.#shapes.set(isWide, shape);
    return shape;
  }
}

/** A regular expression as it is written, compiled; or what is wrong with it and where in its source. */
export function compileRegexp(
  syntax: RegexpSyntax,
  modifiers: Modifiers = {},
): CompiledRegexp | { readonly problem: string; readonly offset: number } {
  const parsed = parseRegexp(modifiers.isNocase ? { ...syntax, isCaseInsensitive: true } : syntax);
  if ("problem" in parsed) return parsed;
  return new CompiledRegexp(syntax.source, parsed.node, parsed.isGreedy ?? false, modifiers);
}
