/**
 * Arguments of the command line that are not UTF-8.
 *
 * @module
 */

import { lossyText, rawTextOf } from "../core/contract/raw_name.ts";
import { openRawFiles } from "./raw_names.ts";

/**
 * Returns the last arguments of this process as raw text; Deno replaces bytes that are not UTF-8. Returns the given ones if the true
 * arguments can't be read, or if the given ones are not those of this process.
 */
export function rawArguments(words: readonly string[]): readonly string[] {
  if (!openRawFiles()) return words;
  const commandLine = Deno.readFileSync("/proc/self/cmdline");
  const trueWords = rawTextOf(commandLine).split("\0").slice(0, -1).slice(-words.length);
  const isSame = trueWords.length === words.length &&
    trueWords.every((word, index) => lossyText(word) === words[index]);
  return isSame ? trueWords : words;
}
