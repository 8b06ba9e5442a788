/**
 * Finds the imports of a module and their offsets. Types are replaced by blanks, so offsets are those of the original text.
 *
 * @module
 */

import { init, parse } from "../../deps/es_module_lexer.ts";
import { withoutTypes } from "../../host/type_stripping.ts";

/** An import whose address is a literal. */
export interface ModuleImport {
  readonly specifier: string;
  /** Whether code is imported; `with { type: … }` imports something else. */
  readonly isCode: boolean;
  /** Offset of the specifier's first character, in UTF-16 units. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** Whether the offsets include the quotes. */
  readonly isQuoted: boolean;
}

/** The text and the imports of a module. */
export interface ModuleReading {
  /** The text that the offsets refer to: the module's own, or JavaScript if it has syntax that can't be blanked out (enums). */
  readonly text: string;
  readonly imports: readonly ModuleImport[];
  /** Imports whose address is computed. */
  readonly computed: number;
}

/** Numbers of the lexer: `import("…")` is 2, `import.meta` is 3. */
const DYNAMIC = 2;
const META = 3;

/** Reads a module. @throws {SyntaxError} when it can't be parsed */
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
    throw new SyntaxError("it is not UTF-8 text");
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

/** Replaces specifiers: import → new specifier, which must need no escape. */
export function rewriteImports(text: string, replaced: ReadonlyMap<ModuleImport, string>): string {
  const parts: string[] = [];
  let at = 0;
  for (const [found, specifier] of [...replaced].sort(([a], [b]) => a.start - b.start)) {
    parts.push(text.slice(at, found.start), found.isQuoted ? `"${specifier}"` : specifier);
    at = found.end;
  }
  return parts.join("") + text.slice(at);
}
