import assert from "node:assert/strict";
import { encodePlain } from "./plain_codec.ts";
import { CostError, isWithinCost } from "./plain_cost.ts";
import { decodeBounded } from "./plain_decoder.ts";

const encoder = new TextEncoder();

/** Reads JSON, and counts how often others had their turn. */
async function decode(json: string, limitBytes = 1e9): Promise<{ value: unknown; pauses: number }> {
  let pauses = 0;
  const pause = () => {
    pauses++;
    return Promise.resolve();
  };
  return { value: await decodeBounded(encoder.encode(json), limitBytes, pause), pauses };
}

/** The least limit within which data may be read or sent. */
async function leastLimit(isWithin: (limitBytes: number) => boolean | Promise<boolean>): Promise<number> {
  let [low, high] = [0, 1e9];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isWithin(middle)) high = middle;
    else low = middle;
  }
  return high;
}

async function isReadWithin(json: string, limitBytes: number): Promise<boolean> {
  try {
    await decode(json, limitBytes);
    return true;
  } catch (error) {
    if (error instanceof CostError) return false;
    throw error;
  }
}

const VALUES: readonly (readonly [what: string, value: unknown])[] = [
  ["scalars", [null, true, false, 0, 7, -1, 1.5, 1e300, 1e-7, 123456789012345680000, "", "a"]],
  ["records", { a: {}, b: [], "": { "": 1 }, long: { abcdefghijklmnop: 1 } }],
  ["texts with escapes", [
    '\n\t"\\\b\f\r/',
    "\u0000\u001f",
    "é",
    "日本語のテキスト",
    "\ud83d\ude00",
    "\ufeffx",
    "\u2028",
  ]],
  ["lone surrogates", ["\ud800x\udfff"]],
  ["bytes", [new Uint8Array([0, 127, 255]), { deep: new Uint8Array() }]],
  ["numbers that JSON lacks", [NaN, Infinity, -Infinity, -0]],
  ["keys that look like marks", { "\0bytes": "eA==", "\0\0number": 1, "\0": new Uint8Array([1]) }],
  ["a key __proto__", JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}')],
  ["keys that are numbers", { 0: 1, 1023: 2, 4294967295: 3, "01": 4 }],
  ["a long text of every kind of character", 'aé日😀\n"'.repeat(50_000)],
  ["a long text of bytes", new Uint8Array(300_000).fill(1)],
  [
    "many records",
    Array.from({ length: 3_000 }, (_, index) => ({ index, name: `n${index % 10}`, [`k${index}`]: [] })),
  ],
];

for (const [what, value] of VALUES) {
  Deno.test(`${what} are read as they were written, and cost no more than was counted before they were sent`, async () => {
    const json = encodePlain(value);
    assert.deepEqual((await decode(json)).value, value);
    const read = await leastLimit((limit) => isReadWithin(json, limit));
    const counted = await leastLimit((limit) => isWithinCost(value, limit));
    assert.ok(read <= counted, `${read} for reading, ${counted} counted`);
  });
}

Deno.test("white space is skipped, and of a key that comes twice the last value counts", async () => {
  assert.deepEqual((await decode(' { "a" : [ 1 , 2 ] ,\r\n\t"a":3 } ')).value, { a: 3 });
});

const DAMAGED = [
  "",
  " ",
  "{",
  "[",
  "[1",
  "[1,",
  "[1,]",
  "[,1]",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{1:2}",
  "[1}",
  '{"a":1]',
  "1 2",
  "tru",
  "nul",
  "01",
  "-",
  "1.",
  "+1",
  "1e",
  '"a',
  '"\\',
  '"\\x"',
  '"\\u12"',
  '"\n"',
  "NaN",
  "]",
  "[]]",
  `[${"1".repeat(100)}]`,
  '{"\\u0000bytes":"!"}',
];

for (const json of DAMAGED) {
  Deno.test(`what is no plain data can't be read: ${JSON.stringify(json).slice(0, 40)}`, async () => {
    await assert.rejects(decode(json), SyntaxError);
  });
}

Deno.test("plain data that are cut anywhere can't be read", async () => {
  const json = encodePlain({ a: [1.5, "é\n", null, true, new Uint8Array(3), NaN, { b: {} }] });
  for (let length = 0; length < json.length; length++) {
    await assert.rejects(decode(json.slice(0, length)), SyntaxError, String(length));
  }
});

Deno.test("nesting is bounded", async () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  await decode(nested(110));
  await assert.rejects(decode(nested(111)), /nested deeper than 110/);
  await assert.rejects(decode(`[`.repeat(3e6)), /nested deeper than 110/);
});

/** JSON of a few megabytes that takes far more memory than it has bytes. */
const FLOODS: readonly (readonly [what: string, json: () => string])[] = [
  ["empty records", () => `[${"{},".repeat(1e6)}0]`],
  ["empty lists", () => `[${"[],".repeat(1e6)}0]`],
  ["bytes", () => `[${'{"\\u0000bytes":""},'.repeat(2e5)}0]`],
  ["unique keys", () => `{${Array.from({ length: 4e5 }, (_, n) => `"${n.toString(36)}x":0`).join(",")}}`],
  [
    "records with a key of their own",
    () => `[${Array.from({ length: 1e5 }, (_, n) => `{"k${n}":0}`).join(",")}]`,
  ],
  ["records with an index", () => `[${'{"1023":1},'.repeat(3e5)}0]`],
  ["numbers", () => `[${"1.5,".repeat(2e6)}0]`],
  [
    // Of which each takes a byte for a character but for its last piece.
    "records behind long texts that stand for no number",
    () =>
      `[${`{"\\u0000number":"${"a".repeat(65_536)}${"Ā".repeat(13)}"},`.repeat(300)}${"{},".repeat(4e5)}0]`,
  ],
];

for (const [what, json] of FLOODS) {
  Deno.test(`a flood of ${what} is given up when it costs more than it may, and others have their turn`, async () => {
    const text = json();
    await assert.rejects(decode(text, 2e7), CostError);
    assert.ok((await decode(text)).pauses > 0);
  });
}

Deno.test("decoding stops when the pause rejects", async () => {
  const json = encoder.encode(`[${"{},".repeat(1e6)}0]`);
  await assert.rejects(decodeBounded(json, 1e9, () => Promise.reject(new Error("enough"))), /enough/);
});
