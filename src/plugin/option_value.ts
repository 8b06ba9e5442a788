/**
 * Reads values of options, from text of files and flags or from data of a caller of the library.
 *
 * @module
 */

import type { OptionDeclaration } from "./manifest.ts";

/** Type of an option. */
export type OptionType = OptionDeclaration["type"];

/** A value of the declared type, or its problem as a phrase that follows the option's name. */
export type OptionReading = { readonly value: unknown } | { readonly problem: string };

/** Resolves the relative paths of values. */
export interface OptionBase {
  /** Makes a path absolute. */
  readonly resolvePath: (path: string) => string;
}

const TRUE_WORDS = ["true", "yes", "on", "1"];
const FALSE_WORDS = ["false", "no", "off", "0"];
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};
/** The value that lifts a limit. */
const UNLIMITED = "unlimited";

/** Reads an option from text. */
export function readOptionText(
  declaration: OptionDeclaration,
  text: string,
  base: OptionBase,
): OptionReading {
  const reading = parseText(declaration, text, base);
  return "problem" in reading ? reading : checkOptionValue(declaration, reading.value);
}

/** Reads an option from data; a relative path is made absolute. */
export function readOptionData(
  declaration: OptionDeclaration,
  value: unknown,
  base: OptionBase,
): OptionReading {
  const reading = checkOptionValue(declaration, value);
  if ("problem" in reading) return reading;
  if (declaration.type === "path") return { value: base.resolvePath(reading.value as string) };
  if (declaration.type === "path-list") return { value: (reading.value as string[]).map(base.resolvePath) };
  return reading;
}

function parseText(declaration: OptionDeclaration, text: string, base: OptionBase): OptionReading {
  switch (declaration.type) {
    case "string":
      return { value: text };
    case "integer":
    case "number":
      return parseNumber(text);
    case "bytes":
      return parseBytes(text);
    case "boolean":
      return parseBoolean(text);
    case "list":
      return { value: splitList(text) };
    case "path":
      return text.trim() === "" ? refuse(text, "a path") : { value: base.resolvePath(text.trim()) };
    case "path-list":
      return { value: splitList(text).map(base.resolvePath) };
    case "json":
      return parseJson(text);
  }
}

/** Splits at commas and line ends; parts are trimmed, empty ones dropped. */
function splitList(text: string): string[] {
  return text.split(/[,\n]/).map((part) => part.trim()).filter((part) => part !== "");
}

function parseNumber(text: string): OptionReading {
  const word = text.trim();
  if (word === UNLIMITED) return { value: Infinity };
  return /^[-+]?\d+(\.\d+)?$/.test(word) ? { value: Number(word) } : refuse(text, "a number");
}

function parseBytes(text: string): OptionReading {
  const word = text.trim().toLowerCase();
  if (word === UNLIMITED) return { value: Infinity };
  const [, digits, unit] = /^(\d+(?:\.\d+)?) *((?:[kmgt]i?)?b?)$/.exec(word) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  return factor === undefined
    ? refuse(text, "a size such as 50 MB")
    : { value: Math.round(Number(digits) * factor) };
}

function parseBoolean(text: string): OptionReading {
  const word = text.trim().toLowerCase();
  if (TRUE_WORDS.includes(word)) return { value: true };
  return FALSE_WORDS.includes(word) ? { value: false } : refuse(text, "true or false");
}

function parseJson(text: string): OptionReading {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `must be JSON, got ${brief(text)}: ${(error as SyntaxError).message}` };
  }
}

/** Checks data against a declaration: its type, choices and bounds. */
export function checkOptionValue(declaration: OptionDeclaration, value: unknown): OptionReading {
  switch (declaration.type) {
    case "string":
    case "path":
      return typeof value === "string" ? checkChoice(declaration, value) : refuse(value, "text");
    case "integer":
    case "bytes":
    case "number":
      return checkNumber(declaration, value);
    case "boolean":
      return typeof value === "boolean" ? { value } : refuse(value, "true or false");
    case "list":
    case "path-list":
      return Array.isArray(value) && value.every((item) => typeof item === "string")
        ? checkChoices(declaration, value)
        : refuse(value, "a list of text");
    case "json":
      return { value };
  }
}

function checkNumber(declaration: OptionDeclaration, value: unknown): OptionReading {
  const number = value === UNLIMITED ? Infinity : value;
  const isWhole = declaration.type !== "number";
  if (typeof number !== "number" || Number.isNaN(number)) {
    return refuse(value, isWhole ? "an integer" : "a number");
  }
  if (isWhole && number !== Infinity && !Number.isSafeInteger(number)) return refuse(value, "an integer");
  const { minimum = declaration.type === "bytes" ? 0 : -Infinity, maximum = Infinity } = declaration;
  if (number < minimum) return refuse(number, `at least ${minimum}`);
  return number > maximum ? refuse(number, `at most ${maximum}`) : { value: number };
}

function checkChoice(declaration: OptionDeclaration, value: string): OptionReading {
  const { choices } = declaration;
  return choices && !choices.includes(value) ? refuse(value, `one of ${choices.join(", ")}`) : { value };
}

function checkChoices(declaration: OptionDeclaration, values: readonly string[]): OptionReading {
  for (const value of values) {
    const reading = checkChoice(declaration, value);
    if ("problem" in reading) return reading;
  }
  return { value: values };
}

function refuse(value: unknown, expected: string): { problem: string } {
  return { problem: `must be ${expected}, got ${brief(value)}` };
}

/** Longest value that a message shows. */
const MAX_SHOWN_LENGTH = 80;

/** A value for messages: a scalar or a list of scalars as JSON, cut; for other values, which may have any depth, only the kind. */
export function brief(value: unknown): string {
  if (typeof value === "number") return String(value);
  const isFlat = Array.isArray(value) ? value.every(isScalar) : isScalar(value);
  if (isFlat) return JSON.stringify(value)?.slice(0, MAX_SHOWN_LENGTH) ?? "nothing";
  return Array.isArray(value) ? "a list" : "an object";
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
