import assert from "node:assert/strict";
import { createRenderer } from "./renderer.ts";
import { shippedTemplate } from "./template_folder.ts";
import { responseOf } from "./testing/response.ts";

async function render(expression: string): Promise<string> {
  return (await createRenderer(shippedTemplate("t", `{{ ${expression} }}`), true))(responseOf([]));
}

for (
  const [expression, text] of [
    [String.raw`"a\nb\t" | printable | safe`, String.raw`a\x0ab\x09`],
    [`"abcdef" | printable(3)`, "abc…"],
    [`"abc" | printable(3)`, "abc"],
    [`"abc" | printable(-1)`, "abc"],
    [`"<a>" | code`, "`<a>`"],
    [`"abcdef" | code(3)`, "`abc…`"],
    [`"a" | safe | code`, "`a`"],
    [`nothing | code`, "(empty)"],
    [`0 | code`, "`0`"],
    [`false | code`, "`false`"],
    [`{ a: [1] } | code`, '`{"a":[1]}`'],
    [`"<a>" | code_block`, "```\n<a>\n```"],
    [`{ a: 1, b: [2, 3] } | outline`, "a: 1\nb: 2, 3"],
    [`[{ a: 1 }, { b: 2 }] | outline(1)`, "- a: 1\n…"],
    [`12345 | human_size`, "12.3 kB"],
    [`12345 | bytes`, "12,345 bytes"],
    [`"x" | bytes`, ""],
    [`1 | counted("payload")`, "1 payload"],
    [`1000 | counted("payload")`, "1,000 payloads"],
    [`500 | hex`, "1f4"],
    [`"é" | hex`, "c3a9"],
    [`"abc" | hex(2)`, "6162…"],
    [`[1, 2, 3] | take(2)`, "[1,2]"],
    [`[1, 2, 3] | take`, "[1,2,3]"],
    [`"text" | take(2)`, "[]"],
  ] as const
) {
  Deno.test(`${expression} is ${JSON.stringify(text)}`, async () => {
    assert.equal(await render(expression), text);
  });
}
