import assert from "node:assert/strict";
import { fc } from "../../src/deps/fast_check.ts";
import { CHUNK_BYTES, RUN_BYTES_MAX } from "./layout.ts";
import {
  buildTables,
  type CoreHits,
  HITS_MAX,
  HITS_PER_FORM_MAX,
  loadTables,
  type SearchForm,
} from "./mod.ts";
import { findNaively } from "./reference.ts";

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

/** Fails unless the core finds what the reference finds, and each form's hits in order. */
function assertFound(forms: readonly SearchForm[], content: Uint8Array): void {
  const found = scan(forms, content);
  assert.equal(found.isComplete, true);
  const byForm = pairs(found).map((pair, index) => ({ pair, index }))
    .sort((a, b) => a.pair[0] - b.pair[0] || a.index - b.index).map(({ pair }) => pair);
  assert.deepEqual(byForm, findNaively(forms, content));
}

// Few values, so that forms are found by chance, overlap, and differ in case or by a key.
const byte = fc.constantFrom(
  0,
  1,
  0x20,
  0x30,
  0x41,
  0x42,
  0x5a,
  0x5b,
  0x40,
  0x61,
  0x62,
  0x7a,
  0x7b,
  0xc1,
  0xe1,
  0xff,
);
const few = fc.constantFrom(0x41, 0x61, 0);
const length = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 6, max: 40 }));
const someBytes = length.chain((size) => {
  const exactly = { minLength: size, maxLength: size };
  return fc.oneof(
    fc.uint8Array(exactly),
    fc.array(byte, exactly).map((values) => Uint8Array.from(values)),
    fc.array(few, exactly).map((values) => Uint8Array.from(values)),
    fc.array(byte, exactly).map((values) => Uint8Array.from(values.flatMap((value) => [value, 0]))),
  );
});
const boundary = fc.constantFrom("none", "none", "byte", "wide" as const) as fc.Arbitrary<
  SearchForm["boundary"]
>;
const anchoredAt = fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, {
  weight: 1,
  arbitrary: fc.integer({ min: 0, max: 40 }),
});
const exact = someBytes.map((bytes) => ({ bytes, isCaseInsensitive: false }));
const folded = someBytes.map((bytes) => ({
  bytes: bytes.map((value) => value >= 0x41 && value <= 0x5a ? value | 0x20 : value),
  isCaseInsensitive: true,
}));
const masked = fc.tuple(
  someBytes,
  fc.array(fc.constantFrom(0xff, 0xff, 0xff, 0xf0, 0x0f, 0), { minLength: 80, maxLength: 80 }),
)
  .map(([bytes, bits]) => {
    const mask = Uint8Array.from(bytes, (_, index) => index === bytes.length >> 1 ? 0xff : bits[index % 80]!);
    return { bytes: bytes.map((value, index) => value & mask[index]!), mask, isCaseInsensitive: false };
  });
const xored = fc.tuple(someBytes, fc.constantFrom([0, 255], [0, 0], [1, 1], [1, 255], [0x20, 0x60]))
  .map(([bytes, [from, to]]) => ({ bytes, isCaseInsensitive: false, xor: { from: from!, to: to! } }));
const form: fc.Arbitrary<SearchForm> = fc.tuple(fc.oneof(exact, folded, masked, xored), boundary, anchoredAt)
  .map(([base, boundary, anchoredAt]) => ({
    ...base,
    boundary,
    ...(anchoredAt === undefined ? {} : { anchoredAt }),
  }));
const forms = fc.array(form, { minLength: 1, maxLength: 12 });
const plant = fc.record({
  form: fc.nat(),
  at: fc.nat(),
  key: fc.constantFrom(0, 0, 0, 1, 0x20, 0x55, 255),
  case: fc.constantFrom(0, 0, 0x20),
  cut: fc.constantFrom(0, 0, 0, 1, 2),
});
const plants = fc.array(plant, { maxLength: 12 });

type Plant = { form: number; at: number; key: number; case: number; cut: number };

/** Writes the bytes of forms into content, in other cases, under keys, or in part; `at` counts round `from` to `to`. */
function planted(
  content: Uint8Array,
  forms: readonly SearchForm[],
  plants: readonly Plant[],
  from: number,
  to: number,
) {
  for (const plant of plants) {
    const { bytes } = forms[plant.form % forms.length]!;
    const piece = bytes.map((value) =>
      (value >= 0x61 && value <= 0x7a ? value ^ plant.case : value) ^ plant.key
    ).subarray(0, bytes.length - plant.cut);
    const at = from + plant.at % (to - from);
    content.set(piece.subarray(0, content.length - at), at);
  }
  return content;
}

Deno.test("random forms are found in random and planted bytes as by the reference", () => {
  const content = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.array(byte, { minLength: 1, maxLength: 300 }).map((values) => Uint8Array.from(values)),
    fc.array(few, { minLength: 1, maxLength: 300 }).map((values) => Uint8Array.from(values)),
  );
  fc.assert(
    fc.property(forms, content, plants, (forms, content, plants) => {
      assertFound(forms, planted(content.slice(), forms, plants, 0, content.length));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("forms at the borders of chunks are found once", () => {
  fc.assert(
    fc.property(forms, plants, fc.integer({ min: -20, max: 60 }), byte, (forms, plants, more, filler) => {
      const content = new Uint8Array(CHUNK_BYTES + more).fill(filler);
      planted(content, forms, plants, CHUNK_BYTES - 50, content.length);
      const capped = new Set(scan(forms, content).cappedForms);
      assertFound(forms.filter((_, index) => !capped.has(index)), content);
    }),
    { numRuns: 60 },
  );
});

Deno.test("forms longer than a run are compared as a whole", () => {
  const size = fc.integer({ min: RUN_BYTES_MAX - 40, max: RUN_BYTES_MAX + 1500 });
  const traits = fc.record({
    isCaseInsensitive: fc.boolean(),
    isXored: fc.boolean(),
    isMasked: fc.boolean(),
    boundary,
    size,
    rareAt: fc.nat(),
    at: fc.integer({ min: 0, max: 30 }),
    changed: fc.option(fc.nat()),
    neighbour: byte,
  });
  fc.assert(
    fc.property(traits, (made) => {
      const mask = made.isMasked && !made.isCaseInsensitive && !made.isXored
        ? new Uint8Array(made.size).fill(0xf0)
        : undefined;
      const bytes = new Uint8Array(made.size).fill(mask ? 0x60 : 0x61);
      const rareAt = made.rareAt % (made.size - 12);
      bytes.set(encoder.encode("rare window."), rareAt);
      mask?.fill(0xff, rareAt, rareAt + 12);
      const xor = made.isXored && !made.isCaseInsensitive ? { from: 0, to: 7 } : undefined;
      const form: SearchForm = {
        bytes,
        isCaseInsensitive: made.isCaseInsensitive,
        boundary: made.boundary,
        ...(mask ? { mask } : {}),
        ...(xor ? { xor } : {}),
      };
      const content = new Uint8Array(made.at + made.size + 30).fill(made.neighbour);
      content.set(xor ? bytes.map((value) => value ^ 5) : bytes, made.at);
      if (made.changed !== null) content[made.at + made.changed % made.size]! ^= 0x20;
      assertFound([form], content);
      assertFound([{ ...form, anchoredAt: made.at }], content);
      assertFound([form], content.subarray(0, made.at + made.size));
    }),
    { numRuns: 200 },
  );
});

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

Deno.test("damaged tables are refused or do no harm", () => {
  const forms = [
    text("some longer string"),
    text("mid", { isCaseInsensitive: true }),
    text("secret string", { xor: { from: 0, to: 255 } }),
    text("MZ", { anchoredAt: 0 }),
  ];
  const tables = buildTables(forms);
  const content = encoder.encode("MZ some longer string mid secret string".repeat(20));
  let refused = 0;
  for (let at = 0; at < tables.length; at++) {
    for (const bits of [1, 0x80, 0xff]) {
      const damaged = tables.slice();
      damaged[at]! ^= bits;
      refused += isRefused(damaged) ? 1 : 0;
    }
    if (at % 16 === 0) assert.throws(() => loadTables(tables.subarray(0, at)), /Cannot load tables/);
  }
  assert.ok(refused > 200, `only ${refused} were refused`);

  function isRefused(damaged: Uint8Array): boolean {
    let core;
    try {
      core = loadTables(damaged);
    } catch (error) {
      assert.match((error as Error).message, /^Cannot load tables of the scanning core: damaged /);
      return true;
    }
    const { hits } = core.scan(content);
    assert.ok(hits.every((value, index) => index % 2 === 0 ? value < forms.length : value <= content.length));
    return false;
  }
});

Deno.test("a million forms with one window do not make a scan endless", () => {
  const forms = Array.from({ length: 3000 }, (_, index) => text(`aaaaaaaaaaaaaaaa${index}`));
  for (const filler of [0x61, 0]) {
    const { isComplete, hits } = scan(forms, new Uint8Array(3_000_000).fill(filler));
    assert.equal(hits.length, 0);
    assert.equal(isComplete, filler === 0 || isComplete);
  }
  const same = Array.from({ length: 3000 }, () => text("aaaaaaaaaaaaaaaa"));
  assert.equal(scan(same, new Uint8Array(3_000_000).fill(0x61)).isComplete, false);
});

Deno.test("hits of all forms end a scan, and memory stays bounded", () => {
  const forms = Array.from({ length: 200 }, (_, index) => text("a".repeat(1 + index % 3)));
  const core = loadTables(buildTables(forms));
  const found = core.scan(new Uint8Array(1_000_000).fill(0x61));
  assert.equal(found.isComplete, false);
  assert.equal(found.hits.length / 2, HITS_MAX);
  assert.ok(core.memoryBytes < 12_000_000, `${core.memoryBytes} bytes`);
});

Deno.test("long forms that are nearly everywhere cost no more than the budget", () => {
  const bytes = new Uint8Array(1_000_000).fill(0x61);
  bytes[bytes.length - 1] = 0x62;
  const found = scan([{ ...PLAIN, bytes }], new Uint8Array(3_000_000).fill(0x61));
  assert.equal(found.hits.length, 0);
  assert.equal(found.isComplete, false);
});
