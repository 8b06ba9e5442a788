/**
 * A regular expression of a rule that is ready to be searched.
 *
 * @module
 */

import type { Modifiers, RegexpSyntax } from "../syntax.ts";
import { isMaskedText, widened } from "./engine_flaws.ts";
import type { RegexpNode } from "./node.ts";
import { parseRegexp } from "./parser.ts";
import { compileProgram, type Program } from "./program.ts";
import { type RegexpRun, requiredRuns } from "./required_runs.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** Built from source and modifiers alone; keep those in a cache and build again when the first run is hit. */
export class CompiledRegexp {
  /** What the core must look for. A payload without any of the runs has no match; `none`: nothing is known. */
  readonly runs: readonly RegexpRun[] | "none";
  /** Whether the neighbours of a match must be no letters or digits; `misread`: YARA-X checks it at a wrong place. */
  readonly fullword: boolean | "misread";
  /** As YARA-X has it: whether of several matches at one place the longest counts. */
  readonly isGreedy: boolean;
  readonly #node: RegexpNode;
  readonly #programs = new Map<string, Program | undefined>();
  readonly #shapes = new Map<boolean, Shape>();

  /** From what was parsed with the modifier `nocase` worked in. */
  constructor(source: string, node: RegexpNode, isGreedy: boolean, modifiers: Modifiers) {
    this.#node = node;
    this.isGreedy = isGreedy;
    const isMisread = /[(.[]/.test(source) && isMaskedText(node);
    this.fullword = modifiers.isFullword === true && (isMisread ? "misread" : true);
    this.runs = requiredRuns(node, modifiers);
  }

  /** The program, made when it is first asked for; nothing where it is too large. `isWidened`: of the wider tree. */
  program(direction: "forwards" | "backwards", isWidened: boolean): Program | undefined {
    const key = `${direction} ${isWidened}`;
    if (!this.#programs.has(key)) {
      const node = isWidened ? widened(this.#node) : this.#node;
      this.#programs.set(key, compileProgram(node, direction));
    }
    return this.#programs.get(key);
  }

  /** What is known about the matches as `ascii` or as `wide`. */
  shape(isWide: boolean): Shape {
    const known = this.#shapes.get(isWide);
    if (known) return known;
    const shape = shapeOf(this.#node, isWide);
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
