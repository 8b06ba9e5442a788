import assert from "node:assert/strict";
import { fc } from "../../src/deps/testing/fast_check.ts";
import { CHUNK_BYTES, RUN_BYTES_MAX } from "./layout.ts";
import { buildTables, type CoreHits, loadTables, type SearchForm } from "./mod.ts";
import { findNaively } from "./testing/reference.ts";

const encoder = new TextEncoder();

function scan(forms: readonly SearchForm[], content: Uint8Array): CoreHits {
  return loadTables(buildTables(forms)).scan(content);
}

function pairs({ hits }: CoreHits): [number, number][] {
  return Array.from({ length: hits.length / 2 }, (_, index) => [hits[index * 2]!, hits[index * 2 + 1]!]);
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

Deno.test("hundreds of forms, too many for groups of nibbles, are found as by the reference", () => {
  const many = fc.array(form, { minLength: 500, maxLength: 900, size: "max" });
  const content = fc.array(byte, { minLength: 2000, maxLength: 3000, size: "max" });
  fc.assert(
    fc.property(many, content, plants, (forms, values, plants) => {
      assertFound(forms, planted(Uint8Array.from(values), forms, plants, 0, values.length));
    }),
    { numRuns: 12 },
  );
});
