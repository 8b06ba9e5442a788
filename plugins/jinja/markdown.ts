/**
 * Hostile text in Markdown: it stays text in a fixed font and never becomes markup.
 *
 * The rules are CommonMark's (https://spec.commonmark.org/0.31.2/): a code span ends at a run of as many backticks as it
 * began with (6.1), a fenced code block at a line that begins with at least as many (4.5).
 *
 * @module
 */

import { harmless, printableExcerpt } from "../../src/plugin/kit/mod.ts";

/** Most characters of a code span, unless a template says otherwise. */
export const DEFAULT_CODE_CHARACTERS = 200;

/** Returns text on one line as a code span; `(empty)` for an empty text, because Markdown has no empty code span. */
export function codeSpan(text: string, limit = DEFAULT_CODE_CHARACTERS): string {
  if (text === "") return "(empty)";
  const shown = printableExcerpt(text, limit);
  const fence = "`".repeat(longestRun(shown) + 1);
  // Markdown removes one blank on each side; it separates backticks and keeps blanks of the text visible.
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Returns lines as a fenced code block, without a line end after it. */
export function codeBlock(text: string): string {
  const shown = harmless(text).replace(/\n$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}\n${shown}\n${fence}`;
}

/** Length of the longest run of backticks. */
function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
