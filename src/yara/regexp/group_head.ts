/**
 * Reads the names and flags after an opening parenthesis.
 *
 * @module
 */

import { type Cursor, OpaqueRegexp } from "./cursor.ts";

/** Flags that hold from here on. */
export interface RegexpFlags {
  readonly isCaseInsensitive: boolean;
  readonly isDotAll: boolean;
}

/** Reads a parenthesis and its head. `isDirective`: it is closed already, as in `(?i)`. */
export function parseGroupHead(
  cursor: Cursor,
  flags: RegexpFlags,
  names: Set<string>,
): { readonly flags: RegexpFlags; readonly isDirective: boolean } {
  const start = cursor.at;
  cursor.take();
  if (["?=", "?!", "?<=", "?<!"].some((prefix) => cursor.startsWith(prefix))) {
    cursor.fail("look-around is not supported", start);
  }
  if (cursor.takeIf("?P<") || cursor.takeIf("?<")) {
    parseName(cursor, names);
    return { flags, isDirective: false };
  }
  if (!cursor.takeIf("?")) return { flags, isDirective: false };
  if (cursor.isAtEnd) cursor.fail("unclosed group", start);
  const changed = parseFlags(cursor, flags);
  if (cursor.takeIf(":")) return { flags: changed.flags, isDirective: false };
  cursor.take();
  if (changed.count === 0) cursor.fail("repetition operator missing expression", start);
  return { flags: changed.flags, isDirective: true };
}

function parseName(cursor: Cursor, names: Set<string>): void {
  const start = cursor.at;
  let name = "";
  while (!cursor.takeIf(">")) {
    if (cursor.isAtEnd) cursor.fail("unclosed capture group name", start);
    const isValid = name === "" ? /^[\p{Alphabetic}_]$/u : /^[\p{Alphabetic}\p{N}_.[\]]$/u;
    if (!isValid.test(cursor.char)) cursor.fail("invalid capture group character");
    name += cursor.take();
  }
  if (name === "") cursor.fail("empty capture group name", start);
  if (names.has(name)) cursor.fail("duplicate capture group name", start);
  names.add(name);
}

function parseFlags(cursor: Cursor, before: RegexpFlags) {
  const flags = { ...before };
  const seen = new Set<string>();
  let isOn = true;
  let isDangling = false;
  while (!cursor.startsWith(":") && !cursor.startsWith(")")) {
    const start = cursor.at;
    const flag = cursor.take();
    if (!"-imsUuRx".includes(flag)) cursor.fail("unrecognized flag", start);
    if (seen.has(flag)) {
      cursor.fail(flag === "-" ? "flag negation operator repeated" : "duplicate flag", start);
    }
    seen.add(flag);
    isDangling = flag === "-";
    if (flag === "-") isOn = false;
    if (flag === "i") flags.isCaseInsensitive = isOn;
    if (flag === "s") flags.isDotAll = isOn;
    if (cursor.isAtEnd) cursor.fail("expected flag but got end of regex");
  }
  if (isDangling) cursor.fail("dangling flag negation operator");
  // They change the grammar, what a character is, or which repetition is greedy.
  if (seen.size > 0 && isAnyOn(seen)) throw new OpaqueRegexp();
  return { flags, count: seen.size };
}

function isAnyOn(seen: ReadonlySet<string>): boolean {
  const order = [...seen];
  const off = order.indexOf("-");
  return order.some((flag, at) => "mUuRx".includes(flag) && (off < 0 || at < off));
}
