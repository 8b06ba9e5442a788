/**
 * Sets of truth values as bits. `undefined` is a value of its own in YARA: it survives `not` and comparisons.
 *
 * @module
 */

/** A subset of {true, false, undefined}: bits of {@linkcode TRUE}, {@linkcode FALSE} and {@linkcode UNDEFINED}. */
export type Possible = number;

/** May be true. */
export const TRUE = 1;
/** May be false. */
export const FALSE = 2;
/** May be undefined. */
export const UNDEFINED = 4;
/** True or false, not known which. */
export const EITHER = TRUE | FALSE;
/** Nothing is known. */
export const ANYTHING = TRUE | FALSE | UNDEFINED;

/** The set that holds one truth value. */
export function only(value: boolean): Possible {
  return value ? TRUE : FALSE;
}

/** Returns the result of `not`. */
export function negated(value: Possible): Possible {
  return ((value & TRUE) << 1) | ((value & FALSE) >> 1) | (value & UNDEFINED);
}

/** Returns the result of `defined`. */
export function definedness(value: Possible): Possible {
  return (value & EITHER ? TRUE : 0) | (value & UNDEFINED ? FALSE : 0);
}

/** Returns the verdict of a rule with the condition: undefined counts as false. */
export function settled(value: Possible): Possible {
  return (value & EITHER) | (value & UNDEFINED ? FALSE : 0);
}
