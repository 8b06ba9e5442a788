import assert from "node:assert/strict";
import { buildTables, type CoreHits, HITS_MAX, loadTables, type SearchForm } from "./mod.ts";

const PLAIN = { isCaseInsensitive: false, boundary: "none" } as const;
const encoder = new TextEncoder();

function text(value: string, traits: Partial<SearchForm> = {}): SearchForm {
  return { ...PLAIN, bytes: encoder.encode(value), ...traits };
}

function scan(forms: readonly SearchForm[], content: Uint8Array): CoreHits {
  return loadTables(buildTables(forms)).scan(content);
}

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

Deno.test("thousands of forms with one window do not make a scan endless", () => {
  const forms = Array.from({ length: 3000 }, (_, index) => text(`aaaaaaaaaaaaaaaa${index}`));
  const zeros = scan(forms, new Uint8Array(3_000_000));
  assert.deepEqual([zeros.hits.length, zeros.isComplete], [0, true]);
  assert.equal(scan(forms, new Uint8Array(3_000_000).fill(0x61)).hits.length, 0);
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
