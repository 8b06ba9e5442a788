/**
 * Finding the FILE that a list flag took for one of its words.
 *
 * @module
 */

import type { OptionKey } from "../config/option_table.ts";
import type { Files } from "../core/files.ts";
import type { Arguments } from "./arguments.ts";

/** A command line of which a list gave back its last word. */
export interface TakenOperand {
  readonly operand: string;
  readonly values: ReadonlyMap<OptionKey, string | boolean | readonly string[]>;
}

/**
 * Where no operand was given, the last word of a list, that of the last list first, is one when it is `-`, has a path separator
 * or names something that exists. Whether it is a plugin's name instead, the caller must ask.
 */
export async function takeOperand(files: Files, parameters: Arguments): Promise<TakenOperand | undefined> {
  const { openLists, operands, values } = parameters;
  if (operands.length > 0) return undefined;
  for (const list of openLists.toReversed()) {
    const words = values.get(list) as readonly string[];
    const operand = words.at(-1)!;
    if (operand !== "-" && !files.hasSeparator(operand) && await files.kindOf(operand) === undefined) {
      continue;
    }
    return { operand, values: new Map([...values, [list, words.slice(0, -1)]]) };
  }
  return undefined;
}
