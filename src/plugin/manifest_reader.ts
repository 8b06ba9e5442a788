/**
 * Reads `manifest.json`.
 *
 * @module
 */

import type { Manifest } from "./manifest.ts";
import { MANIFEST } from "./manifest_schema.ts";
import { checkOptionValue } from "./option_value.ts";
import { type Reading, readJson } from "./shape.ts";

/** Reads a manifest from its JSON text. */
export function readManifest(text: string): Reading<Manifest> {
  const reading = readJson(MANIFEST, text);
  const problems = reading.problems ?? defaultProblems(reading.value);
  return problems.length > 0 ? { problems } : reading;
}

function defaultProblems({ options = {} }: Manifest): string[] {
  return Object.entries(options).flatMap(([name, declaration]) => {
    if (declaration.default === undefined) return [];
    const reading = checkOptionValue(declaration, declaration.default);
    return "problem" in reading ? [`"options.${name}.default" ${reading.problem}`] : [];
  });
}
