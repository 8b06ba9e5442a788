/**
 * Words of a command line that are not UTF-8.
 *
 * @module
 */

import { lossyText, rawTextOf } from "../core/contract/raw_name.ts";
import { openRawFiles } from "./raw_names.ts";

/**
 * Returns the last words of this process's command line as raw text, for which Deno has replaced what is not UTF-8. They are returned
 * as they came where the true ones can't be read, and where they are not this process's.
 */
export function rawArguments(words: readonly string[]): readonly string[] {
  if (!openRawFiles()) return words;
  const commandLine = Deno.readFileSync("/proc/self/cmdline");
  const trueWords = rawTextOf(commandLine).split("\0").slice(0, -1).slice(-words.length);
  const isSame = trueWords.length === words.length &&
    trueWords.every((word, index) => lossyText(word) === words[index]);
  return isSame ? trueWords : words;
}
