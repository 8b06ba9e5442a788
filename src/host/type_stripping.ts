/**
 * Removes types from TypeScript with the compiler of the runtime, which a compiled program has as well.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";

/** Types are replaced by blanks, so offsets in the script are offsets in the text. */
export interface StrippedModule {
  /** The given text, or the script itself if the text has syntax that can't be blanked out (enums). */
  readonly text: string;
  readonly script: string;
}

/** Removes the types from TypeScript or JavaScript. @throws {SyntaxError} for any other text */
export function withoutTypes(source: string): StrippedModule {
  try {
    return { text: source, script: stripTypeScriptTypes(source) };
  } catch (error) {
    if (!isSyntax(error)) throw error;
  }
  try {
    const script = stripTypeScriptTypes(source, { mode: "transform" });
    return { text: script, script };
  } catch (error) {
    if (!isSyntax(error)) throw error;
    // Further lines name a file that does not exist.
    const [reason = ""] = error.message.replace(/^SyntaxError: /, "").split("\n");
    throw new SyntaxError(`it is neither TypeScript nor JavaScript: ${reason}`);
  }
}

function isSyntax(error: unknown): error is Error {
  return error instanceof SyntaxError ||
    error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
}
