import assert from "node:assert/strict";
import { ANY_BUT_NEWLINE, ANY_BYTE, bytesOf } from "./byte_set.ts";
import { type ParsedRegexp, parseRegexp, type RegexpUse } from "./parser.ts";
import { ACCEPTED, REFUSED } from "./testing/verdicts.ts";

/** As the parser of rules has it: a character for each byte. */
function byteText(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function parse(source: string, use: RegexpUse = "pattern", flags = ""): ParsedRegexp {
  return parseRegexp({
    source: byteText(source),
    ...flags.includes("i") && { isCaseInsensitive: true },
    ...flags.includes("s") && { isDotAll: true },
  }, use);
}

function nodeOf(source: string, flags = "") {
  const parsed = parse(source, "operator", flags);
  assert.ok("node" in parsed, source);
  return parsed.node;
}

function classOf(source: string, flags = ""): string {
  const node = nodeOf(source, flags);
  assert.equal(node.kind, "set");
  return node.kind === "set" ? String.fromCharCode(...bytesOf(node.set)) : "";
}

Deno.test("what YARA-X takes is taken, what it refuses is refused", () => {
  assert.deepEqual(ACCEPTED.filter((source) => "problem" in parse(source)), []);
  assert.deepEqual(REFUSED.filter((source) => !("problem" in parse(source))), []);
  assert.ok(ACCEPTED.length > 150 && REFUSED.length > 120);
});

Deno.test("operators may match nothing and mix greediness, patterns may not", () => {
  for (const source of ["a*", "^$", "", "a|", "(a+?)+b"]) {
    assert.ok("problem" in parse(source), source);
    assert.ok("node" in parse(source, "operator"), source);
  }
});

Deno.test("blanks count in braces for nothing, elsewhere for themselves", () => {
  assert.deepEqual(nodeOf("a{ 2 , 3 }"), nodeOf("a{2,3}"));
  assert.ok("problem" in parse("a{ }") && "problem" in parse("a{1 x}"));
  assert.deepEqual(nodeOf("\\ "), { kind: "byte", value: 32 });
});

Deno.test("a prefix that matches anything in any number is refused, with the oddities of YARA-X", () => {
  for (const source of [".*foo", ".+foo", ".*?foo", ".{5,}foo", "(.*)foo", "(.*|x)foo", "(.*)*foo"]) {
    assert.ok(
      "problem" in parse(source, "pattern", "s") && "problem" in parse(source, "operator", "s"),
      source,
    );
    assert.ok("node" in parse(source), source);
  }
  for (
    const source of [".{0,3}foo", "[\\x00-\\xff]*foo", "\\b.*foo", "a?.*foo", "(x|.*foo)", "foo.*|.*bar"]
  ) {
    assert.ok("node" in parse(source, "pattern", "s"), source);
  }
});

Deno.test("a dot is any byte under s, else any but a newline; classes are ASCII", () => {
  assert.deepEqual(nodeOf(".", "s"), { kind: "set", set: ANY_BYTE });
  assert.deepEqual(nodeOf("."), { kind: "set", set: ANY_BUT_NEWLINE });
  assert.deepEqual(nodeOf("(?s:.)."), nodeOf("(?s:.)(?-s:.)"));
  assert.equal(classOf("\\s"), "\t\n\v\f\r ");
  assert.equal(classOf("[\\d_]"), "0123456789_");
  assert.equal(classOf("[[:xdigit:]--[a-f]]"), "0123456789ABCDEF");
  assert.equal(classOf("[a-e&&[^b]~~[e-g]]"), "acdfg");
});

Deno.test("case is folded for ASCII letters alone, before a class is negated", () => {
  assert.equal(classOf("k", "i"), "Kk");
  assert.equal(classOf("[^\\x00-@C-ce-\\xff]", "i"), "");
  assert.deepEqual(nodeOf("\\xe9", "i"), { kind: "byte", value: 0xe9 });
  assert.deepEqual(nodeOf("(?-i)k", "i"), nodeOf("k"));
});

Deno.test("a character beyond ASCII is its bytes in UTF-8, and is repeated as a whole", () => {
  const bytes = { kind: "sequence", parts: [{ kind: "byte", value: 0xc3 }, { kind: "byte", value: 0xa9 }] };
  assert.deepEqual(nodeOf("é"), bytes);
  assert.deepEqual(nodeOf("\\x{e9}"), bytes);
  assert.deepEqual(nodeOf("é{2}"), { kind: "repetition", of: bytes, min: 2, max: 2, isGreedy: true });
  assert.deepEqual(parseRegexp({ source: "\xe9" }), { node: { kind: "opaque" } });
});

Deno.test("the offset of a problem counts bytes", () => {
  assert.deepEqual(parse("é("), { problem: "unclosed group", offset: 2 });
});

Deno.test("flags that change the grammar or Unicode make it opaque", () => {
  for (const source of ["(?u)é", "(?x)a b", "(?U)a*b", "(?m)^a", "(?R)a$"]) {
    assert.deepEqual(parse(source), { node: { kind: "opaque" } });
  }
});

Deno.test("nesting without bounds is a problem or opaque, not an overflow", () => {
  const many = 60_000;
  for (const source of ["(".repeat(many), "[".repeat(many), "a" + "*".repeat(many), "(?i)(".repeat(10_000)]) {
    assert.ok("problem" in parse(source, "operator"), source.slice(0, 5));
  }
  assert.deepEqual(parse("(".repeat(100_000)), { node: { kind: "opaque" } });
  assert.ok("node" in parse("(".repeat(240) + "a" + ")".repeat(240)));
  assert.ok("problem" in parse("(".repeat(251) + "a" + ")".repeat(251)));
  assert.ok("node" in parse("[a&&b]".repeat(5_000) + "a|".repeat(10_000) + "a"));
});
