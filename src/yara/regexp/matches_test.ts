import assert from "node:assert/strict";
import { MAX_LISTED_MATCHES } from "./limits.ts";
import { matchesOf } from "./matches.ts";
import { bytesOfText, compileWritten, hitsOf } from "./testing/written_regexp.ts";

/** Certainty, and offset+length of each match. */
function found(written: string, text: string): string {
  const regexp = compileWritten(written);
  assert.ok(!("problem" in regexp), written);
  const content = bytesOfText(text);
  const { certainty, matches } = matchesOf(regexp, content, hitsOf(regexp, content));
  return [certainty, ...matches.map(({ offset, length }) => `${offset}+${length}`)].join(" ");
}

function wide(text: string): string {
  return [...text].map((char) => char + "\0").join("");
}

/** All expectations were recorded from YARA-X 1.20. */
Deno.test("^ and $ are the bounds of the data, not of lines", () => {
  assert.equal(found("/^foo/", "foo\nfoo"), "exact 0+3");
  assert.equal(found("/foo$/", "foo\nfoo"), "exact 4+3");
  assert.equal(found("/foo$/", "foo\n"), "exact");
});

Deno.test("word boundaries take the underscore for a letter", () => {
  assert.equal(found("/foo\\b/", "foo_"), "exact");
  assert.equal(found("/foo\\b/", "foo."), "exact 0+3");
  assert.equal(found("/foo\\B_/", "foo_"), "exact 0+4");
  assert.equal(found("/\\bfoo/", "_foo"), "exact");
});

Deno.test("greedy is longest, lazy is shortest, and every start counts", () => {
  assert.equal(found("/foo.*bar/", "foo bar bar"), "exact 0+11");
  assert.equal(found("/foo.*?bar/", "foo bar bar"), "exact 0+7");
  assert.equal(found("/[0-9]*foobar/", "12foobar"), "exact 0+8 1+7 2+6");
  assert.equal(found("/a+bcde/", "aaabcde"), "exact 0+7 1+6 2+5");
  assert.equal(found("/foo.*bar/", "foo\nbar"), "exact");
});

Deno.test("where the order of alternatives decides, a length may be uncertain, an offset is not", () => {
  // YARA-X: 0+4, 0+3, and 0+3.
  assert.equal(found("/(a|ab)(c|bcd)/", "abcd"), "existence 0+3");
  assert.equal(found("/(ab|a)(c|bcd)/", "abcd"), "existence 0+3");
  assert.equal(found("/(foo|foobar)/", "foobar"), "existence 0+3");
  assert.equal(found("/(foo|foobar)[0-9]+x/", "foobar12x"), "exact 0+9");
});

Deno.test("where alternatives meet a repetition only the offset is certain", () => {
  // YARA-X: 0+15, the last place of the branch that is written last.
  assert.equal(found("/GET id=[^\\n]{4,60} (200|301)/", "GET id=aaaa 301 200 200"), "existence 0+15");
  assert.equal(found("/GET id=[^\\n]* (200|301)/", "GET id=aaaa 301 200 200"), "existence 0+15");
});

Deno.test("nocase is ASCII only", () => {
  assert.equal(found("/FOO/i", "foo"), "exact 0+3");
  assert.equal(found("/\\xe9xy/i", "\xe9XY\xc9xy"), "exact 0+3");
  assert.equal(found("/foobar[0-9]/ nocase", "FooBar1"), "exact 0+7");
});

Deno.test("fullword looks at the neighbours of the match", () => {
  assert.equal(found("/fooba\\w*/ fullword", "foobar1"), "exact 0+7");
  assert.equal(found("/foobar[0-9]/ fullword", "xfoobar1"), "exact");
  assert.equal(found("/foobar/ fullword wide", "\0" + wide(".foobar.")), "exact 3+12");
  assert.equal(found("/foobar/ fullword wide", wide("xfoobar")), "exact");
});

Deno.test("with fullword another end than the best one may count, which YARA-X is asked about", () => {
  // It says 0+7 and 0+12.
  assert.equal(found("/foo.*bar/ fullword", "foo bar bar1"), "candidate 0+7");
  assert.equal(found("/foo.*?bar/ fullword", "foo bar1 bar"), "candidate 0+12");
});

Deno.test("wide characters are pairs with a zero, and bounds are two bytes away", () => {
  assert.equal(found("/foo[a-z]*bar/ wide", wide("fooxbar")), "exact 0+14");
  assert.equal(found("/foo.bar/ wide", "f\0o\0o\0xyb\0a\0r\0"), "exact");
  assert.equal(found("/foo$/ wide", "f\0o\0o\0a"), "exact 0+6");
  assert.equal(found("/foo$/ wide", "f\0o\0o\0ab"), "exact");
  assert.equal(found("/^foo/ wide", "af\0o\0o\0"), "exact 1+6");
  assert.equal(found("/foo\\b/ wide", "f\0o\0o\0a\x01"), "exact");
  assert.equal(found("/foox[0-9]+/ wide ascii", "foox1" + wide("foox22")), "exact 0+5 5+12");
});

Deno.test("what the fast machine of YARA-X gets wrong is not called exact", () => {
  // YARA-X: 0+4 and nothing.
  assert.equal(found("/foo.*/", "fooab").split(" ")[0], "candidate");
  assert.equal(found("/foo.{0,3}/", "foo").split(" ")[0], "candidate");
  // YARA-X: 0+4.
  assert.equal(found("/(foobar|foo).?/", "foobarx").split(" ")[0], "candidate");
});

Deno.test("what YARA-X matches though it should not is among the candidates", () => {
  // It finds 0+20.
  assert.equal(found("/a(foobar){1,2}x/", "afoobarfoobarfoobarx"), "candidate 0+20");
  // It finds 0+12, a word or not.
  assert.equal(found("/fooA(abbcd)bar/ fullword", "fooAabbcdbarx"), "candidate 0+12");
  // It finds 8+16, over the newline.
  assert.equal(found("/ab.{5}foobarbaz/", "xxxxxxxxab12\n45foobarbaz"), "candidate 8+16");
});

Deno.test("a jump that YARA-X follows out of the data is unknown", () => {
  // It finds 0+18 in six bytes less.
  assert.equal(found("/foo.{1,9}bar.{11}/s", "foo1bar23456"), "unknown");
  assert.equal(found("/foo.{1,9}bar.{2}/s", "foo1bar2"), "exact");
});

Deno.test("jumps that split a pattern are unknown, and no run is still a certain no", () => {
  assert.equal(found("/foo.*bar/s", "foo1bar"), "unknown");
  assert.equal(found("/foo.*bar/s", "fox1bax"), "exact");
});

Deno.test("matches beyond the reach of YARA-X are not called exact", () => {
  assert.equal(found("/foobar[a-z]+/", "foobar" + "a".repeat(4_000)), "exact 0+4006");
  assert.equal(found("/foobar[a-z]+/", "foobar" + "a".repeat(5_000)).split(" ")[0], "existence");
  assert.equal(found("/foobar[a-z]+1/", "foobar" + "a".repeat(5_000) + "1").split(" ")[0], "candidate");
});

Deno.test("nested quantifiers over a megabyte stay within the budget", () => {
  assert.equal(found("/(a+)+bcd/", "a".repeat(1_000_000)), "exact");
  assert.equal(found("/(a+)+bcd/", "a".repeat(1_000_000) + "bcd"), "unknown");
  assert.equal(found("/(xy+)+z/", "xy".repeat(500_000)), "unknown");
});

Deno.test("more matches than are listed are unknown", () => {
  assert.equal(found("/abcd[0-9]/", "abcd1".repeat(MAX_LISTED_MATCHES + 1)), "unknown");
});
