import assert from "node:assert/strict";
import type { HexPattern, HexToken } from "../syntax.ts";
import { compilePattern } from "./compile_pattern.ts";
import type { CompiledPattern } from "./compiled_pattern.ts";
import { followUp, MAX_MATCHES } from "./follow_up.ts";
import type { FormHit } from "./matches.ts";
import { scanForms } from "./testing/scan.ts";

const A: HexToken = { kind: "byte", value: 0x41, mask: 0xff };
const B: HexToken = { kind: "byte", value: 0x42, mask: 0xff };
const ANY: HexToken = { kind: "jump", from: 0 };

function hex(...tokens: HexToken[]): HexPattern {
  return { kind: "hex", identifier: "$a", at: 0, tokens, modifiers: {} };
}

function compiledText(source: string): CompiledPattern {
  const bytes = new TextEncoder().encode(source);
  return compilePattern({ kind: "text", identifier: "$a", at: 0, bytes, modifiers: {} });
}

Deno.test("a plan survives JSON", () => {
  const compiled = compilePattern(hex(A, B, { kind: "jump", from: 1, to: 9 }, B, A));
  const revived: CompiledPattern = { ...compiled, plan: JSON.parse(JSON.stringify(compiled.plan)) };
  const content = new TextEncoder().encode("AB..BA");
  assert.deepEqual(followUp(revived, scanForms(compiled.forms, content), content).matches, [{
    offset: 0,
    length: 6,
  }]);
});

Deno.test("a pattern with as many matches as YARA-X counts is capped", () => {
  const content = new Uint8Array(MAX_MATCHES + 5).fill(0x61);
  const hits: FormHit[] = Array.from(content, (_, offset) => [0, offset]);
  assert.equal(followUp(compiledText("a"), hits, content).isCapped, true);
  assert.equal(followUp(compiledText("a"), hits.slice(0, MAX_MATCHES - 1), content).isCapped, false);
});

Deno.test("hits may come in any order and more than once", () => {
  const content = new TextEncoder().encode("aaa");
  const { matches } = followUp(compiledText("a"), [[0, 2], [0, 0], [0, 2], [0, 1]], content);
  assert.deepEqual(matches.map(({ offset }) => offset), [0, 1, 2]);
});

Deno.test("a hostile hex string in hostile bytes ends as capped", () => {
  const tokens = [A, B, ANY, A, B, ANY, A, B, ANY, A, A, B, B];
  const compiled = compilePattern(hex(...tokens));
  const content = new TextEncoder().encode("AB".repeat(200_000));
  const hits: FormHit[] = Array.from({ length: 200_000 }, (_, i) => [0, i * 2]);
  const { isCapped } = followUp(
    { ...compiled, plan: { ...compiled.plan, places: [[0]] } as never },
    hits,
    content,
  );
  assert.equal(isCapped, true);
});

Deno.test("alternatives that are nested too deep are unknown", () => {
  let tokens: HexToken[] = [A];
  for (let i = 0; i < 1_000; i++) tokens = [{ kind: "alternatives", branches: [tokens, [B]] }];
  assert.equal(compilePattern(hex(...tokens)).status, "unknown");
});

Deno.test("of a version's key and its value the value is looked for", () => {
  const wide = (source: string): HexToken[] =>
    [...source].flatMap((c) => [{ ...A, value: c.charCodeAt(0) }, { ...A, value: 0 }]);
  const value = wide("Evil Corp");
  for (const key of ["CompanyName", "OriginalFilename"]) {
    const { forms, status } = compilePattern(hex(...wide(key), { kind: "jump", from: 1, to: 8 }, ...value));
    assert.equal(status, "exact");
    assert.deepEqual(forms.map(({ bytes }) => bytes.length), [value.length]);
  }
});

Deno.test("a text behind the end of all payloads has no form", () => {
  const bytes = new TextEncoder().encode("abc");
  const pattern = { kind: "text", identifier: "$a", at: 0, bytes, modifiers: {} } as const;
  assert.deepEqual(compilePattern(pattern, { anchoredAt: 2 ** 40 }).forms, []);
});
