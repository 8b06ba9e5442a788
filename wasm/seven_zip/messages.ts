/**
 * 7-Zip's error messages as kinds of problems.
 *
 * 7-Zip does not buffer stderr, so each piece of a message arrives alone: a fixed text, then a name. Reading
 * pieces instead of lines, no name with a line end in it can pass for a message.
 *
 * @module
 */

import type { ProblemKind } from "./extraction.ts";

/** What a piece of stderr says. */
export type Message =
  | { readonly about: "entry"; readonly kind: ProblemKind; readonly detail: string }
  | { readonly about: "archive"; readonly kind: ProblemKind; readonly detail: string }
  /** `rest` is the path, ` : ` and the target. */
  | { readonly about: "symlink" | "hardlink"; readonly rest: string };

const OF_ENTRY: ReadonlyMap<string, ProblemKind> = new Map([
  ["Wrong password", "wrong-password"],
  ["Data Error in encrypted file. Wrong password?", "wrong-password"],
  ["CRC Failed in encrypted file. Wrong password?", "wrong-password"],
  ["Unsupported Method", "unsupported"],
  ["Unexpected end of data", "truncated"],
  ["Unavailable data", "truncated"],
  ["Unavailable start of archive", "truncated"],
  ["Data Error", "damaged"],
  ["CRC Failed", "damaged"],
  ["Headers Error", "damaged"],
  ["There are some data after the end of the payload data", "damaged"],
  ["Is not archive", "damaged"],
]);

const ENTRY_PREFIX = "ERROR: ";
const SYMBOLIC_LINK = /^Dangerous (?:symbolic )?link path was ignored : /;
const HARD_LINK = /^Cannot create hard link : errno=\d+ : [^:]* : /;
const MEMORY = /^(?:ERROR: )?(?:Can't allocate required memory|E_OUTOFMEMORY)/;

/** Reads one piece of stderr; `undefined` when it says nothing that counts. */
export function readMessage(piece: string): Message | undefined {
  const detail = piece.startsWith(ENTRY_PREFIX) ? piece.slice(ENTRY_PREFIX.length) : "";
  const kind = OF_ENTRY.get(detail);
  if (kind !== undefined) return { about: "entry", kind, detail };
  if (MEMORY.test(piece)) return { about: "archive", kind: "limit-memory", detail: piece };
  const link = SYMBOLIC_LINK.exec(piece);
  if (link !== null) return { about: "symlink", rest: piece.slice(link[0].length) };
  const hardLink = HARD_LINK.exec(piece);
  if (hardLink !== null) return { about: "hardlink", rest: piece.slice(hardLink[0].length) };
  return undefined;
}

/** What a remark of 7-Zip about the whole archive amounts to; `undefined` when it is nothing serious. */
export function kindOfRemark(remark: string): ProblemKind | undefined {
  if (/^Unexpected end of|^Missing volume/.test(remark)) return "truncated";
  if (/^Unsupported (?:method|feature)/i.test(remark)) return "unsupported";
  if (/^(?:Headers Error|CRC Error|Data Error|Unavailable|Is not archive)/.test(remark)) return "damaged";
  return undefined;
}
