/**
 * Normal forms of what is on a computer: paths, keys of the registry, mutexes; and of digests and user agents.
 *
 * @module
 */

/** Longest path, key or user agent, in characters. */
export const MAX_NAME_CHARACTERS = 1_024;

const MAX_MUTEX_CHARACTERS = 260;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
const WINDOWS_PATH = /^(?:[a-z]:[\\/]|\\\\[^\\/]+[\\/]+[^\\/]|%[a-z_()0-9]+%[\\/]+[^\\/])/i;
const UNIX_PATH = /^(?:~\/+[^/]|\/[^/])/;

/**
 * Returns an absolute path. Windows: the drive in upper case, backslashes, case kept; with a drive, as `\\server\share`, or
 * behind `%VARIABLE%`. Unix: from `/` or `~/`. Separators are single, and there is none at the end.
 */
export function normaliseFilePath(text: string): string | undefined {
  if (text.length > MAX_NAME_CHARACTERS || CONTROL.test(text)) return undefined;
  const path = text.trim().replace(/^"(.*)"$/, "$1").replace(/[\s\\/]+$/, (end) => end[0]!.trim());
  if (WINDOWS_PATH.test(path)) {
    const lead = path.startsWith("\\\\") ? "\\" : "";
    const single = lead + path.replace(/[\\/]+/g, "\\").replace(/(?<!:)\\$/, "");
    if (/[<>"|?*]/.test(single) || /:/.test(single.slice(2))) return undefined;
    return single.replace(/^[a-z]:/, (drive) => drive.toUpperCase());
  }
  return UNIX_PATH.test(path) ? path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "") : undefined;
}

/** Short names of hives, and the kernel's. */
const HIVES: readonly (readonly [start: RegExp, hive: string])[] = [
  [/^(?:HKLM|HKEY_LOCAL_MACHINE|\\?REGISTRY\\MACHINE)(?=:?\\|$)/i, "HKEY_LOCAL_MACHINE"],
  [/^(?:HKCU|HKEY_CURRENT_USER)(?=:?\\|$)/i, "HKEY_CURRENT_USER"],
  [/^(?:HKCR|HKEY_CLASSES_ROOT)(?=:?\\|$)/i, "HKEY_CLASSES_ROOT"],
  [/^(?:HKU|HKEY_USERS|\\?REGISTRY\\USER)(?=:?\\|$)/i, "HKEY_USERS"],
  [/^(?:HKCC|HKEY_CURRENT_CONFIG)(?=:?\\|$)/i, "HKEY_CURRENT_CONFIG"],
];

/** Returns a key with the full name of its hive, single backslashes, and none at the end. Case is kept. */
export function normaliseRegistryKey(text: string): string | undefined {
  if (text.length > MAX_NAME_CHARACTERS || CONTROL.test(text)) return undefined;
  const key = text.trim().replace(/^Registry::/i, "").replace(/\\+/g, "\\").replace(/\\$/, "");
  for (const [start, hive] of HIVES) {
    if (start.test(key)) return hive + key.replace(start, "").replace(/^:/, "");
  }
  return undefined;
}

/** Returns the name of a mutex as it is; only `Global\` and `Local\` may be before it. */
export function normaliseMutex(text: string): string | undefined {
  const isName = text.length <= MAX_MUTEX_CHARACTERS && !CONTROL.test(text) &&
    /^(?:(?:Global|Local)\\)?[^\\]*[^\\\s][^\\]*$/.test(text);
  return isName ? text : undefined;
}

/** Returns a user agent without the name of its header, with single spaces. */
export function normaliseUserAgent(text: string): string | undefined {
  if (text.length > MAX_NAME_CHARACTERS) return undefined;
  const agent = text.replace(/^\s*user-agent:/i, "").trim().replace(/[ \t]+/g, " ");
  return /^[ -~]+$/.test(agent) ? agent : undefined;
}

/** Returns a function for digests of a size: lower-case hexadecimal. One digit repeated is none. */
export function normaliseDigest(digits: 32 | 40 | 64): (text: string) => string | undefined {
  return (text) => {
    const isDigest = text.length === digits && /^[0-9a-f]+$/i.test(text) && !/^(.)\1+$/.test(text);
    return isDigest ? text.toLowerCase() : undefined;
  };
}
