/**
 * The property that every parser must have, as tests in one line.
 *
 * @module
 */

import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { Budget, type BudgetLimits, type Damage, DEFAULT_BUDGET } from "../bytes/mod.ts";
import { measureResult } from "./measure_result.ts";

/** Most places at which a sample is cut off. */
const MAX_CUTS = 600;
/** Array elements and bytes that a result may have beyond what was paid: constant tables, names of fields. */
const FREE_ITEMS = 200;
const FREE_BYTES = 20_000;
/** A budget that every sample exceeds. */
const TINY: BudgetLimits = { items: 3, bytes: 8 };

/** A function from bytes to a result, which spends the budget. */
export type Parser = (content: Uint8Array, budget: Budget) => unknown;

/** A whole file, by its name. */
export type Samples = Readonly<Record<string, Uint8Array>>;

/** What else can be set. */
export interface CheckOptions {
  /** What a call may spend; the parser's own limits are lower, or it is this. */
  readonly limits?: BudgetLimits;
  /** Mutants that are tried. */
  readonly mutants?: number;
}

/** Registers tests: `test` is `Deno.test`, which this folder may not name. */
export type RegisterTest = (name: string, run: () => void) => void;

/**
 * Registers the tests of DESIGN's shared property for a parser.
 *
 * - Samples as they are, cut off at every byte (at most 600 places, spread evenly), and changed: the parser never throws.
 * - It spends at most its budget, and its result is paid for: every array element is an item, every character and every
 *   byte of an own buffer is a byte. A result that only views the input is free.
 * - With a budget of next to nothing it still returns.
 * - Every record `{ code, message, offset }` in a `damages` list has a kebab-case code, and an offset inside the input.
 *
 * Time is not asserted. A failure prints the sample, the changes and the seed.
 */
export function checkParser(
  test: RegisterTest,
  name: string,
  parse: Parser,
  samples: Samples,
  { limits = DEFAULT_BUDGET, mutants = 1_000 }: CheckOptions = {},
): void {
  const check = (content: Uint8Array) => checkOnce(parse, content, limits);
  test(`${name}: whole samples are read within the budget`, () => {
    for (const [sample, content] of Object.entries(samples)) about(sample, () => check(content));
  });
  test(`${name}: samples cut off at any byte do no harm`, () => {
    for (const [sample, content] of Object.entries(samples)) {
      const step = Math.max(1, Math.ceil(content.length / MAX_CUTS));
      for (let end = 0; end < content.length; end += step) {
        about(`the first ${end} bytes of ${sample}`, () => check(content.subarray(0, end)));
      }
    }
  });
  test(`${name}: changed bytes do no harm`, () => {
    const property = fc.property(mutantOf(samples), ({ content }) => check(content));
    fc.assert(property, { seed: 1, numRuns: mutants, endOnFailure: true });
  });
  test(`${name}: an empty budget ends the reading`, () => {
    for (const [sample, content] of Object.entries(samples)) {
      about(sample, () => checkOnce(parse, content, TINY));
    }
  });
}

function checkOnce(parse: Parser, content: Uint8Array, limits: BudgetLimits): void {
  const budget = new Budget(limits);
  const { items, bytes, damages } = measureResult(parse(content, budget), content.buffer);
  assert.ok(items <= budget.itemsSpent + FREE_ITEMS, `${items} items, ${budget.itemsSpent} were paid`);
  assert.ok(bytes <= budget.bytesSpent + FREE_BYTES, `${bytes} bytes, ${budget.bytesSpent} were paid`);
  for (const damage of damages) checkDamage(damage, content.length);
}

function checkDamage({ code, message, offset }: Damage, sizeBytes: number): void {
  assert.match(code, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  assert.match(message, /^[A-Z].*[^.]$/s);
  assert.ok(offset >= 0 && offset <= sizeBytes, `${code} at offset ${offset} of ${sizeBytes} bytes`);
}

function about(sample: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new Error(`Failed for ${sample}`, { cause: error });
  }
}

/** A change: bytes are set, or others are copied there. */
interface Change {
  readonly at: number;
  readonly value: Uint8Array | { readonly from: number; readonly sizeBytes: number };
}

const NUMBERS = [
  ...[0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff],
].map((value) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24));

function mutantOf(samples: Samples): fc.Arbitrary<{ readonly content: Uint8Array }> {
  const names = Object.keys(samples);
  // Headers are in front, and some formats keep their tables at the end.
  const place = fc.oneof(
    fc.nat(0xffff_ffff).map((at) => (sizeBytes: number) => at % sizeBytes),
    fc.nat(0x3ff).map((at) => (sizeBytes: number) => at % sizeBytes),
    fc.nat(0xff).map((at) => (sizeBytes: number) => Math.max(0, sizeBytes - 1 - at)),
  );
  const value = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc.constantFrom(...NUMBERS),
    fc.record({ from: fc.nat(0xffff_ffff), sizeBytes: fc.integer({ min: 1, max: 64 }) }),
  );
  const changes = fc.array(fc.record({ place, value }), { minLength: 1, maxLength: 6 });
  return fc.record({ sample: fc.constantFrom(...names), changes }).map(({ sample, changes }) => {
    const original = samples[sample]!;
    const placed = changes.map(({ place, value }) => ({ at: place(original.length), value }));
    return { sample, changes: placed, content: changed(original, placed) };
  });
}

function changed(original: Uint8Array, changes: readonly Change[]): Uint8Array {
  const content = original.slice();
  for (const { at, value } of changes) {
    const bytes = value instanceof Uint8Array
      ? value
      : content.slice(value.from % content.length).subarray(0, value.sizeBytes);
    content.set(bytes.subarray(0, content.length - at), at);
  }
  return content;
}
