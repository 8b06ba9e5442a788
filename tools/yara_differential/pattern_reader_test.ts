import assert from "node:assert/strict";
import { readPatterns } from "./pattern_reader.ts";

Deno.test("strings are read with their modifiers", () => {
  const patterns = readPatterns(`rule r { strings:
    $a = "x\\"y" wide fullword
    $b = "k" xor(1-0x20) private
    $c = "b" base64("${"a".repeat(64)}")
    $d = /a\\/b/i
    condition: all of them }`);
  assert.deepEqual(patterns, [
    {
      kind: "text",
      identifier: "$a",
      modifiers: { isWide: true, isFullword: true },
      bytes: new TextEncoder().encode('x"y'),
    },
    {
      kind: "text",
      identifier: "$b",
      modifiers: { xor: { from: 1, to: 32 }, isPrivate: true },
      bytes: new TextEncoder().encode("k"),
    },
    {
      kind: "text",
      identifier: "$c",
      modifiers: { base64: "a".repeat(64) },
      bytes: new TextEncoder().encode("b"),
    },
    { kind: "regexp", identifier: "$d", modifiers: {}, source: "a\\/b", isCaseInsensitive: true },
  ]);
});

Deno.test("hex strings are read with jumps, alternatives and comments", () => {
  const [pattern] = readPatterns(
    "rule r { strings: $a = { 4? ~51 [2] [3-] (61|62 /* c */ 63) } condition: $a }",
  );
  assert.deepEqual(pattern, {
    kind: "hex",
    identifier: "$a",
    modifiers: {},
    tokens: [
      { kind: "byte", value: 0x40, mask: 0xf0, isNegated: false },
      { kind: "byte", value: 0x51, mask: 0xff, isNegated: true },
      { kind: "jump", from: 2, to: 2 },
      { kind: "jump", from: 3, to: undefined },
      {
        kind: "alternatives",
        branches: [
          [{ kind: "byte", value: 0x61, mask: 0xff, isNegated: false }],
          [
            { kind: "byte", value: 0x62, mask: 0xff, isNegated: false },
            { kind: "byte", value: 0x63, mask: 0xff, isNegated: false },
          ],
        ],
      },
    ],
  });
});
