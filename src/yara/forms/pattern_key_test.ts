import assert from "node:assert/strict";
import type { HexToken, Modifiers, PatternSyntax } from "../syntax.ts";
import { PatternKey } from "./pattern_key.ts";

function text(bytes: Uint8Array, modifiers: Modifiers = {}): PatternSyntax {
  return { kind: "text", identifier: "$a", at: 0, bytes, modifiers };
}

function hex(...tokens: HexToken[]): PatternSyntax {
  return { kind: "hex", identifier: "$a", at: 0, tokens, modifiers: {} };
}

function patternKey(pattern: PatternSyntax, anchoredAt?: number): string {
  const key = new PatternKey();
  key.write(pattern, anchoredAt);
  return key.bytes.subarray(0, key.length).toHex();
}

const AB = Uint8Array.of(0x41, 0x42);
const A: HexToken = { kind: "byte", value: 0x41, mask: 0xff };

Deno.test("identifier, place, privacy and the word ascii make no difference", () => {
  const other = { ...text(AB, { isAscii: true, isPrivate: true }), identifier: "$other", at: 7 };
  assert.equal(patternKey(other), patternKey(text(AB)));
});

Deno.test("patterns that find something else have different keys", () => {
  const patterns: PatternSyntax[] = [
    text(AB),
    text(AB, { isWide: true }),
    text(AB, { isWide: true, isAscii: true }),
    text(AB, { isNocase: true }),
    text(AB, { isFullword: true }),
    text(AB, { xor: { from: 0, to: 255 } }),
    text(AB, { xor: { from: 1, to: 255 } }),
    text(AB, { base64: "" }),
    text(AB, { base64wide: "" }),
    text(AB, { base64: "x" }),
    hex(A),
    hex(A, A),
    hex({ ...A, isNegated: true }),
    hex({ kind: "byte", value: 0x40, mask: 0xf0 }),
    hex(A, { kind: "jump", from: 1, to: 2 }, A),
    hex(A, { kind: "jump", from: 1 }, A),
    hex(A, { kind: "jump", from: 1, to: 0x10002 }, A),
    hex(A, { kind: "jump", from: 0x10001, to: 0x10002 }, A),
    hex({ kind: "alternatives", branches: [[A], [A]] }),
    hex({ kind: "alternatives", branches: [[A, A]] }),
    hex({ kind: "alternatives", branches: [[A]] }, A),
    { kind: "regexp", identifier: "$a", at: 0, modifiers: {}, regexp: { source: "A" } },
    { kind: "regexp", identifier: "$a", at: 0, modifiers: {}, regexp: { source: "A", isDotAll: true } },
  ];
  assert.equal(new Set(patterns.map((pattern) => patternKey(pattern))).size, patterns.length);
});

Deno.test("what is looked for at one offset alone has a key of its own", () => {
  assert.equal(new Set([undefined, 0, 1, 2 ** 60].map((anchor) => patternKey(text(AB), anchor))).size, 4);
});

Deno.test("long texts have keys as well, and a key that follows is not mixed up with them", () => {
  const long = new Uint8Array(100_000).fill(0x41);
  const key = new PatternKey();
  key.write(text(long));
  assert.ok(key.length > long.length);
  key.write(text(AB));
  assert.equal(key.bytes.subarray(0, key.length).toHex(), patternKey(text(AB)));
});
