/**
 * `stoq/no-import-circle`: files never import each other in a circle, not even types.
 *
 * @module
 */

import { posix } from "node:path";
import { placeOf, ROOT } from "./rooms.ts";

/** Reports an import through which a file reaches itself. */
export const noImportCircle: Deno.lint.Rule = {
  create(context) {
    const path = placeOf(context.filename)?.path;
    if (path === undefined) return {};
    const imports = readImports(path, context.sourceCode.text);
    cache.set(path, imports);
    return {
      Program() {
        for (const { target, range } of imports) {
          const way = shortestWay(target, path, importsOf);
          if (way === undefined) continue;
          const message = `Import circle: ${[path, ...way].join(" → ")}`;
          context.report({ range, message, hint: HINT });
        }
      },
    };
  },
};

const HINT = "Move what both files need into a third file";

/** An import of a file of the repository. */
export interface Import {
  /** The imported file, from the repository's root. */
  readonly target: string;
  /** Where the import stands in the text. */
  readonly range: Deno.lint.Range;
}

// `deno fmt` puts these words at the start of a line, and a star or two slashes before those in comments.
const STATIC = /^(?:import|export)\b(?:[^"'`;]*\bfrom)?\s*["'](\.\.?\/[^"'?#]+)[^"'\n]*["']/gm;
const DYNAMIC = /^(?![ \t]*(?:\*|\/\/|\/\*)).*?\bimport\(\s*["'](\.\.?\/[^"'?#]+)/gm;

/** Finds the relative imports and re-exports of a formatted source, types and dynamic imports included. */
export function readImports(path: string, source: string): Import[] {
  return [STATIC, DYNAMIC].flatMap((form) => [...source.matchAll(form)]).map((match) => ({
    target: posix.join(posix.dirname(path), match[1] ?? ""),
    range: [match.index, match.index + match[0].length],
  }));
}

/** Finds the shortest chain of imports from one file to another, both included. */
export function shortestWay(
  start: string,
  end: string,
  importsOf: (path: string) => readonly Import[],
): string[] | undefined {
  const importers = new Map<string, string | undefined>([[start, undefined]]);
  for (const path of importers.keys()) {
    if (path === end) return wayTo(end, importers);
    for (const { target } of importsOf(path)) {
      if (!importers.has(target)) importers.set(target, path);
    }
  }
  return undefined;
}

function wayTo(end: string, importers: ReadonlyMap<string, string | undefined>): string[] {
  const way: string[] = [];
  for (let path: string | undefined = end; path !== undefined; path = importers.get(path)) way.unshift(path);
  return way;
}

/** The imports of each file that was read; a run of `deno lint` asks for most files hundreds of times. */
const cache = new Map<string, readonly Import[]>();

function importsOf(path: string): readonly Import[] {
  let imports = cache.get(path);
  if (imports === undefined) {
    imports = readImports(path, SOURCE.test(path) ? readText(path) : "");
    cache.set(path, imports);
  }
  return imports;
}

const SOURCE = /\.[cm]?[jt]sx?$/;

/** Reads a source of the repository; one that is missing is the type checker's business. */
function readText(path: string): string {
  try {
    return Deno.readTextFileSync(ROOT + path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
