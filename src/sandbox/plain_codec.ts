/**
 * Encodes plain data as JSON without loss: bytes, `NaN`, infinities and `-0` included.
 *
 * A value that JSON lacks becomes a record with one key that starts with NUL; a key of the data that starts with NUL gets another
 * NUL. This form is internal: `serialize.ts` of the core writes the JSON of responses.
 *
 * @module
 */

/** First character of keys that mark a value that JSON lacks. */
export const MARK = "\0";
/** Key of bytes, in base64. */
export const BYTES_KEY: string = `${MARK}bytes`;
/** Key of a number that JSON lacks, as text. */
export const NUMBER_KEY: string = `${MARK}number`;

/** Returns plain data as JSON. A key whose value is `undefined` is left out. */
export function encodePlain(value: unknown): string {
  return JSON.stringify(needsMarks(value) ? mark(value) : value);
}

/** Returns the data of JSON that {@link encodePlain} wrote. @throws {SyntaxError} for text that is not JSON */
export function decodePlain(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // JSON that holds a mark holds its escape; most texts have none and need no second walk.
  return text.includes("\\u0000") ? unmark(value) : value;
}

function needsMarks(value: unknown): boolean {
  if (typeof value === "number") return isSpecial(value);
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.some(needsMarks);
  for (const key in value) {
    if (key.startsWith(MARK) || needsMarks((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

function isSpecial(value: number): boolean {
  return !Number.isFinite(value) || Object.is(value, -0);
}

function mark(value: unknown): unknown {
  if (typeof value === "number" && isSpecial(value)) {
    return { [NUMBER_KEY]: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { [BYTES_KEY]: value.toBase64() };
  if (Array.isArray(value)) return value.map(mark);
  return mapEntries(value, (key) => key.startsWith(MARK) ? MARK + key : key, mark);
}

function unmark(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unmark);
  const { [BYTES_KEY]: bytes, [NUMBER_KEY]: number } = value as Record<string, unknown>;
  if (typeof bytes === "string") return Uint8Array.fromBase64(bytes);
  if (typeof number === "string") return Number(number);
  return mapEntries(value, (key) => key.startsWith(MARK) ? key.slice(MARK.length) : key, unmark);
}

function mapEntries(
  record: object,
  mapKey: (key: string) => string,
  mapValue: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [mapKey(key), mapValue(value)]));
}
