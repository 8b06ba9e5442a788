import assert from "node:assert/strict";
import { fc } from "../../deps/testing/fast_check.ts";
import { Budget, ByteReader, DamageError, DamageLog, latin1, MAX_DAMAGE_RECORDS } from "./mod.ts";

const NUMBERS = ["u8", "i8", "u16", "u16be", "i16", "i16be", "u32", "u32be", "i32", "i32be"] as const;
const LARGE_NUMBERS = ["u64", "u64be", "i64", "i64be"] as const;

Deno.test("numbers are read in both byte orders, signed and unsigned", () => {
  const reader = new ByteReader(Uint8Array.of(0xff, 1, 2, 3, 4, 5, 6, 0x87));
  assert.deepEqual(NUMBERS.map((name) => reader[name](0)), [
    ...[0xff, -1, 0x1ff, 0xff01, 0x1ff, -255],
    ...[0x30201ff, 0xff010203, 0x30201ff, 0xff010203 - 2 ** 32],
  ]);
  assert.deepEqual(LARGE_NUMBERS.map((name) => reader[name](0)), [
    0x87060504030201ffn,
    0xff01020304050687n,
    0x87060504030201ffn - (1n << 64n),
    0xff01020304050687n - (1n << 64n),
  ]);
});

Deno.test("any offset and size gives a value or damage inside the bytes, never another error", () => {
  const offset = fc.oneof(fc.integer({ min: -4, max: 20 }), fc.double());
  const property = fc.property(fc.uint8Array({ maxLength: 16 }), offset, offset, (bytes, at, size) => {
    const whole = new Uint8Array(bytes.length + 9);
    whole.set(bytes, 4);
    const reader = new ByteReader(whole.subarray(4, 4 + bytes.length), undefined, 1_000);
    const reads = [
      ...[...NUMBERS, ...LARGE_NUMBERS, "guid" as const].map((name) => () => reader[name](at)),
      () => reader.slice(at, size),
      () => reader.sub(at, size),
      () => reader.latin1(at, size),
      () => reader.utf8(at, size),
      () => reader.utf16(at, size),
      () => reader.utf16be(at, size),
      () => reader.cString(at, size),
    ];
    for (const read of reads) {
      try {
        read();
        assert.ok(reader.has(at, 0));
      } catch (error) {
        assert.ok(error instanceof DamageError);
        const { code, offset } = error.damage;
        assert.ok(code === "truncated" && offset >= 1_000 && offset <= 1_000 + bytes.length);
      }
    }
    assert.ok(reader.subUpTo(at, size).sizeBytes <= bytes.length);
  });
  fc.assert(property, { seed: 1, numRuns: 2_000 });
});

Deno.test("a part reports damage at the offset of the whole file", () => {
  const part = new ByteReader(new Uint8Array(20)).sub(10).sub(4, 3);
  const log = new DamageLog();
  log.attempt(() => part.u16(2));
  assert.deepEqual(log.damages, [{
    code: "truncated",
    message: "The bytes must hold 2 more at offset 16, got 1",
    offset: 16,
  }]);
});

Deno.test("a text ends at a zero, at the maximum or with the bytes", () => {
  const reader = new ByteReader(new TextEncoder().encode("abc\0def"));
  assert.deepEqual(reader.cString(0, 10), { text: "abc", isTerminated: true, isCut: false });
  assert.deepEqual(reader.cString(0, 3), { text: "abc", isTerminated: true, isCut: false });
  assert.deepEqual(reader.cString(0, 2), { text: "ab", isTerminated: false, isCut: true });
  assert.deepEqual(reader.cString(4, 10), { text: "def", isTerminated: false, isCut: false });
  assert.deepEqual(reader.cString(7, 10), { text: "", isTerminated: false, isCut: false });
});

Deno.test("texts keep every byte, and a byte order mark", () => {
  const all = Uint8Array.from({ length: 10_000 }, (_, i) => i % 256);
  assert.deepEqual(Uint8Array.from(latin1(all), (character) => character.charCodeAt(0)), all);
  const reader = new ByteReader(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0, 0xd8));
  assert.equal(reader.utf16(0, 6), "\ufeffA\ufffd");
  assert.equal(reader.utf16be(0, 4), "\ufffe\u4100");
});

Deno.test("a GUID is printed as Windows prints it", () => {
  const bytes = Uint8Array.fromHex("0609020000000000c000000000000046");
  assert.equal(new ByteReader(bytes).guid(0), "{00020906-0000-0000-C000-000000000046}");
});

Deno.test("texts are paid from the budget, which parts share", () => {
  const budget = new Budget({ items: 1, bytes: 5 });
  const reader = new ByteReader(new TextEncoder().encode("abcdef"), budget);
  const log = new DamageLog();
  assert.equal(log.attempt(() => reader.latin1(0, 3)), "abc");
  assert.equal(log.attempt(() => reader.sub(2).cString(0, 9)), undefined);
  assert.equal(log.attempt(() => reader.utf16(0, 2)), "扡");
  assert.equal(budget.bytesSpent, 5);
  assert.deepEqual(log.damages.map(({ code, offset }) => [code, offset]), [["limit-bytes", 2]]);
  assert.ok(log.isTruncated);
});

Deno.test("damage of the file alone does not count as truncated by us, and other errors pass", () => {
  const log = new DamageLog();
  log.attempt(() => new ByteReader(new Uint8Array(0)).u8(0));
  assert.equal(log.isTruncated, false);
  assert.throws(() => log.attempt(() => JSON.parse("{")), SyntaxError);
});

Deno.test("a log keeps a bounded number of records", () => {
  const log = new DamageLog();
  for (let i = 0; i < 1_000; i++) log.add("odd", "Odd", i);
  assert.equal(log.damages.length, MAX_DAMAGE_RECORDS);
});
