/**
 * What a module imports, and where in its text. Types are blanked out, not moved, so places hold for the text as it was written.
 *
 * @module
 */

import { init, parse } from "../../deps/es_module_lexer.ts";
import { withoutTypes } from "../../host/type_stripping.ts";

/** One import whose address is written in the text. */
export interface ModuleImport {
  readonly specifier: string;
  /** Whether code is imported, or with `with { type: … }` something else. */
  readonly isCode: boolean;
  /** Place of the specifier, from its first character to behind its last, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether the place holds the quotes as well. */
  readonly isQuoted: boolean;
}

/** A module that was read. */
export interface ModuleReading {
  /** The text that the places are in: the module's own, or JavaScript where it says what can't be blanked out (enums). */
  readonly text: string;
  readonly imports: readonly ModuleImport[];
  /** Imports whose address is computed. */
  readonly computed: number;
}

/** `import("…")`, as the lexer numbers it; 1 are those that stand alone, 3 is `import.meta`. */
const DYNAMIC = 2;
const META = 3;

/** Reads a module. @throws {SyntaxError} with what is wrong with it */
export async function readImports(bytes: Uint8Array): Promise<ModuleReading> {
  await init;
  const source = decode(bytes);
  const { text, script } = withoutTypes(source);
  const found = lex(script);
  const imports: ModuleImport[] = [];
  let computed = 0;
  for (const { n, t, s, e, a } of found) {
    if (t === META) continue;
    if (n === undefined) computed++;
    else {imports.push({
        specifier: n,
        isCode: a < 0,
        start: s,
        end: e,
        isQuoted: t >= DYNAMIC && isQuote(text[s]),
      });}
  }
  return { text, imports, computed };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SyntaxError("it is not text in UTF-8");
  }
}

function lex(script: string) {
  try {
    return parse(script)[0];
  } catch (error) {
    // The lexer throws plain errors whose message begins with these words.
    if (!(error instanceof Error) || !error.message.startsWith("Parse error")) throw error;
    throw new SyntaxError(error.message);
  }
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}

/** The text with other specifiers: import → what stands in its place, which must need no escape. */
export function rewriteImports(text: string, replaced: ReadonlyMap<ModuleImport, string>): string {
  const parts: string[] = [];
  let at = 0;
  for (const [found, specifier] of [...replaced].sort(([a], [b]) => a.start - b.start)) {
    parts.push(text.slice(at, found.start), found.isQuoted ? `"${specifier}"` : specifier);
    at = found.end;
  }
  return parts.join("") + text.slice(at);
}
