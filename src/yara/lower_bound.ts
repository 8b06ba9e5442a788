/**
 * Binary search.
 *
 * @module
 */

/** The index of the first number of a rising list that is not below a value; its length where all are below. */
export function lowerBound(list: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
