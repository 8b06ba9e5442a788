import assert from "node:assert/strict";
import { codeBlock, codeSpan } from "./markdown.ts";

Deno.test("a code span has more backticks than the text, and blanks where they would be taken for them", () => {
  assert.equal(codeSpan("a"), "`a`");
  assert.equal(codeSpan("a`b"), "``a`b``");
  assert.equal(codeSpan("```"), "```` ``` ````");
  assert.equal(codeSpan(" a"), "`  a `");
  assert.equal(codeSpan(""), "(empty)");
  assert.equal(codeSpan("a\nb"), "`a\\x0ab`");
  assert.equal(codeSpan("abcdef", 3), "`abc…`");
});

Deno.test("a code block has a fence that no line of it can be", () => {
  assert.equal(codeBlock("a\nb\n"), "```\na\nb\n```");
  assert.equal(codeBlock("x\n```\n# y"), "````\nx\n```\n# y\n````");
  assert.equal(codeBlock("`````"), "``````\n`````\n``````");
  assert.equal(codeBlock("a\rb\x1b"), "```\na\\x0db\\x1b\n```");
});
