/**
 * The import hash of a PE file.
 *
 * https://cloud.google.com/blog/topics/threat-intelligence/tracking-malware-import-hashing/
 *
 * @module
 */

import { nameOfOrdinal } from "./ordinals.ts";

/** As much of an imported library as its part of the hash needs. */
interface NamedLibrary {
  readonly name: string | undefined;
  readonly functions: readonly {
    readonly name?: string | undefined;
    readonly ordinal?: number | null | undefined;
  }[];
}

/** Returns the text whose MD5 is the import hash; empty if the file has no imports. */
export function importHashText(libraries: readonly NamedLibrary[]): string {
  const parts: string[] = [];
  for (const { name: library, functions } of libraries) {
    if (library === undefined) continue;
    const stem = library.replace(/\.(?:dll|sys|ocx)$/i, "");
    for (const { name, ordinal } of functions) {
      const own = name ?? (typeof ordinal === "number" ? nameOfOrdinal(library, ordinal) : undefined);
      if (own !== undefined) parts.push(`${stem}.${own}`);
    }
  }
  return parts.join(",").toLowerCase();
}
