/**
 * Hostile text in Markdown: whatever it is, it stays a text in a fixed font and never becomes markup.
 *
 * The rules are CommonMark's (https://spec.commonmark.org/0.31.2/): a code span ends at a run of as many backticks as it
 * began with (6.1), a fenced code block at a line that begins with at least as many (4.5).
 *
 * @module
 */

import { harmless, printableExcerpt } from "../../src/plugin/kit/mod.ts";

/** Most characters of a code span, unless a template says otherwise. */
export const DEFAULT_CODE_CHARACTERS = 200;

/** Text on one line as a code span; `(empty)` where there is none, since Markdown has no empty code span. */
export function codeSpan(text: string, limit = DEFAULT_CODE_CHARACTERS): string {
  if (text === "") return "(empty)";
  const shown = printableExcerpt(text, limit);
  const fence = "`".repeat(longestRun(shown) + 1);
  // One blank on each side is not shown; it keeps backticks apart and blanks of the text visible.
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Lines as a fenced code block, without a line end behind it. */
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
