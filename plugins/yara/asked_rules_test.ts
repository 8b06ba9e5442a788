import assert from "node:assert/strict";
import { loadYaraX, type RuleEngine } from "../../wasm/yara_x/mod.ts";
import { type AskableRule, AskedRules, MAX_ASKED_RULES } from "./asked_rules.ts";

function asked(rules: readonly Partial<AskableRule>[], closures: Readonly<Record<number, number[]>> = {}) {
  const compiled: number[] = [];
  const rejected: [number, string][] = [];
  const setup = {
    rules: {
      rule: (index: number) => ({
        name: `r${index}`,
        namespace: "default",
        text: "",
        modules: [],
        ...rules[index],
      }),
      isUsable: (index: number) => rejected.every(([rule]) => rule !== index),
      closureOf: (indices: readonly number[]) =>
        new Set(indices.flatMap((index) => closures[index] ?? [index])),
    },
    async load(): Promise<RuleEngine> {
      const engine = await loadYaraX();
      return {
        compile(sources, options) {
          // One more makes the engine look for strings.
          compiled.push(sources.length - 1);
          return engine.compile(sources, options);
        },
      };
    },
    externals: {},
    onConsole() {},
    onRejected: (rule: number, message: string) => void rejected.push([rule, message]),
  };
  return { subject: new AskedRules(setup), compiled, rejected };
}

const CONTENT = new TextEncoder().encode("some text");

async function matching(subject: AskedRules, candidates: number[]): Promise<number[]> {
  const answer = await subject.ask(candidates, CONTENT, {});
  assert.ok(answer.ok);
  return [...answer.matches.keys()];
}

Deno.test("candidates are asked with all that decides with them, and nothing else is answered", async () => {
  const { subject } = asked([
    { text: "private rule r0 { condition: true }" },
    { text: 'rule r1 { strings: $a = "text" condition: r0 and $a }' },
    { text: "global rule r2 { condition: filesize < 100 }" },
    { text: "rule r3 { condition: false }" },
  ], { 1: [0, 1, 2], 3: [2, 3] });
  assert.deepEqual(await matching(subject, [1]), [1]);
  assert.deepEqual(await matching(subject, [1, 3]), [1]);
});

Deno.test("the compiled set is kept and grows, until it would grow too large", async () => {
  const rules = Array.from(
    { length: MAX_ASKED_RULES + 2 },
    (_, i) => ({ text: `rule r${i} { condition: true }` }),
  );
  const { subject, compiled } = asked(rules);
  await matching(subject, [0]);
  await matching(subject, [1]);
  await matching(subject, [0, 1]);
  assert.deepEqual(compiled, [1, 2]);
  await matching(subject, rules.map((_, index) => index).slice(2));
  assert.deepEqual(compiled, [1, 2, MAX_ASKED_RULES]);
  assert.equal(subject.askCount, 4);
});

Deno.test("a rule that yara-x rejects is told once and matches nothing, the others are answered", async () => {
  const { subject, rejected } = asked([
    { text: "rule r0 { condition: nope }" },
    { text: "rule r1 { condition: true }" },
  ]);
  assert.deepEqual(await matching(subject, [0, 1]), [1]);
  assert.deepEqual(await matching(subject, [0]), []);
  assert.equal(rejected.length, 1);
  assert.equal(rejected[0]![0], 0);
  assert.match(rejected[0]![1], /nope/);
});

Deno.test("rules of one name in two namespaces are two rules, modules are imported where they are used", async () => {
  const { subject, compiled } = asked([
    { name: "same", namespace: "one", text: "rule same { condition: not pe.is_pe }", modules: ["pe"] },
    { name: "same", namespace: "two", text: "rule same { condition: false }" },
  ]);
  assert.deepEqual(await matching(subject, [0, 1]), [0]);
  assert.deepEqual(compiled, [3]);
});

Deno.test("the engine looks for strings before any rule asks, in every namespace", async () => {
  // By itself yara-x sees no string here: undefined comes before the term that would make it look.
  const text = 'rule r0 { strings: $a = "nowhere" $b = "text" condition: uint32(900) == #a or $b }';
  for (const namespace of ["default", "other"]) {
    const { subject } = asked([{ text, namespace }]);
    assert.deepEqual(await matching(subject, [0]), [0], namespace);
  }
});
