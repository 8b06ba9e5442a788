/**
 * `%(name)s` and `%%` in configuration values, by the rules of Python's `configparser.BasicInterpolation`.
 *
 * @module
 */

import { printable } from "../core/contract/printable.ts";

/** Most nested values, including the outermost one, as in Python. */
const MAX_INTERPOLATION_DEPTH = 10;

/** Most characters read for one value: ten levels of ten references each would be 10^10 copies. */
const MAX_VALUE_CHARS = 1_000_000;

/** Most characters read for all values of a file. */
const MAX_FILE_CHARS = 10_000_000;

/** A value as it is written, `undefined` for a key without one; see `rawValue`. */
export type RawValue =
  | { readonly value: string; readonly hasPercent: true }
  | { readonly value: string | undefined; readonly hasPercent: false };

/** Looks for percent signs once, because many sections may inherit the value. */
export function rawValue(value: string | undefined): RawValue {
  return value?.includes("%") ? { value, hasPercent: true } : { value, hasPercent: false };
}

/** Finds the value of a key in lower case; `undefined` if there is no such key. */
export type Lookup = (name: string) => RawValue | undefined;

/** The value with its references replaced, or the reason why that failed. */
export type Interpolated = { readonly value: string } | { readonly reason: string };

const EXPANDS_TOO_FAR = `its references expand to more than ${MAX_VALUE_CHARS} characters, ` +
  `or those of the whole file to more than ${MAX_FILE_CHARS}`;

/** A reference in a value; `end` is the index after it. */
interface Reference {
  readonly text: string;
  readonly name: string;
  readonly end: number;
}

/** Interpolates the values of one file, within limits. */
export class Interpolator {
  #fileCharsLeft = MAX_FILE_CHARS;

  /** Replaces the references in a value. */
  interpolate(raw: string, lookup: Lookup): Interpolated {
    const allowed = Math.min(MAX_VALUE_CHARS, this.#fileCharsLeft);
    const expansion = new Expansion(lookup, allowed);
    const reason = expansion.add(raw, 1);
    this.#fileCharsLeft -= allowed - Math.max(0, expansion.charsLeft);
    return reason === undefined ? { value: expansion.parts.join("") } : { reason };
  }
}

/** The state of one interpolation. */
class Expansion {
  readonly parts: string[] = [];
  charsLeft: number;
  readonly #lookup: Lookup;

  constructor(lookup: Lookup, charsLeft: number) {
    this.#lookup = lookup;
    this.charsLeft = charsLeft;
  }

  /** Adds a value with its references replaced, or returns its problem. */
  add(raw: string, depth: number): string | undefined {
    if (depth > MAX_INTERPOLATION_DEPTH) {
      return `its references are nested more than ${MAX_INTERPOLATION_DEPTH} deep, perhaps in a circle`;
    }
    if (!this.#pay(raw.length)) return EXPANDS_TOO_FAR;
    let at = 0;
    for (let percent = raw.indexOf("%"); percent >= 0; percent = raw.indexOf("%", at)) {
      this.parts.push(raw.slice(at, percent));
      if (raw[percent + 1] === "%") {
        this.parts.push("%");
        at = percent + 2;
        continue;
      }
      const reference = readReference(raw, percent);
      if (reference === undefined) {
        return `${quoted(raw.slice(percent))} is not a reference: write %(name)s, or %% for a percent sign`;
      }
      const reason = this.#follow(reference, depth);
      if (reason !== undefined) return reason;
      at = reference.end;
    }
    this.parts.push(raw.slice(at));
    return undefined;
  }

  #follow(reference: Reference, depth: number): string | undefined {
    const found = this.#lookup(reference.name);
    if (found === undefined) {
      return `${quoted(reference.text)} names no key of this section or of [DEFAULT], ` +
        "a percent sign that is meant literally should be %%";
    }
    if (found.value === undefined) return `${quoted(reference.text)} names a key that has no value`;
    // As in Python, a value without a percent sign does not count as a level.
    if (found.hasPercent) return this.add(found.value, depth + 1);
    if (!this.#pay(found.value.length)) return EXPANDS_TOO_FAR;
    this.parts.push(found.value);
    return undefined;
  }

  /** Counts every character that is read, also if nothing is written: references to empty values multiply as well. */
  #pay(chars: number): boolean {
    this.charsLeft -= chars;
    return this.charsLeft >= 0;
  }
}

function readReference(raw: string, start: number): Reference | undefined {
  if (raw[start + 1] !== "(") return undefined;
  const close = raw.indexOf(")", start + 2);
  if (close < start + 3 || raw[close + 1] !== "s") return undefined;
  const end = close + 2;
  return { text: raw.slice(start, end), name: raw.slice(start + 2, close).toLowerCase(), end };
}

const MAX_QUOTED_CHARS = 80;

/** A piece of a file for a message: in double quotes, cut, without control characters. */
export function quoted(text: string): string {
  const isLong = text.length > MAX_QUOTED_CHARS;
  return `"${printable(isLong ? text.slice(0, MAX_QUOTED_CHARS) : text)}${isLong ? "…" : ""}"`;
}
