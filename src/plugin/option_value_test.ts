import assert from "node:assert/strict";
import type { OptionDeclaration } from "./manifest.ts";
import type { OptionType } from "./option_value.ts";
import { checkOptionValue, readOptionData, readOptionText } from "./option_value.ts";

const base = { resolvePath: (path: string) => `/base/${path}` };
const declare = (type: OptionType, rest: Partial<OptionDeclaration> = {}) => ({ type, doc: "x", ...rest });
const fromText = (type: OptionType, text: string, rest?: Partial<OptionDeclaration>) =>
  readOptionText(declare(type, rest), text, base);

Deno.test("text becomes a value of the declared type", () => {
  const cases: [OptionType, string, unknown][] = [
    ["string", " kept as it is ", " kept as it is "],
    ["integer", " 12 ", 12],
    ["integer", "-1", -1],
    ["integer", "unlimited", Infinity],
    ["number", "0.5", 0.5],
    ["boolean", "Yes", true],
    ["boolean", "off", false],
    ["bytes", "50 MB", 50_000_000],
    ["bytes", "1.5kb", 1500],
    ["bytes", "7", 7],
    ["list", "a, b,,\n c", ["a", "b", "c"]],
    ["list", "", []],
    ["path", " x ", "/base/x"],
    ["path-list", "a,b", ["/base/a", "/base/b"]],
    ["json", '{"a": [1]}', { a: [1] }],
  ];
  for (const [type, text, value] of cases) {
    assert.deepEqual(fromText(type, text), { value }, `${type} ${text}`);
  }
});

Deno.test("text of another type is refused with what it is and what it must be", () => {
  const cases: [OptionType, string, string][] = [
    ["integer", "ten", 'is "ten", must be a number'],
    ["integer", "1.5", "is 1.5, must be an integer"],
    ["integer", "0x10", 'is "0x10", must be a number'],
    ["integer", "", 'is "", must be a number'],
    ["number", "NaN", 'is "NaN", must be a number'],
    ["number", "1e999", 'is "1e999", must be a number'],
    ["boolean", "maybe", 'is "maybe", must be true or false'],
    ["bytes", "5 parsecs", 'is "5 parsecs", must be a size such as 50 MB'],
    ["bytes", "-1", 'is "-1", must be a size such as 50 MB'],
    ["path", " ", 'is " ", must be a path'],
  ];
  for (const [type, text, problem] of cases) {
    assert.deepEqual(fromText(type, text), { problem }, `${type} ${text}`);
  }
  assert.match((fromText("json", "{") as { problem: string }).problem, /^is "\{", must be JSON: /);
});

Deno.test("choices and bounds hold for text and data alike", () => {
  assert.deepEqual(fromText("string", "c", { choices: ["a", "b"] }), {
    problem: 'is "c", must be one of a, b',
  });
  assert.deepEqual(fromText("list", "a,c", { choices: ["a", "b"] }), {
    problem: 'is "c", must be one of a, b',
  });
  assert.deepEqual(fromText("integer", "0", { minimum: 1 }), { problem: "is 0, must be at least 1" });
  assert.deepEqual(checkOptionValue(declare("number", { maximum: 1 }), 2), {
    problem: "is 2, must be at most 1",
  });
});

Deno.test("data keeps its value, and odd numbers don't switch a limit off", () => {
  assert.deepEqual(readOptionData(declare("path-list"), ["a"], base), { value: ["/base/a"] });
  assert.deepEqual(readOptionData(declare("boolean"), false, base), { value: false });
  assert.deepEqual(readOptionData(declare("list"), [], base), { value: [] });
  assert.deepEqual(readOptionData(declare("bytes"), "unlimited", base), { value: Infinity });
  for (const odd of [NaN, "5", null, -1, 2 ** 60, 0.5]) {
    assert.ok("problem" in readOptionData(declare("bytes"), odd, base), String(odd));
  }
});
