/**
 * Whether two pieces of data can't be told apart.
 *
 * @module
 */

/** Compares plain data, the order of keys included: a plugin sees that too. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length &&
      a.every((byte, index) => byte === b[index]);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  const others = Object.entries(b);
  return entries.length === others.length && entries.every(([key, value], index) => {
    const [otherKey, otherValue] = others[index]!;
    return key === otherKey && isSameData(value, otherValue);
  });
}
