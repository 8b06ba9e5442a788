import assert from "node:assert/strict";
import { parseGlob } from "./glob.ts";

/** Pattern, paths that match, paths that don't. */
const CASES: [pattern: string, matching: string[], others: string[]][] = [
  ["*.eml", ["a.eml", ".eml", "in/a.eml", "in/deep/a.eml"], ["a.eml.txt", "a.EML", "a.eml/b"]],
  ["/*.eml", ["a.eml"], ["in/a.eml"]],
  ["in/*.eml", ["in/a.eml"], ["in/deep/a.eml", "out/in/a.eml", "a.eml"]],
  ["in/**", ["in/a", "in/deep/a"], ["in", "inn/a", "out/in/a"]],
  ["in/**/*.eml", ["in/a.eml", "in/x/a.eml", "in/x/y/a.eml"], ["in/xa.eml/b", "a.eml", "inx/a.eml"]],
  ["**/in/*", ["in/a", "x/in/a", "x/y/in/a"], ["xin/a", "x/yin/a", "in/x/a"]],
  ["**", ["a", "a/b", "a/b/c"], []],
  ["old/", ["old/a", "in/old/b/c"], ["old", "older/a"]],
  ["/old/", ["old/a"], ["in/old/b"]],
  ["a**b", ["ab", "axxb", "in/axb"], ["ax/xb"]],
  ["?", ["a", "猫", "😀", "in/a"], ["", "ab"]],
  ["in?a", ["inxa"], ["in/a"]],
  ["[abc]", ["a", "in/b"], ["d", "ab"]],
  ["[a-c]x", ["ax", "bx"], ["dx", "-x"]],
  ["[!a-c]", ["d", "-"], ["a", "b"]],
  ["[^a-c]", ["d"], ["a"]],
  ["[]a]", ["]", "a"], ["b", "[]a]"]],
  ["[!]a]", ["b"], ["]", "a"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["x/[!a]y", ["x/by"], ["x/ay"]],
  ["x[!a]y", ["xby"], ["x/y"]],
  ["\\*", ["*", "in/*"], ["a"]],
  ["\\[a]", ["[a]"], ["a"]],
  ["a.b+(c)|^$", ["a.b+(c)|^$"], ["axb+(c)|^$", "a.bb(c)|^$"]],
  ["*", ["a", "in/a"], []],
  ["a*b*c", ["abc", "aXbYc", "abcbc"], ["acb", "ab"]],
];

Deno.test("patterns match whole relative paths", () => {
  for (const [pattern, matching, others] of CASES) {
    const glob = parseGlob(pattern);
    for (const path of matching) assert.equal(glob.matches(path), true, `${pattern} should match ${path}`);
    for (const path of others) assert.equal(glob.matches(path), false, `${pattern} should not match ${path}`);
  }
});

Deno.test("patterns that mean nothing are errors", () => {
  const messages: [pattern: string, message: string][] = [
    ["[a", 'parse the glob "[a": "[" must be closed by "]"'],
    ["[]", 'parse the glob "[]": "[" must be closed by "]"'],
    ["[z-a]", 'parse the glob "[z-a]": the range "z-a" must go up'],
    ["a\\", 'parse the glob "a\\\\": a character must follow the last backslash'],
    ["", 'parse the glob "": must name a file, got none'],
    ["/", 'parse the glob "/": must name a file, got none'],
  ];
  for (const [pattern, message] of messages) {
    assert.throws(() => parseGlob(pattern), { code: "glob-invalid", message });
  }
});

Deno.test("a pattern of many stars takes as many steps as path and pattern are long", () => {
  // With a backtracking matcher this would not end within the age of the universe.
  const glob = parseGlob(`${"**/".repeat(30)}${"*a".repeat(60)}b`);
  assert.equal(glob.matches(`${"a/".repeat(100)}${"a".repeat(2000)}`), false);
  assert.equal(glob.matches(`${"a/".repeat(100)}${"a".repeat(2000)}b`), true);
});
