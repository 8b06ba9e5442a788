/**
 * Sizes and counts as people read them.
 *
 * @module
 */

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Returns a size in up to three digits, in units of 10^3: `97.8 kB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999,950 bytes would round to 1000 kB.
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Returns a whole number with commas. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Returns a number with the noun that it counts: `1 payload`, `3,000 payloads`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
