import assert from "node:assert/strict";
import type { RuleMatch, StringHit } from "./engine.ts";
import { findXorKeys } from "./xor_key.ts";

const PLAIN = "This program";

function xored(key: readonly number[], plain = PLAIN): Uint8Array {
  return new TextEncoder().encode(plain).map((byte, i) => byte ^ key[i % key.length]!);
}

function keys(content: Uint8Array, meta: RuleMatch["meta"], strings: readonly StringHit[]) {
  return [...findXorKeys({ rule: "r", namespace: "default", tags: [], meta, strings }, content)];
}

const META: RuleMatch["meta"] = [["xor_plaintext_for_string_a", PLAIN]];
const WHOLE: StringHit = { identifier: "$a", offset: 0, length: PLAIN.length };

Deno.test("a key is the shortest prefix that repeats", () => {
  for (const key of [[0x15], [17, 16], [41, 52, 63], [1, 2, 3, 4, 5, 6, 7]]) {
    assert.deepEqual(keys(xored(key), META, [WHOLE]).map((found) => found.key), [key]);
  }
});

Deno.test("a key as long as the text, or longer, is not known to end", () => {
  assert.deepEqual(keys(xored([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), META, [WHOLE]), []);
  assert.deepEqual(
    keys(xored([5], "T"), [["xor_plaintext_for_string_a", "T"]], [{ ...WHOLE, length: 1 }]),
    [],
  );
});

Deno.test("a text that is there in plain gives no key", () => {
  assert.deepEqual(keys(xored([0]), META, [WHOLE]), []);
  assert.deepEqual(keys(xored([0]), META, [{ ...WHOLE, xorKey: 0 }]), []);
});

Deno.test("a hit of another length counts if the engine knows its key", () => {
  const wide = { identifier: "$a", offset: 0, length: 24 };
  assert.deepEqual(keys(new Uint8Array(24), META, [wide]), []);
  assert.deepEqual(keys(new Uint8Array(24), META, [{ ...wide, xorKey: 0x42 }]), [
    { offset: 0, identifier: "$a", key: [0x42] },
  ]);
});

Deno.test("only metadata with the name of a string, and only its hits, count", () => {
  const content = xored([9]);
  assert.deepEqual(keys(content, [["xor_plaintext_a", PLAIN]], [WHOLE]), []);
  assert.deepEqual(keys(content, META, [{ ...WHOLE, identifier: "$b" }]), []);
  assert.deepEqual(keys(content, [["xor_plaintext_for_string_a", ""]], [{ ...WHOLE, length: 0 }]), []);
  assert.deepEqual(keys(content, [["xor_plaintext_for_string_a", 5]], [WHOLE]), []);
});

Deno.test("a plain text of bytes works, and of repeated metadata the last counts", () => {
  const meta: RuleMatch["meta"] = [
    ["xor_plaintext_for_string_a", "wrong text??"],
    ["xor_plaintext_for_string_a", new TextEncoder().encode(PLAIN)],
  ];
  assert.deepEqual(keys(xored([9]), meta, [WHOLE]).map((found) => found.key), [[9]]);
});

Deno.test("a hit that would reach beyond the content gives no key", () => {
  const hit = { ...WHOLE, offset: 6 };
  assert.deepEqual(keys(xored([9]), META, [hit]), []);
});
