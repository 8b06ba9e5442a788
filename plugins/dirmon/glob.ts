/**
 * Globs on relative paths, matched in time proportional to the path's length times the pattern's. Names are hostile, and each
 * `*` of a regular expression can multiply the time by the length of the name.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";
import { DirmonError } from "./failure.ts";

/** What one position of a pattern accepts. */
type Token =
  | { readonly kind: "character"; readonly accepts: (character: string) => boolean }
  /** `*`: any number of characters but `/`. */
  | { readonly kind: "star" }
  /** `**` and `/`: nothing, or anything that ends with `/`. */
  | { readonly kind: "folders" }
  /** `**` at the end: anything. */
  | { readonly kind: "rest" };

/** A parsed pattern. */
export interface Glob {
  /** Says whether a whole relative path matches. */
  matches(path: string): boolean;
}

/**
 * Parses a pattern: `?` is one character, `*` any number of them, neither of them `/`; `**` as a whole name is
 * any number of folders, at the end everything below; `[a-z]`, `[!a-z]` (or `[^a-z]`) are one character; `\`
 * takes the next character as it is. A pattern without `/` is one for names in any folder; a leading `/` binds
 * it to the top; one at the end stands for everything below. Upper and lower case are different.
 *
 * @throws {DirmonError} `glob-invalid` for `[` without `]`, a range that goes down, a `\` at the end, nothing
 */
export function parseGlob(pattern: string): Glob {
  const tokens = tokenize(pattern);
  return { matches: (path) => matchTokens(tokens, path) };
}

function invalid(pattern: string, what: string): DirmonError {
  return new DirmonError("glob-invalid", `parse the glob ${quote(pattern)}: ${what}`);
}

function tokenize(pattern: string): Token[] {
  const named = pattern.replace(/\/$/, "");
  const isAnchored = named.includes("/");
  const characters = [...named.replace(/^\//, "")];
  if (characters.length === 0) throw invalid(pattern, "must name a file, got none");
  if (named !== pattern) characters.push("/", "*", "*");
  const tokens: Token[] = isAnchored ? [] : [{ kind: "folders" }];
  for (let at = 0; at < characters.length;) {
    const character = characters[at]!;
    const isNameStart = at === 0 || characters[at - 1] === "/";
    if (character === "*") {
      const end = skipStars(characters, at);
      const isFolders = isNameStart && end - at === 2 && [undefined, "/"].includes(characters[end]);
      tokens.push({ kind: !isFolders ? "star" : end === characters.length ? "rest" : "folders" });
      at = isFolders ? end + 1 : end;
    } else if (character === "[") {
      const { accepts, end } = parseClass(pattern, characters, at);
      tokens.push({ kind: "character", accepts });
      at = end;
    } else {
      const isEscaped = character === "\\";
      const literal = isEscaped ? characters[at + 1] : character;
      if (literal === undefined) throw invalid(pattern, "a character must follow the last backslash");
      const isAny = character === "?";
      tokens.push({
        kind: "character",
        accepts: isAny ? (other) => other !== "/" : (other) => other === literal,
      });
      at += isEscaped ? 2 : 1;
    }
  }
  return tokens;
}

function skipStars(characters: readonly string[], from: number): number {
  let end = from;
  while (characters[end] === "*") end++;
  return end;
}

/** Parses `[…]`; a `]` right after the opening is a member, as in POSIX. */
function parseClass(pattern: string, characters: readonly string[], from: number) {
  let at = from + 1;
  const isNegated = characters[at] === "!" || characters[at] === "^";
  if (isNegated) at++;
  const end = characters.indexOf("]", at + 1);
  if (end < 0) throw invalid(pattern, '"[" must be closed by "]"');
  const ranges: [first: string, last: string][] = [];
  while (at < end) {
    const first = characters[at]!;
    const isRange = characters[at + 1] === "-" && at + 2 < end;
    const last = isRange ? characters[at + 2]! : first;
    if (last.codePointAt(0)! < first.codePointAt(0)!) {
      throw invalid(pattern, `the range ${quote(`${first}-${last}`)} must go up`);
    }
    ranges.push([first, last]);
    at += isRange ? 3 : 1;
  }
  const accepts = (character: string) => {
    const point = character.codePointAt(0)!;
    const isMember = ranges.some(([first, last]) =>
      first.codePointAt(0)! <= point && point <= last.codePointAt(0)!
    );
    return character !== "/" && isMember !== isNegated;
  };
  return { accepts, end: end + 1 };
}

/** Follows all ways through the pattern at once: the set of positions is never larger than the pattern. */
function matchTokens(tokens: readonly Token[], path: string): boolean {
  let places = new Set<number>();
  reach(tokens, places, 0);
  for (const character of path) {
    const next = new Set<number>();
    for (const place of places) step(tokens, place, character, next);
    if (next.size === 0) return false;
    places = next;
  }
  return places.has(tokens.length);
}

/** Adds a position, and those after it that need no character. */
function reach(tokens: readonly Token[], places: Set<number>, from: number): void {
  for (let place = from; !places.has(place); place++) {
    places.add(place);
    const kind = tokens[place]?.kind;
    if (kind === undefined || kind === "character") return;
  }
}

function step(tokens: readonly Token[], place: number, character: string, next: Set<number>): void {
  const token = tokens[place];
  switch (token?.kind) {
    case "character":
      if (token.accepts(character)) reach(tokens, next, place + 1);
      break;
    case "star":
      if (character !== "/") reach(tokens, next, place);
      break;
    case "rest":
      reach(tokens, next, place);
      break;
    case "folders":
      // The pattern continues only at the end of a folder's name.
      if (character === "/") reach(tokens, next, place);
      else next.add(place);
  }
}
