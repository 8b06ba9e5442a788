/**
 * Compares the actual result of a case with the expected one, which may be a part of it.
 *
 * Objects may have more fields than are expected, lists must have as many items, `$contains`, `$includes` and `$absent` compare as
 * `case.schema.json` says.
 *
 * @module
 */

import { isPlainRecord, type Plain, type PlainRecord } from "../../core/contract/plain.ts";
import { isMatcher, type Matcher } from "../../plugin/case.ts";

/** A place at which the actual result differs from the expected one; both sides as short JSON, or in words. */
export interface Difference {
  /** `results.entries[0].path`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** Most differences of a case that are reported. */
export const MAX_DIFFERENCES = 20;

/** Most characters of a side. */
const MAX_SHOWN = 160;

/** Characters that are shown before the first that differs. */
const LEAD = 24;

/** Returns the differences, at most {@linkcode MAX_DIFFERENCES}. */
export function differencesOf(expected: PlainRecord, actual: PlainRecord): Difference[] {
  const comparison = new Comparison();
  for (const [field, value] of Object.entries(expected)) {
    comparison.compare(field, value, fieldOf(actual, field));
  }
  return comparison.differences.slice(0, MAX_DIFFERENCES);
}

/** Says whether a value is as expected. */
export function matches(expected: Plain | undefined, actual: Plain | undefined): boolean {
  const comparison = new Comparison();
  comparison.compare("", expected, actual);
  return comparison.differences.length === 0;
}

/** Returns a field of a record; `constructor` and other inherited ones are none. */
export function fieldOf(record: PlainRecord, field: string): Plain | undefined {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

/** Returns the JSON of a value as one line of bounded length. */
export function shown(value: Plain | undefined): string {
  return value === undefined ? "nothing" : clip(JSON.stringify(value));
}

class Comparison {
  readonly differences: Difference[] = [];

  compare(path: string, expected: Plain | undefined, actual: Plain | undefined): void {
    if (this.differences.length >= MAX_DIFFERENCES) return;
    if (isMatcher(expected)) this.#compareBy(path, expected, actual);
    else if (Array.isArray(expected)) this.#compareLists(path, expected, actual);
    else if (isPlainRecord(expected) && isPlainRecord(actual)) {
      for (const [field, value] of Object.entries(expected)) {
        this.compare(`${path}.${field}`, value, fieldOf(actual, field));
      }
    } else if (typeof expected === "string" && typeof actual === "string") {
      if (expected !== actual) this.#add(path, ...besides(expected, actual));
    } else if (expected !== actual) this.#add(path, shown(expected), shown(actual));
  }

  #compareLists(path: string, expected: readonly Plain[], actual: Plain | undefined): void {
    if (!Array.isArray(actual)) return this.#add(path, shown(expected), shown(actual));
    if (actual.length !== expected.length) {
      return this.#add(path, itemsOf(expected), itemsOf(actual));
    }
    for (const [index, item] of expected.entries()) this.compare(`${path}[${index}]`, item, actual[index]);
  }

  #compareBy(path: string, matcher: Matcher, actual: Plain | undefined): void {
    if ("$absent" in matcher) {
      if (actual !== undefined) this.#add(path, "nothing", shown(actual));
    } else if ("$contains" in matcher) {
      const parts = typeof matcher.$contains === "string" ? [matcher.$contains] : matcher.$contains;
      const missing = parts.filter((part) => typeof actual !== "string" || !actual.includes(part));
      for (const part of missing) this.#add(path, `text with ${shown(part)} in it`, shown(actual));
    } else if (!Array.isArray(actual)) this.#add(path, "a list", shown(actual));
    else {
      for (const item of matcher.$includes) {
        if (!actual.some((candidate) => matches(item, candidate))) {
          this.#add(path, `a list with ${shown(item)} in it`, itemsOf(actual));
        }
      }
    }
  }

  #add(path: string, expected: string, actual: string): void {
    this.differences.push({ path, expected, actual });
  }
}

function itemsOf(list: readonly Plain[]): string {
  return `${list.length} item${list.length === 1 ? "" : "s"} ${shown(list)}`;
}

/** Returns two texts from a little before the place at which they differ. */
function besides(expected: string, actual: string): [string, string] {
  let parting = 0;
  while (parting < expected.length && expected[parting] === actual[parting]) parting++;
  const start = parting > MAX_SHOWN / 2 ? parting - LEAD : 0;
  const from = (text: string) =>
    (start > 0 ? "…" : "") + clip(JSON.stringify(text.slice(start, start + MAX_SHOWN * 2)));
  return [from(expected), from(actual)];
}

function clip(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN).toWellFormed()}…`;
}
