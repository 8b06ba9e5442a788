import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (source: string) => messagesOf("function-size", "src/core/a.ts", source);

/** A body that makes `head{ … }` exactly so many lines long. */
function body(lines: number): string {
  return `{\n${"  work();\n".repeat(lines - 2)}}`;
}

const EXPLAINED = "/** Reads a header. Long because the format has 90 fields. */\n";

const FORMS: Readonly<Record<string, (block: string) => string>> = {
  "a function": (block) => `function f() ${block}`,
  "an exported function": (block) => `export function f() ${block}`,
  "an asynchronous default export": (block) => `export default async function f() ${block}`,
  "an arrow function": (block) => `export const f = () => ${block};`,
  "a function expression": (block) => `const f = function () ${block};`,
  "a method": (block) => `class A {\n@\nf() ${block}\n}`,
  "a constructor": (block) => `class A {\n@\nconstructor() ${block}\n}`,
  "a private arrow function": (block) => `class A {\n@\n#f = () => ${block};\n}`,
  "an object's arrow function": (block) => `const a = {\n@\nf: () => ${block},\n};`,
  "an object's method": (block) => `const a = {\n@\nf() ${block},\n};`,
};

/** Puts the doc where the form wants it: before the declaration, or at its mark. */
function withDoc(source: string, doc: string): string {
  return source.includes("@") ? source.replace("@", doc) : doc + source;
}

for (const [form, write] of Object.entries(FORMS)) {
  Deno.test(`${form} may have 80 lines, or 120 with a reason`, () => {
    assert.deepEqual(say(withDoc(write(body(80)), "")), []);
    assert.deepEqual(say(withDoc(write(body(81)), "")), ["Function of 81 lines: 80 are allowed"]);
    assert.deepEqual(say(withDoc(write(body(120)), EXPLAINED)), []);
    assert.deepEqual(say(withDoc(write(body(121)), EXPLAINED)), ["Function of 121 lines: 120 are allowed"]);
  });
}

Deno.test("a doc without the reason, and the doc of another function, excuse nothing", () => {
  assert.equal(say(`/** Reads a header. */\nfunction f() ${body(81)}`).length, 1);
  assert.equal(say(`${EXPLAINED}function g() {}\nfunction f() ${body(81)}`).length, 1);
  assert.equal(say(`// Long because I say so\nfunction f() ${body(81)}`).length, 1);
});

Deno.test("a long function inside a long one is reported too", () => {
  assert.equal(say(`function f() {\nconst g = () => ${body(81)};\n}`).length, 2);
});
