/**
 * Names in tables of PE files, as YARA-X takes them.
 *
 * @module
 */

/** Whether all characters are ASCII. Versions of the engine differ about other names. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false;
  }
  return true;
}

/** Whether YARA-X takes a name for that of a library. */
export function isLibraryName(name: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x1f\x7f "*<>?|]/.test(name);
}

/** Whether YARA-X takes a name for that of an imported function. */
export function isFunctionName(name: string): boolean {
  return /^[!-~]+$/.test(name);
}
