import assert from "node:assert/strict";
import { collectRules, MAX_INCLUDE_DEPTH, MAX_RULE_FILES, MAX_RULE_SET_BYTES } from "./collect.ts";

function collect(files: Readonly<Record<string, string>>, names: readonly string[]) {
  return collectRules(names, (path) => {
    const text = files[path];
    return text === undefined ? { failure: "it does not exist" } : { bytes: new TextEncoder().encode(text) };
  });
}

Deno.test("an included file lies between the pieces of the file that includes it", async () => {
  const { pieces, problems } = await collect({
    "/r/a.yar": 'import "pe"\ninclude "sub/b.yar" rule a\n{ condition: b }',
    "/r/sub/b.yar": 'include "../c.yar"\nrule b { condition: c }',
    "/r/c.yar": "rule c { condition: true }",
  }, ["/r/a.yar"]);
  assert.deepEqual(problems, []);
  assert.deepEqual(pieces, [
    { file: "/r/a.yar", root: "/r/a.yar", firstLine: 1, text: 'import "pe"\n' },
    { file: "/r/sub/b.yar", root: "/r/a.yar", firstLine: 1, text: "" },
    { file: "/r/c.yar", root: "/r/a.yar", firstLine: 1, text: "rule c { condition: true }" },
    { file: "/r/sub/b.yar", root: "/r/a.yar", firstLine: 1, text: "\nrule b { condition: c }" },
    { file: "/r/a.yar", root: "/r/a.yar", firstLine: 2, text: " rule a\n{ condition: b }" },
  ]);
});

Deno.test("a file is read once, however often it is named or included", async () => {
  const read: string[] = [];
  const { pieces } = await collectRules(["/b.yar", "/a.yar", "/b.yar"], (path) => {
    read.push(path);
    return { bytes: new TextEncoder().encode(path === "/a.yar" ? 'include "b.yar"\ninclude "./b.yar"' : "") };
  });
  assert.deepEqual(read, ["/b.yar", "/a.yar"]);
  assert.equal(pieces.filter((piece) => piece.file === "/b.yar").length, 1);
});

Deno.test("a file whose include does not exist is left out with the line that says it", async () => {
  const { pieces, problems } = await collect({
    "/a.yar": 'rule a { condition: true }\n\ninclude "no.yar"',
    "/b.yar": 'include "no.yar"',
    "/c.yar": "rule c { condition: true }",
  }, ["/a.yar", "/b.yar", "/c.yar"]);
  assert.deepEqual(pieces.map((piece) => piece.file), ["/c.yar"]);
  const message = 'include "no.yar" can\'t be followed: it does not exist';
  assert.deepEqual(problems, [{ file: "/a.yar", line: 3, message }, { file: "/b.yar", line: 1, message }]);
});

Deno.test("a file that can't be read is a problem of its own", async () => {
  assert.deepEqual((await collect({}, ["/no.yar"])).problems, [{
    file: "/no.yar",
    message: "it does not exist",
  }]);
});

Deno.test("a file that includes itself by way of others is left out, the others stay", async () => {
  const { pieces, problems } = await collect({
    "/a.yar": 'include "b.yar"\nrule a { condition: true }',
    "/b.yar": 'rule b { condition: true }\ninclude "a.yar"',
    "/self.yar": 'include "self.yar"',
  }, ["/a.yar", "/self.yar"]);
  assert.deepEqual(problems, [
    {
      file: "/b.yar",
      line: 2,
      message: 'include "a.yar" can\'t be followed: the file includes itself by way of this one',
    },
    {
      file: "/self.yar",
      line: 1,
      message: 'include "self.yar" can\'t be followed: the file includes itself by way of this one',
    },
  ]);
  assert.deepEqual([...new Set(pieces.map((piece) => piece.file))], ["/a.yar"]);
});

Deno.test("includes nest to the limit and no deeper", async () => {
  const files: Record<string, string> = {};
  for (let i = 1; i <= MAX_INCLUDE_DEPTH + 1; i++) files[`/${i}.yar`] = `include "${i + 1}.yar"`;
  files[`/${MAX_INCLUDE_DEPTH}.yar`] = "rule deep { condition: true }";
  assert.deepEqual((await collect(files, ["/1.yar"])).problems, []);
  files[`/${MAX_INCLUDE_DEPTH}.yar`] = `include "${MAX_INCLUDE_DEPTH + 1}.yar"`;
  const { problems } = await collect(files, ["/1.yar"]);
  assert.deepEqual(problems, [{
    file: `/${MAX_INCLUDE_DEPTH}.yar`,
    line: 1,
    message: `include "${
      MAX_INCLUDE_DEPTH + 1
    }.yar" can't be followed: the limit is ${MAX_INCLUDE_DEPTH} levels`,
  }]);
});

Deno.test("a rule set has a limit of files and of bytes", async () => {
  const names = Array.from({ length: MAX_RULE_FILES + 1 }, (_, i) => `/${i}.yar`);
  const many = await collectRules(names, () => ({ bytes: new Uint8Array() }));
  assert.equal(many.pieces.length, MAX_RULE_FILES);
  assert.deepEqual(many.problems.map(({ message }) => message), [
    `the limit is ${MAX_RULE_FILES} rule files`,
  ]);

  const half = new Uint8Array(MAX_RULE_SET_BYTES / 2).fill(0x20);
  const large = await collectRules(["/a", "/b", "/c", "/d"], (path) => (
    { bytes: path === "/d" ? new Uint8Array() : half }
  ));
  assert.deepEqual(large.pieces.map(({ file }) => file), ["/a", "/b", "/d"]);
  assert.deepEqual(large.problems, [{
    file: "/c",
    message: `the limit of a rule set is ${MAX_RULE_SET_BYTES} bytes`,
  }]);
});

Deno.test("a byte order mark is no part of the rules", async () => {
  assert.equal((await collect({ "/a": "\ufeffrule a" }, ["/a"])).pieces[0]!.text, "rule a");
});
