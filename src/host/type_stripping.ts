/**
 * TypeScript without its types, by the compiler that is part of the runtime, so in an executable as well.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";

/** Types are blanked out: places in the script are places in the text. */
export interface StrippedModule {
  /** The text that was given, or the script itself where the text says what can't be blanked out (enums). */
  readonly text: string;
  readonly script: string;
}

/** Takes the types out of TypeScript or JavaScript. @throws {SyntaxError} for what is neither */
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
    // Further lines show the place in a file that is none.
    const [reason = ""] = error.message.replace(/^SyntaxError: /, "").split("\n");
    throw new SyntaxError(`it is neither TypeScript nor JavaScript: ${reason}`);
  }
}

function isSyntax(error: unknown): error is Error {
  return error instanceof SyntaxError ||
    error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
}
