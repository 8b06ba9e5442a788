/**
 * Problems of rule files, and their text.
 *
 * @module
 */

/** Why a rule, or a whole rule file, is left out. */
export interface RuleProblem {
  /** As it was named or found. */
  readonly file: string;
  /** From 1; absent where the file as a whole is meant. */
  readonly line?: number;
  /** The rule that is left out; absent: the file is. */
  readonly rule?: string;
  /** Whether the rule is in use all the same. */
  readonly isInUse?: true;
  /** A phrase that names what is and, where it helps, what should be. */
  readonly message: string;
}

/** `file:line: message`, control characters in the name escaped. */
export function describeProblem(problem: RuleProblem): string {
  const file = escapeControls(problem.file);
  return problem.line === undefined
    ? `${file}: ${problem.message}`
    : `${file}:${problem.line}: ${problem.message}`;
}

// deno-lint-ignore no-control-regex -- control characters are what is looked for
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

/** A hostile text with its control characters as `\xNN`, so that it can't forge a line of the log. */
export function escapeControls(text: string): string {
  return text.replace(
    CONTROLS,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
