/**
 * Keys of the version resource, which nearly every PE file holds in UTF-16.
 *
 * @module
 */

/** What a run that is such a key loses in an atom's score: it is no help in finding a rule's files. */
export const VERSION_KEY_PENALTY = 40;

const KEYS = new Set([
  "Comments",
  "CompanyName",
  "FileDescription",
  "FileVersion",
  "InternalName",
  "LegalCopyright",
  "LegalTrademarks",
  "OriginalFilename",
  "PrivateBuild",
  "ProductName",
  "ProductVersion",
  "SpecialBuild",
  "StringFileInfo",
  "VS_VERSION_INFO",
]);

/** Whether bytes are the UTF-16 text of a key, with or without zeros behind it. */
export function isVersionKey(bytes: readonly number[]): boolean {
  if (bytes.length < 14 || bytes.length > 48 || bytes[1] !== 0 || bytes[3] !== 0) return false;
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    if (i + 1 < bytes.length && bytes[i + 1] !== 0) return false;
    if (bytes[i] !== 0) text += String.fromCharCode(bytes[i]!);
  }
  return KEYS.has(text);
}
