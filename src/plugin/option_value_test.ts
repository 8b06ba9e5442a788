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
    ["integer", "ten", 'must be a number, got "ten"'],
    ["integer", "1.5", "must be an integer, got 1.5"],
    ["integer", "0x10", 'must be a number, got "0x10"'],
    ["integer", "", 'must be a number, got ""'],
    ["number", "NaN", 'must be a number, got "NaN"'],
    ["number", "1e999", 'must be a number, got "1e999"'],
    ["boolean", "maybe", 'must be true or false, got "maybe"'],
    ["bytes", "5 parsecs", 'must be a size such as 50 MB, got "5 parsecs"'],
    ["bytes", "-1", 'must be a size such as 50 MB, got "-1"'],
    ["path", " ", 'must be a path, got " "'],
  ];
  for (const [type, text, problem] of cases) {
    assert.deepEqual(fromText(type, text), { problem }, `${type} ${text}`);
  }
  assert.match((fromText("json", "{") as { problem: string }).problem, /^must be JSON, got "\{": /);
});

Deno.test("choices and bounds hold for text and data alike", () => {
  assert.deepEqual(fromText("string", "c", { choices: ["a", "b"] }), {
    problem: 'must be one of a, b, got "c"',
  });
  assert.deepEqual(fromText("list", "a,c", { choices: ["a", "b"] }), {
    problem: 'must be one of a, b, got "c"',
  });
  assert.deepEqual(fromText("integer", "0", { minimum: 1 }), { problem: "must be at least 1, got 0" });
  assert.deepEqual(checkOptionValue(declare("number", { maximum: 1 }), 2), {
    problem: "must be at most 1, got 2",
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
