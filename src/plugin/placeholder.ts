/**
 * Placeholders in manifests: `${option}` is the value of an option, `${option?other}` only if the other option is set.
 *
 * @module
 */

import { camelCase } from "./option_name.ts";

/**
 * Returns the texts of a template: one for each value of a list, none if an option is not set.
 *
 * @param options values by the camelCase name of their option
 */
export function fillPlaceholders(template: string, options: Readonly<Record<string, unknown>>): string[] {
  const match = /\$\{([a-z][a-z0-9_]*)(?:\?([a-z][a-z0-9_]*))?\}/.exec(template);
  if (!match) return [template];
  const [, name, condition] = match;
  if (condition !== undefined && valuesOf(options, condition).length === 0) return [];
  const values = valuesOf(options, name!);
  const [before, after] = [template.slice(0, match.index), template.slice(match.index + match[0].length)];
  return values.flatMap((value) =>
    fillPlaceholders(after, options).map((rest) => `${before}${value}${rest}`)
  );
}

function valuesOf(options: Readonly<Record<string, unknown>>, name: string): unknown[] {
  return [options[camelCase(name)]].flat().filter(isSet);
}

function isSet(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number";
}
