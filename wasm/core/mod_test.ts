import assert from "node:assert/strict";
import { buildTables, type CoreHits, HITS_PER_FORM_MAX, loadTables, type SearchForm } from "./mod.ts";

const PLAIN = { isCaseInsensitive: false, boundary: "none" } as const;
const encoder = new TextEncoder();

function text(value: string, traits: Partial<SearchForm> = {}): SearchForm {
  return { ...PLAIN, bytes: encoder.encode(value), ...traits };
}

function scan(forms: readonly SearchForm[], content: Uint8Array | string): CoreHits {
  return loadTables(buildTables(forms)).scan(typeof content === "string" ? encoder.encode(content) : content);
}

function pairs({ hits }: CoreHits): [number, number][] {
  return Array.from({ length: hits.length / 2 }, (_, index) => [hits[index * 2]!, hits[index * 2 + 1]!]);
}

function wide(value: string): Uint8Array {
  return Uint8Array.from([...value].flatMap((letter) => [letter.charCodeAt(0), 0]));
}

Deno.test("overlapping occurrences are all found", () => {
  assert.deepEqual(pairs(scan([text("aa")], "aaaa")), [[0, 0], [0, 1], [0, 2]]);
  const long = text("abababababababab");
  assert.deepEqual(pairs(scan([long], "ab".repeat(10))), [[0, 0], [0, 2], [0, 4]]);
});

Deno.test("only ASCII letters are equal in both cases", () => {
  const form = { ...PLAIN, bytes: Uint8Array.of(0xe9, 0x40, 0x5b, 0x7a), isCaseInsensitive: true };
  assert.equal(pairs(scan([form], Uint8Array.of(0xe9, 0x40, 0x5b, 0x5a))).length, 1);
  for (const other of [[0xc9, 0x40, 0x5b, 0x7a], [0xe9, 0x60, 0x5b, 0x7a], [0xe9, 0x40, 0x7b, 0x7a]]) {
    assert.equal(pairs(scan([form], Uint8Array.from(other))).length, 0);
  }
});

Deno.test("a wide word's neighbours are a letter with a zero byte", () => {
  const form = { ...PLAIN, bytes: wide("word"), boundary: "wide" } as const;
  const at = (before: Uint8Array, after: Uint8Array) =>
    pairs(scan([form], Uint8Array.from([...before, ...form.bytes, ...after]))).length;
  assert.equal(at(wide("x"), wide(" ")), 0);
  assert.equal(at(wide(" "), wide("x")), 0);
  assert.equal(at(wide(" "), wide(".")), 1);
  assert.equal(at(encoder.encode("xy"), encoder.encode("xy")), 1);
  assert.equal(at(Uint8Array.of(0), encoder.encode("x")), 1);
});

Deno.test("a key counts for the neighbours of a word too", () => {
  const form = text("secret", { boundary: "byte", xor: { from: 1, to: 255 } });
  const under = (key: number, value: string) => encoder.encode(value).map((byte) => byte ^ key);
  assert.deepEqual(pairs(scan([form], under(0x11, "my secret!"))), [[0, 3]]);
  assert.deepEqual(pairs(scan([form], under(0x11, "mysecret!"))), []);
  assert.deepEqual(pairs(scan([form], "a secret")), []);
});

Deno.test("an anchored form is reported at its offset alone", () => {
  const forms = [
    text("MZ", { anchoredAt: 0 }),
    text("MZ", { anchoredAt: 2 }),
    text("MZ", { anchoredAt: 2 ** 40 }),
  ];
  assert.deepEqual(pairs(scan(forms, "MZMZMZ")), [[0, 0], [1, 2]]);
  assert.deepEqual(pairs(scan(forms, "M")), []);
});

Deno.test("a core may be used again, and beside another", () => {
  const first = loadTables(buildTables([text("first string")]));
  const second = loadTables(buildTables([text("second string")]));
  const content = encoder.encode("first string, second string");
  for (let turn = 0; turn < 3; turn++) {
    assert.deepEqual(pairs(first.scan(content)), [[0, 0]]);
    assert.deepEqual(pairs(second.scan(content)), [[0, 14]]);
    assert.deepEqual(pairs(first.scan(content.subarray(0, 11))), []);
    assert.deepEqual(pairs(first.scan(new Uint8Array(0))), []);
  }
});

Deno.test("a form with more hits than are reported is capped", () => {
  const exactly = scan([text("a"), text("zz")], new Uint8Array(HITS_PER_FORM_MAX).fill(0x61));
  assert.equal(exactly.hits.length / 2, HITS_PER_FORM_MAX);
  assert.deepEqual([...exactly.cappedForms], []);
  const more = scan([text("zz"), text("a")], new Uint8Array(HITS_PER_FORM_MAX + 1).fill(0x61));
  assert.equal(more.hits.length / 2, HITS_PER_FORM_MAX);
  assert.deepEqual([...more.cappedForms], [1]);
  assert.equal(more.isComplete, true);
});

Deno.test("forms without sense are refused with their index", () => {
  const refused: [SearchForm, RegExp][] = [
    [text(""), /form 1: it has no bytes/],
    [text("A", { isCaseInsensitive: true }), /form 1: .*upper-case/],
    [text("a", { mask: Uint8Array.of(0xf0, 0xff) }), /form 1: .*length/],
    [text("a", { mask: Uint8Array.of(0xf0) }), /form 1: .*mask leaves out/],
    [text("`", { mask: Uint8Array.of(0xf0) }), /form 1: no byte/],
    [text("a", { isCaseInsensitive: true, xor: { from: 0, to: 1 } }), /form 1: only one/],
    [text("a", { xor: { from: 5, to: 4 } }), /form 1: .*keys/],
    [text("a", { anchoredAt: -1 }), /form 1: .*anchor/],
  ];
  for (const [form, message] of refused) assert.throws(() => buildTables([text("fine"), form]), { message });
});

Deno.test("equal forms give equal tables, wherever they lie", () => {
  const forms = [text("some string"), text("other", { isCaseInsensitive: true }), text("xy")];
  const tables = buildTables(forms);
  assert.deepEqual(buildTables(forms), tables);
  const shifted = new Uint8Array(tables.length + 1);
  shifted.set(tables, 1);
  assert.deepEqual(pairs(loadTables(shifted.subarray(1)).scan(encoder.encode("OTHER xy"))), [[1, 0], [2, 6]]);
});

Deno.test("no forms are found nowhere", () => {
  assert.deepEqual(scan([], "content"), {
    hits: new Uint32Array(0),
    cappedForms: new Uint32Array(0),
    isComplete: true,
  });
});
