/**
 * Detects file names that a shell put in place of `*` and that look like flags.
 *
 * A folder of hostile files may hold files named `--isolation=none` and `--plugin-dir=.p`.
 *
 * @module
 */

import type { Files } from "../core/ports/files.ts";
import { printable } from "../core/contract/printable.ts";

/** The character by which Deno replaces bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/** Returns a problem for each word before `--` that begins with `-` and names an entry of the working folder. */
export async function findFileWords(files: Files, words: readonly string[]): Promise<string[]> {
  const problems = await Promise.all(
    optionWords(words).map((word) => fileProblem(files, word)),
  );
  return problems.filter((problem) => problem !== undefined);
}

/** Returns the words that would be read as flags or standard input, each once. */
function optionWords(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  const before = end < 0 ? words : words.slice(0, end);
  const behind = end < 0 ? [] : words.slice(end + 1);
  // `stoq scan -a hash -- *` in a folder that holds a file "-a": the first is the flag, and no short flag decides which code runs.
  const isFlagAndFile = (word: string) => word.length === 2 && behind.includes(word);
  // `stoq scan -- *` in a folder that holds a file "--" has two of them. A single one may be that file.
  const isEndOpen = end >= 0 && !behind.includes("--");
  const flags = before.filter((word) => word.startsWith("-") && !isFlagAndFile(word));
  return [...new Set([...flags, ...(isEndOpen ? ["--"] : [])])];
}

async function fileProblem(files: Files, word: string): Promise<string | undefined> {
  const shown = printable(word);
  if (word === "--") {
    return await files.hasEntry(word)
      ? '"--" is a file: write ./-- to scan it, or write -- twice before the files'
      : undefined;
  }
  // Without the raw bytes of the name the file can't be found.
  if (word.includes(REPLACEMENT)) {
    return `"${shown}" is not UTF-8, so it may be the name of a file: put -- before the files`;
  }
  try {
    if (!await files.hasEntry(word)) return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `"${shown}" may be a file: ${printable(error.message)}; put -- before the files`;
  }
  return `"${shown}" is a file: write ./${shown}, or put -- before the files`;
}
