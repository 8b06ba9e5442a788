/**
 * `stoq/npm-import`: packages are imported in few places, in exact versions; nothing needs an import map.
 *
 * @module
 */

import { type Reference, visitReferences } from "./references.ts";
import { isTestCode, matches, type Place, placeOf } from "./rooms.ts";

/** Reports `npm:` in other files or without an exact version, and specifiers that need a map or a network. */
export const npmImport: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined) return {};
    return visitReferences(context, (reference) => {
      const problem = problemOf(place, reference);
      if (!problem) return;
      context.report({
        range: reference.range,
        message: `Cannot import "${reference.specifier}" into "${place.path}": ${problem}`,
      });
    });
  },
};

/** Files that may import packages. */
const IMPORTERS = ["src/deps/*.ts", "src/deps/testing/*.ts", "wasm/*/", "plugins/*/deps.ts", "tools/deps.ts"];
const EXACT = /^npm:(?:@[^/@]+\/)?[^/@]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?(?:\/.*)?$/;

function problemOf(place: Place, { specifier, isComputed }: Reference): string | undefined {
  if (/^(?:\.\.?\/|node:)/.test(specifier)) return undefined;
  if (specifier.startsWith("npm:")) return npmProblemOf(place, specifier, isComputed);
  if (/^(?:jsr|https?):/.test(specifier)) {
    return `a remote address, what is shipped comes from here or from npm`;
  }
  if (/^[a-z]+:/.test(specifier)) {
    return isFreeOfData(place)
      ? undefined
      : `a scheme that only tests may use, name a file by its relative path`;
  }
  return "it needs an import map, write a relative path, node: or npm: with a version";
}

function npmProblemOf(place: Place, specifier: string, isComputed: boolean): string | undefined {
  if (!IMPORTERS.some((file) => matches(file, place.path))) return `npm: belongs in ${IMPORTERS.join(", ")}`;
  if (isComputed || !EXACT.test(specifier)) return "not an exact version, write npm:name@1.2.3";
  return undefined;
}

function isFreeOfData({ path }: Place): boolean {
  return isTestCode(path) || matches("tests/", path) || matches("tools/", path);
}
