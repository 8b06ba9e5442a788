import assert from "node:assert/strict";
import type { RuleMatch } from "./engine.ts";
import { MatchWriter, MAX_STRINGS_PER_CALL } from "./match_record.ts";

const CONTENT = new TextEncoder().encode("The quick brown fox");

function match(strings: RuleMatch["strings"], meta: RuleMatch["meta"] = []): RuleMatch {
  return { rule: "r", namespace: "default", tags: ["t"], meta, strings };
}

Deno.test("a match has upstream's keys in upstream's order", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 9, contextBytes: 0 });
  const record = writer.write(match([{ identifier: "$a", offset: 16, length: 3 }], [["x", 1], ["y", true]]));
  assert.equal(
    JSON.stringify(record, (_, value) => value instanceof Uint8Array ? [...value] : value),
    '{"tags":["t"],"namespace":"default","rule":"r","meta":{"x":1,"y":true},"strings":[[16,"$a",[102,111,120]]]}',
  );
});

Deno.test("of repeated metadata the last counts, and no name is special", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 9, contextBytes: 0 });
  const { meta } = writer.write(match([], [["x", 1], ["__proto__", "p"], ["x", 2]]));
  assert.deepEqual(Object.entries(meta as object), [["x", 2], ["__proto__", "p"]]);
});

Deno.test("a long string is cut, and its length follows", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 4, contextBytes: 0 });
  const { strings } = writer.write(match([
    { identifier: "$a", offset: 4, length: 5 },
    { identifier: "$b", offset: 0, length: 4 },
  ]));
  assert.deepEqual(strings, [
    [4, "$a", new TextEncoder().encode("quic"), 5],
    [0, "$b", new TextEncoder().encode("The ")],
  ]);
});

Deno.test("bytes are copies: the payload does not travel with them", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 9, contextBytes: 0 });
  const { strings } = writer.write(match([{ identifier: "$a", offset: 4, length: 5 }]));
  const [[, , bytes]] = strings as unknown as [[number, string, Uint8Array]];
  assert.equal(bytes.buffer.byteLength, 5);
});

Deno.test("strings over the limit are counted", () => {
  const hits = Array.from({ length: 7 }, (_, offset) => ({ identifier: "$a", offset, length: 1 }));
  const record = new MatchWriter(CONTENT, { stringsLimit: 3, matchedBytesLimit: 9, contextBytes: 0 }).write(
    match(hits),
  );
  assert.deepEqual([(record.strings as unknown[]).length, record.strings_left_out], [3, 4]);
  const none = new MatchWriter(CONTENT, { stringsLimit: 0, matchedBytesLimit: 9, contextBytes: 0 }).write(
    match(hits),
  );
  assert.deepEqual([none.strings, none.strings_left_out], [[], 7]);
});

Deno.test("all matches of a call share a limit of strings", () => {
  const hits = Array.from({ length: 15_000 }, () => ({ identifier: "$a", offset: 0, length: 1 }));
  const writer = new MatchWriter(CONTENT, { stringsLimit: 1_000_000, matchedBytesLimit: 9, contextBytes: 0 });
  const counts = [1, 2, 3].map(() => writer.write(match(hits))).map((record) => [
    (record.strings as unknown[]).length,
    record.strings_left_out,
  ]);
  assert.deepEqual(counts, [[15_000, undefined], [MAX_STRINGS_PER_CALL - 15_000, 10_000], [0, 15_000]]);
});

Deno.test("context is what stands around a string, within the content", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 2, contextBytes: 4 });
  const { contexts } = writer.write(match([
    { identifier: "$a", offset: 2, length: 1 },
    { identifier: "$b", offset: 10, length: 5 },
  ]));
  // The second string is cut, and so is what is shown of it here.
  assert.deepEqual(contexts, [
    [0, new TextEncoder().encode("The qui")],
    [6, new TextEncoder().encode("ick brown ")],
  ]);
});

Deno.test("XOR keys stand beside the strings, where there is one", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 9, contextBytes: 0 });
  const plain = { identifier: "$a", offset: 0, length: 1 };
  assert.equal(writer.write(match([plain])).xor_keys, undefined);
  const record = writer.write(match([plain, { identifier: "$b", offset: 1, length: 1, xorKey: 7 }]));
  assert.deepEqual(record.xor_keys, [null, 7]);
});

Deno.test("all metadata of a rule that repeats a name is listed in order", () => {
  const writer = new MatchWriter(CONTENT, { stringsLimit: 9, matchedBytesLimit: 9, contextBytes: 0 });
  assert.equal(writer.write(match([], [["x", 1], ["y", 2]])).meta_list, undefined);
  const record = writer.write(match([], [["x", 1], ["y", 2], ["x", 3]]));
  assert.deepEqual(record.meta_list, [["x", 1], ["y", 2], ["x", 3]]);
});
