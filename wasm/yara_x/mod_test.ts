import assert from "node:assert/strict";
import { loadInstances } from "./instance.ts";
import { type CompileOptions, loadYaraX, MAX_HITS_PER_PATTERN, type RuleSource } from "./mod.ts";
import { YaraXRules } from "./rules.ts";

const engine = await loadYaraX();
const ENCODER = new TextEncoder();

/** A source of one file, its rules found the simple way. */
function source(unit: string, text: string): RuleSource {
  const rules = [...text.matchAll(/(?:(?:private|global) )*rule (\w+)/g)];
  return { unit, text, rules: rules.map((rule) => ({ name: rule[1]!, start: rule.index })) };
}

function compile(sources: readonly RuleSource[], options: Partial<CompileOptions> = {}) {
  return engine.compile(sources, { externals: {}, ...options });
}

async function namesIn(sources: readonly RuleSource[], bytes = ENCODER.encode("x")) {
  const rules = await compile(sources);
  const outcome = await rules.scan(bytes);
  rules.free();
  assert.ok(outcome.ok);
  return outcome.matches.map((match) => match.rule);
}

Deno.test("private rules and private patterns are not reported, global rules are", async () => {
  const rules = await compile([source(
    "a",
    `private rule p { condition: true } global rule g { condition: true } global private rule gp { condition: true }
    rule a { strings: $x = "x" $y = "y" private $z = "z" condition: p and any of them }`,
  )]);
  const outcome = await rules.scan(ENCODER.encode("zyxyz"));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches.map(({ rule, strings }) => [rule, strings.map((hit) => hit.identifier)]), [
    ["g", []],
    ["a", ["$x", "$z", "$z"]],
  ]);
  assert.equal(rules.ruleCount, 4);
  rules.free();
});

Deno.test("metadata keeps order, repeated names and types; bytes are text where they are UTF-8", async () => {
  const text = `rule a { meta: x = "\\x41Neato" y = "\\xff" i = -5 x = "é" t = true condition: true }`;
  const outcome = await (await compile([source("a", text)])).scan(new Uint8Array());
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches[0]!.meta, [
    ["x", "ANeato"],
    ["y", Uint8Array.of(0xff)],
    ["i", -5],
    ["x", "é"],
    ["t", true],
  ]);
});

Deno.test("a hit of an xor pattern carries its key", async () => {
  const rules = await compile([source("a", 'rule a { strings: $x = "This program" xor condition: $x }')]);
  const bytes = ENCODER.encode("This program").map((byte) => byte ^ 0x15);
  const outcome = await rules.scan(bytes);
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches[0]!.strings, [{ identifier: "$x", offset: 0, length: 12, xorKey: 0x15 }]);
});

Deno.test("externals keep their type, and a value given at one scan is gone at the next", async () => {
  const text = 'rule a { condition: s == "x" and n == 5 and b and f > 1.2 }';
  const externals = { s: "", n: 5, b: true, f: 1.5 };
  const rules = await compile([source("a", text)], { externals });
  const first = await rules.scan(new Uint8Array(), { s: "x" });
  const second = await rules.scan(new Uint8Array());
  assert.ok(first.ok && second.ok);
  assert.deepEqual([first.matches.length, second.matches.length], [1, 0]);
  const wrong = await rules.scan(new Uint8Array(), { s: 5 });
  assert.ok(!wrong.ok);
  assert.match(wrong.message, /^yara-x failed to scan 0 bytes: invalid type for `s`/);
});

Deno.test("files with errors are left out and reported with their lines, the others stay", async () => {
  const rules = await compile([
    source("bad", "\nrule b { condition: tru }\nrule c { condition: fals }"),
    source("good", "rule good { condition: true }"),
    source("syntax", "rule {"),
    source("last", "rule last { condition: good }"),
  ]);
  assert.deepEqual(rules.problems.map(({ source, line }) => [source, line]), [[0, 2], [0, 3], [2, 1]]);
  assert.match(rules.problems[0]!.message, /^unknown identifier `tru`/);
  assert.equal(rules.ruleCount, 2);
  const outcome = await rules.scan(new Uint8Array());
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches.map((match) => match.rule), ["good", "last"]);
  rules.free();
});

Deno.test("all sources of a unit are left out together", async () => {
  const sources = [source("a", "rule a1 { condition: true }"), source("a", "rule a2 { condition: nope }")];
  assert.deepEqual(await namesIn([...sources, source("b", "rule b { condition: true }")]), ["b"]);
});

Deno.test("a rule is no duplicate of one in a file that is left out", async () => {
  const bad = source("bad", "rule same { condition: true } rule b { condition: nope }");
  const good = source("good", "rule same { condition: true }");
  assert.deepEqual(await namesIn([bad, good]), ["same"]);
  const again = source("again", "rule same { condition: true }");
  const rules = await compile([bad, good, again]);
  assert.deepEqual(rules.problems.map(({ source }) => source), [0, 2]);
  rules.free();
});

Deno.test("files that lean on a rule of a bad file are left out too, and say why", async () => {
  const rules = await compile([
    source("bad", "rule base { condition: nope }"),
    source("leaning", "rule a { condition: base }"),
    source("good", "rule good { condition: true }"),
  ]);
  assert.deepEqual(rules.problems.map(({ source }) => source), [0, 1]);
  assert.match(rules.problems[1]!.message, /unknown identifier `base`/);
  assert.equal(rules.ruleCount, 1);
  rules.free();
});

Deno.test("a chain of files, each leaning on the bad one before, ends", async () => {
  const chain = Array.from({ length: 30 }, (_, i) => {
    const use = i === 0 ? "nope" : `r${i - 1}`;
    return source(`${i}`, `rule r${i} { condition: true } rule u${i} { condition: ${use} }`);
  });
  const rules = await compile(chain);
  assert.equal(rules.ruleCount, 0);
  assert.equal(new Set(rules.problems.map(({ source }) => source)).size, 30);
  const outcome = await rules.scan(new Uint8Array());
  assert.deepEqual(outcome, { ok: true, matches: [] });
  rules.free();
});

Deno.test("a source that breaks the compiler is left out, the others stay", async () => {
  const deep = source("deep", `rule deep { condition: ${"not ".repeat(100_000)}true }`);
  const rules = await compile([source("a", "rule a { condition: true }"), deep]);
  assert.deepEqual(rules.problems.map(({ source }) => source), [1]);
  assert.match(rules.problems[0]!.message, /^the compiler failed: /);
  assert.ok((await rules.scan(new Uint8Array())).ok);
  rules.free();
});

Deno.test("a module that the engine lacks is a problem of the file", async () => {
  const rules = await compile([source("a", '\nimport "magic"\nrule a { condition: true }')]);
  assert.deepEqual(rules.problems.map(({ line }) => line), [2]);
  assert.match(rules.problems[0]!.message, /unknown module `magic`/);
});

Deno.test("what rules log goes to the caller and not to the console", async () => {
  const lines: string[] = [];
  const text = 'import "console" rule a { condition: console.log("hi") and console.hex(255) }';
  const rules = await compile([source("a", text)], { onConsole: (line) => lines.push(line) });
  await rules.scan(new Uint8Array());
  assert.deepEqual(lines, ["hi", "0xff"]);
  const { log } = console;
  const printed: unknown[] = [];
  console.log = (line) => printed.push(line);
  await (await compile([source("a", text)])).scan(new Uint8Array());
  console.log = log;
  assert.deepEqual(printed, []);
});

Deno.test("hits of a pattern are counted up to a limit", async () => {
  const rules = await compile([source("a", 'rule a { strings: $x = "x" condition: #x > 0 }')]);
  const outcome = await rules.scan(new Uint8Array(MAX_HITS_PER_PATTERN + 5).fill(0x78));
  assert.ok(outcome.ok);
  assert.equal(outcome.matches[0]!.strings.length, MAX_HITS_PER_PATTERN);
});

Deno.test("warnings cost nothing in the result, and error lines stay right", async () => {
  const rules = await compile([
    source("warns", 'rule w { strings: $a = "a" condition: $a }'),
    source("errs", "rule e1 { condition: true } rule e2 {\n condition: nope }"),
  ]);
  assert.deepEqual(rules.problems.map(({ line }) => line), [2]);
  rules.free();
});

Deno.test("after a trap the scan is a failure, and the next one works with a new instance", async () => {
  const instances = await loadInstances();
  const text = 'rule a { strings: $x = "xyz" condition: $x }';
  const rules = await YaraXRules.compile(instances, [source("a", text)], { externals: {} });
  const others = await YaraXRules.compile(instances, [source("b", text)], { externals: {} });
  const { memory } = await instances.get();
  // Memory that can't grow any more makes the engine abort.
  for (let pages = 32_768; pages >= 1; pages /= 2) {
    try {
      for (;;) memory.grow(pages);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }
  const failed = await rules.scan(new Uint8Array(200_000_000));
  assert.deepEqual(failed, { ok: false, message: "yara-x failed to scan 200000000 bytes: unreachable" });
  for (const survivor of [rules, others]) {
    const outcome = await survivor.scan(ENCODER.encode("xyz"));
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.matches[0]!.strings, [{ identifier: "$x", offset: 0, length: 3 }]);
  }
  assert.notEqual((await instances.get()).memory, memory);
  rules.free();
  others.free();
});

Deno.test("rules of different namespaces don't know each other, wherever their sources stand", async () => {
  const engine = await loadYaraX();
  const source = (unit: string, namespace: string | undefined, text: string) => ({
    unit,
    namespace,
    text,
    rules: [...text.matchAll(/rule (\w+)/g)].map((found) => ({ name: found[1]!, start: found.index })),
  });
  const rules = await engine.compile([
    source("1", "first", "rule a { condition: true }"),
    source("2", "second", "rule a { condition: true } rule b { condition: c }"),
    source("3", undefined, "rule a { condition: true }"),
    source("4", "first", "rule d { condition: a }"),
  ], { externals: {} });
  assert.deepEqual(rules.problems.map(({ source }) => source), [1]);
  const outcome = await rules.scan(new Uint8Array(1));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches.map(({ namespace, rule }) => `${namespace}:${rule}`), [
    "first:a",
    "first:d",
    "default:a",
  ]);
  rules.free();
});

Deno.test("conditions that go on too long fail, and the next scan is fine", async () => {
  const engine = await loadYaraX();
  const loops = "for all i in (1..#a) : (for all j in (1..#a) : (@a[i] + uint8(j - 1) >= 0))";
  const text = `rule a { strings: $a = "a" condition: ${loops} }`;
  const source = { unit: "a", text, rules: [{ name: "a", start: 0 }] };
  const rules = await engine.compile([source], { externals: {}, conditionsLimitMs: 5 });
  const message = "yara-x failed to scan 9000 bytes: conditions took more than 5 ms";
  assert.deepEqual(await rules.scan(new Uint8Array(9_000).fill(0x61)), { ok: false, message });
  const outcome = await rules.scan(new Uint8Array(2).fill(0x61));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches[0]!.strings.length, 2);
  rules.free();
});
