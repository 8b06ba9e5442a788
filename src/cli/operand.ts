/**
 * Finding the FILE that a list flag took for one of its words.
 *
 * @module
 */

import type { OptionKey } from "../config/option_table.ts";
import type { Files } from "../core/files.ts";
import { isRemote } from "../plugin/reference.ts";
import { type Arguments, ASSIGNMENTS } from "./arguments.ts";

/** A command line of which a list gave back its last word. */
export interface TakenOperand {
  readonly operand: string;
  readonly values: ReadonlyMap<OptionKey, string | boolean | readonly string[]>;
}

/**
 * Where no operand was given, the last word of a list, that of the last list first, is one when it is `-`, has a path separator
 * or names something that exists. `plugin:option=/a/path` is what its list asks for, so it must exist. Whether the word is a
 * plugin's name instead, the caller must ask.
 */
export async function takeOperand(files: Files, parameters: Arguments): Promise<TakenOperand | undefined> {
  const { openLists, operands, values } = parameters;
  if (operands.length > 0) return undefined;
  for (const { key, lastWord, lastParts } of openLists.toReversed()) {
    const isPath = files.hasSeparator(lastWord) && !isRemote(lastWord) &&
      !(ASSIGNMENTS.includes(key) && lastWord.includes("="));
    if (lastWord !== "-" && !isPath && await files.kindOf(lastWord) === undefined) continue;
    const words = values.get(key) as readonly string[];
    return {
      operand: lastWord,
      values: new Map([...values, [key, words.slice(0, words.length - lastParts)]]),
    };
  }
  return undefined;
}
