import assert from "node:assert/strict";
import { Instance } from "./instance.ts";
import {
  type CompileOptions,
  loadLibyara,
  MAX_HITS_PER_PATTERN,
  type RuleDeclaration,
  type RuleSource,
} from "./mod.ts";
import { LibyaraRules } from "./rules.ts";

const engine = await loadLibyara();
const ENCODER = new TextEncoder();

function source(unit: string, text: string, details: Partial<RuleDeclaration> = {}): RuleSource {
  const rules = [...text.matchAll(/rule (\w+)/g)].map((rule) => ({
    name: rule[1]!,
    isGlobal: text.includes("global"),
    tags: [],
    meta: [],
    patterns: [...text.matchAll(/\$\w*(?= *=)/g)].map(([identifier]) => identifier),
    conditionWords: [],
    ...details,
  }));
  return { unit, text, rules };
}

function compile(sources: readonly RuleSource[], options: Partial<CompileOptions> = {}) {
  return engine.compile(sources, { externals: {}, ...options });
}

Deno.test("bytes above 0x7f reach the engine as they are", async () => {
  const rules = await compile([
    source("a", "rule a { strings: $x = { FF FE 80 } $y = { 00 C3 } condition: all of them }"),
  ]);
  const outcome = await rules.scan(Uint8Array.of(1, 0xff, 0xfe, 0x80, 0, 0xc3));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches[0]!.strings, [
    { identifier: "$x", offset: 1, length: 3 },
    { identifier: "$y", offset: 4, length: 2 },
  ]);
});

Deno.test("tags and metadata come from the declaration, patterns that it does not list are left out", async () => {
  const text = 'rule a { strings: $x = "x" $p = "y" private $z = "z" condition: all of them }';
  const details = { tags: ["t"], meta: [{ name: "n", value: 5 }], patterns: ["$x", "$z"] };
  const outcome = await (await compile([source("a", text, details)])).scan(ENCODER.encode("xyzx"));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches, [{
    rule: "a",
    namespace: "default",
    tags: ["t"],
    meta: [["n", 5]],
    strings: [
      { identifier: "$x", offset: 0, length: 1 },
      { identifier: "$x", offset: 3, length: 1 },
      { identifier: "$z", offset: 2, length: 1 },
    ],
  }]);
});

Deno.test("files with errors are left out and reported with their lines, the others stay", async () => {
  const rules = await compile([
    source("bad", "\nrule b { condition: tru }\nrule c { condition: fals }"),
    source("good", "rule good { condition: true }"),
    source("syntax", "\n\nrule s { conditio: true }"),
    source("leaning", "rule l { condition: b }"),
    source("last", "rule last { condition: good }"),
  ]);
  assert.deepEqual(rules.problems.map(({ source, line }) => [source, line]), [[0, 2], [0, 3], [2, 3], [
    3,
    1,
  ]]);
  assert.equal(rules.problems[0]!.message, 'undefined identifier "tru"');
  const outcome = await rules.scan(new Uint8Array());
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches.map((match) => match.rule), ["good", "last"]);
});

Deno.test("a rule is no duplicate of one in a file that is left out", async () => {
  const same = "rule same { condition: true }";
  const rules = await compile([
    source("bad", `${same} rule b { condition: nope }`),
    source("good", same),
    source("again", same),
  ]);
  assert.deepEqual(rules.problems.map(({ source }) => source), [0, 2]);
});

Deno.test("no source at all is no failure", async () => {
  const rules = await compile([source("a", "rule a {")]);
  assert.equal(rules.ruleCount, 0);
  assert.deepEqual(await rules.scan(ENCODER.encode("x")), { ok: true, matches: [] });
});

Deno.test("a false global rule hides all others, which is no failure", async () => {
  const rules = await compile([
    source("a", "global rule g { condition: filesize > 1 } rule a { condition: true }"),
  ]);
  assert.deepEqual(await rules.scan(new Uint8Array(1)), { ok: true, matches: [] });
  const outcome = await rules.scan(new Uint8Array(2));
  assert.ok(outcome.ok);
  assert.deepEqual(outcome.matches.map((match) => match.rule), ["g", "a"]);
});

Deno.test("what rules log goes to the caller", async () => {
  const lines: string[] = [];
  const text = 'import "console" rule a { condition: console.log("hi") }';
  await (await compile([source("a", text)], { onConsole: (line) => lines.push(line) })).scan(
    new Uint8Array(),
  );
  assert.deepEqual(lines, ["hi"]);
});

Deno.test("hits of a pattern are reported up to a limit, those of the others in full", async () => {
  const text = 'rule a { strings: $a = "a" $b = "b" $ = "c" condition: #a > 40000 and all of them }';
  const content = ENCODER.encode("a".repeat(45_000) + "bb" + "c".repeat(MAX_HITS_PER_PATTERN));
  const outcome = await (await compile([source("a", text)])).scan(content);
  assert.ok(outcome.ok);
  const counts = Map.groupBy(outcome.matches[0]!.strings, (hit) => hit.identifier);
  assert.deepEqual([...counts].map(([identifier, hits]) => [identifier, hits.length]), [
    ["$a", MAX_HITS_PER_PATTERN],
    ["$b", 2],
    ["$", MAX_HITS_PER_PATTERN],
  ]);
});

Deno.test("the engine's memory does not run out, though it never gives rules back", async () => {
  const instance = await Instance.load();
  const rules = LibyaraRules.compile(
    instance,
    [source("a", 'rule a { strings: $x = "xyz" condition: $x }')],
    {
      externals: {},
    },
  );
  for (let i = 0; i < 40; i++) {
    const outcome = await rules.scan(ENCODER.encode("xyz"));
    assert.ok(outcome.ok && outcome.matches.length === 1, `scan ${i}`);
  }
  assert.ok(instance.libyara.HEAPU8.length < 250_000_000);
});

Deno.test("a run that stops before the last rule is a failure", async () => {
  const instance = await Instance.load();
  const rules = LibyaraRules.compile(instance, [source("a", "rule a { condition: true }")], {
    externals: {},
  });
  const { run } = instance.libyara;
  Object.assign(instance.libyara, {
    run(bytes: Uint8Array) {
      Object.assign(instance.libyara, { run });
      return instance.libyara.run(bytes, "");
    },
  });
  assert.deepEqual(await rules.scan(new Uint8Array(3)), {
    ok: false,
    message: "libyara failed to scan 3 bytes: the engine stopped before the last rule",
  });
});

Deno.test("a trap is a failure, and the next run has the memory of the start", async () => {
  const instance = await Instance.load();
  const rules = LibyaraRules.compile(instance, [source("a", "rule a { condition: true }")], {
    externals: {},
  });
  const { run } = instance.libyara;
  Object.assign(instance.libyara, {
    run() {
      instance.libyara.HEAPU8.fill(0xff);
      Object.assign(instance.libyara, { run });
      throw new WebAssembly.RuntimeError("unreachable");
    },
  });
  assert.deepEqual(await rules.scan(new Uint8Array(3)), {
    ok: false,
    message: "libyara failed to scan 3 bytes: unreachable",
  });
  const outcome = await rules.scan(new Uint8Array(3));
  assert.ok(outcome.ok && outcome.matches.length === 1);
});
