import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { textBytes } from "./json_text.ts";
import { JsonWriter, LazyList, type Node, OWN_KEYS } from "./json_writer.ts";
import type { Plain } from "./plain.ts";
import { arbitraryPlain } from "../testing/arbitrary_plain.ts";

function chunksOf(value: Node, indent = 0): Uint8Array[] {
  return [...new JsonWriter(indent).chunks(value)];
}

function textOf(value: Node, indent = 0): string {
  return chunksOf(value, indent).map((chunk) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(chunk))
    .join("");
}

/** What the JSON of plain data says: as `JSON.stringify` with bytes replaced has it. */
function expected(value: Plain | undefined): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      return { base64: value.toBase64() };
    }
  }
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value !== "object" || value === null) return JSON.parse(JSON.stringify(value ?? null));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    .map(([key, item]): [string, unknown] => [key.toWellFormed(), expected(item as Plain)]);
  return Object.fromEntries(
    entries.length === 1 && entries[0]![0] === "base64" ? [["base64_key", entries[0]![1]]] : entries,
  );
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "base64",
    "__proto__",
    "\\ud800",
    "\u202e",
    "\u0085",
    "x".repeat(20_000),
    "😀".repeat(9_000),
  ),
);
const plain = arbitraryPlain(text);

Deno.test("property: the JSON of plain data says what the data says, in either layout", () => {
  fc.assert(
    fc.property(plain, fc.constantFrom(0, 4), (value, indent) => {
      assert.deepEqual(JSON.parse(textOf(value, indent)), expected(value));
    }),
    { numRuns: 500, seed: 1 },
  );
});

Deno.test("property: walked data has the layout of JSON.stringify", () => {
  // Without what is written otherwise; a long text makes every container that it is in a large one.
  const walked = fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("short", "long".repeat(5_000)),
      fc.integer(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")).map((record) => record as Plain),
    ),
  })).value;
  fc.assert(
    fc.property(walked, fc.constantFrom(0, 4), (value, indent) => {
      assert.equal(textOf(value, indent), JSON.stringify(value, undefined, indent));
    }),
    { numRuns: 300, seed: 1 },
  );
});

Deno.test("property: the length of a text is that of its JSON", () => {
  fc.assert(
    fc.property(
      text,
      (text) => assert.equal(textBytes(text), chunksOf(text).reduce((sum, { length }) => sum + length, 0)),
    ),
    { numRuns: 1000, seed: 1 },
  );
});

Deno.test("every character is written raw or escaped, and long as it is counted", () => {
  const escaped: number[] = [];
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit);
    const json = textOf(character);
    assert.equal(JSON.parse(json), character.toWellFormed());
    assert.equal(textBytes(character), new TextEncoder().encode(json).length, `U+${unit.toString(16)}`);
    if (json.length > 3 && json[1] === "\\") escaped.push(unit);
  }
  const range = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  assert.deepEqual(escaped, [
    ...range(0, 0x1f),
    ...[0x22, 0x5c],
    ...range(0x7f, 0x9f),
    0x61c,
    ...range(0x200e, 0x200f),
    ...range(0x2028, 0x202e),
    ...range(0x2066, 0x2069),
  ]);
});

Deno.test("keys are escaped like texts", () => {
  assert.equal(textOf({ "a\u202eb": { "\u009b": "\u2028" } }), '{"a\\u202eb":{"\\u009b":"\\u2028"}}');
});

Deno.test("a backslash before what looks like a surrogate is a backslash", () => {
  assert.equal(textOf("\\ud800\ud800"), '"\\\\ud800\ufffd"');
});

Deno.test("pairs of surrogates stay together wherever a long text is cut", () => {
  for (const start of ["", "x"]) {
    const long = start + "😀".repeat(40_000);
    assert.equal(JSON.parse(textOf(long)), long);
  }
});

Deno.test("a record whose only key is base64 is written differently from bytes", () => {
  const bytes = new Uint8Array([0xff]);
  assert.equal(textOf([bytes, { base64: "/w==" }]), '[{"base64":"/w=="},{"base64_key":"/w=="}]');
  assert.equal(textOf({ base64: 1, other: undefined }), '{"base64_key":1}');
  assert.equal(textOf({ base64: 1, other: 2 }), '{"base64":1,"other":2}');
  assert.equal(textOf({ base64: "x", [OWN_KEYS]: true }), '{"base64":"x"}');
});

Deno.test("bytes are text when they are UTF-8 and base64 otherwise, however many they are", () => {
  const utf8 = new TextEncoder().encode("猫".repeat(100_000));
  assert.equal(JSON.parse(textOf(utf8)), "猫".repeat(100_000));
  const damaged = Uint8Array.from([...utf8, 0xe7]);
  assert.deepEqual(Uint8Array.fromBase64(JSON.parse(textOf(damaged, 4)).base64), damaged);
  assert.equal(textOf({ a: new Uint8Array([0xff]) }, 4), '{\n    "a": {\n        "base64": "/w=="\n    }\n}');
});

Deno.test("items of a lazy list are made one by one, and chunks are of about 64 KiB", () => {
  let made = 0;
  const list = new LazyList(Array.from({ length: 1_000 }), () => {
    made++;
    return "x".repeat(1_000);
  });
  const chunks = new JsonWriter(0).chunks(list);
  const first = chunks.next().value!;
  assert.ok(made < 100, `${made}`);
  const rest = [...chunks];
  assert.equal([first, ...rest].reduce((sum, { length }) => sum + length, 0), 1_003_001);
  for (const { length } of [first, ...rest]) assert.ok(length > 0 && length < 100_000, `${length}`);
});

Deno.test("data is written however deeply it is nested", () => {
  let value: Plain = new Uint8Array([0xff]);
  for (let depth = 0; depth < 10_000; depth++) value = [value];
  assert.equal(textOf(value).length, 20_000 + '{"base64":"/w=="}'.length);
});
