import assert from "node:assert/strict";
import { byteText } from "./testing/written_regexp.ts";
import { compileTextRegexp, regexpMatches } from "./text_matches.ts";

function isMatch(source: string, text: string, flags = ""): boolean | undefined {
  const regexp = compileTextRegexp({
    source: byteText(source),
    ...flags.includes("i") && { isCaseInsensitive: true },
    ...flags.includes("s") && { isDotAll: true },
  });
  assert.ok(!("problem" in regexp), source);
  return regexpMatches(regexp, new TextEncoder().encode(text));
}

Deno.test("a match anywhere counts, bounds are those of the text", () => {
  assert.equal(isMatch("b+c", "aabbcc"), true);
  assert.equal(isMatch("^b", "ab"), false);
  assert.equal(isMatch("b$", "ab\n"), false);
  assert.equal(isMatch("\\.EXE$", "a.exe", "i"), true);
  assert.equal(isMatch("a.b", "a\nb"), false);
  assert.equal(isMatch("a.b", "a\nb", "s"), true);
  assert.equal(isMatch("^$", ""), true);
  assert.equal(isMatch("", "x"), true);
  assert.equal(isMatch("[^a]", "aaa"), false);
});

Deno.test("a dot is a byte, so that a character beyond ASCII is several", () => {
  assert.equal(isMatch("^..$", "é"), true);
  assert.equal(isMatch("^é$", "é"), true);
  assert.equal(isMatch("\\b{start}a", "-a"), true);
});

Deno.test("what isn't known is undefined", () => {
  assert.equal(isMatch("\\B", "é"), undefined);
  assert.equal(isMatch("(?u)é", "é"), undefined);
  assert.equal(isMatch("((a{1,100}){1,100}){1,100}b", "a"), undefined);
});

Deno.test("nested quantifiers over a long text are linear", () => {
  assert.equal(isMatch("(a+)+b", "a".repeat(100_000)), false);
  assert.equal(isMatch("(a|aa|aaa|a?)+b", "a".repeat(2_000_000)), undefined);
});
