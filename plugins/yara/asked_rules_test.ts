import assert from "node:assert/strict";
import { loadYaraX, type RuleEngine } from "../../wasm/yara_x/mod.ts";
import {
  ASK_BUDGET_MS,
  type AskableRule,
  AskedRules,
  MAX_ASKED_RULES,
  MAX_ASKED_SETS,
  MAX_CLOSURE_RULES,
} from "./asked_rules.ts";

function asked(
  rules: readonly Partial<AskableRule>[],
  closures: Readonly<Record<number, number[]>> = {},
  setLimit = MAX_ASKED_RULES,
  now?: () => number,
) {
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
    setLimit,
    onConsole() {},
    onRejected: (rule: number, message: string) => void rejected.push([rule, message]),
    ...(now && { now }),
  };
  return { subject: new AskedRules(setup), compiled, rejected };
}

const CONTENT = new TextEncoder().encode("some text");

async function matching(subject: AskedRules, candidates: number[]): Promise<number[]> {
  const answer = await subject.ask(candidates, CONTENT, {});
  assert.deepEqual([answer.failures, answer.unasked], [[], []]);
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

Deno.test("an earlier rule may have the name of a module that a later one uses", async () => {
  const { subject, rejected } = asked([
    { name: "pe", text: "rule pe { condition: true }" },
    { name: "math", text: "rule math { condition: pe }" },
    { text: "rule r2 { condition: not time.now() < 0 }", modules: ["time"] },
  ]);
  assert.deepEqual(await matching(subject, [0, 1, 2]), [0, 1, 2]);
  assert.deepEqual(rejected, []);
});

Deno.test("more candidates than a set takes are asked in several sets, and what is beyond those is counted", async () => {
  const rules = Array.from({ length: 2 * MAX_ASKED_SETS + 3 }, (_, i) => ({
    text: `rule r${i} { condition: ${i !== 1} }`,
  }));
  const { subject, compiled } = asked(rules, {}, 2);
  assert.deepEqual(await matching(subject, [0, 1, 2, 3, 4]), [0, 2, 3, 4]);
  assert.deepEqual(compiled, [2, 2, 1]);
  const answer = await subject.ask(rules.map((_, i) => i), CONTENT, {});
  assert.equal(answer.unasked.length, 3);
  assert.equal(answer.matches.size, 2 * MAX_ASKED_SETS - 1);
});

Deno.test("questions at the same time are answered one after the other, and memory is given back behind them", async () => {
  const rules = Array.from({ length: 6 }, (_, i) => ({ text: `rule r${i} { condition: true }` }));
  const { subject, compiled } = asked(rules, {}, 4);
  const answers = [0, 2, 4].map((rule) => matching(subject, [rule, rule + 1]));
  const freed = subject.free();
  assert.deepEqual(await Promise.all(answers), [[0, 1], [2, 3], [4, 5]]);
  await freed;
  assert.deepEqual(compiled, [2, 4, 2]);
});

Deno.test("an engine that can't be loaded is a failure of that question alone", async () => {
  let isReachable = false;
  const subject = new AskedRules({
    rules: {
      rule: () => ({ name: "r0", namespace: "default", text: "rule r0 { condition: true }", modules: [] }),
      isUsable: () => true,
      closureOf: (indices) => new Set(indices),
    },
    load: () => isReachable ? loadYaraX() : Promise.reject(new Deno.errors.NotFound("no such file")),
    externals: {},
    setLimit: 1,
    onConsole() {},
    onRejected() {},
  });
  const { failures, matches } = await subject.ask([0], CONTENT, {});
  assert.deepEqual([failures, matches.size], [["yara-x failed on 1 rules: no such file"], 0]);
  isReachable = true;
  assert.deepEqual(await matching(subject, [0]), [0]);
});

Deno.test("a string that yara-x rejects costs its rule, and the others are still looked for first", async () => {
  const { subject, rejected } = asked([
    { text: "rule r0 { strings: $a = /t{3,2}/ condition: $a }" },
    // By itself yara-x lets a rule whose header is wrong take the string away from the next one.
    { text: 'rule r1 { strings: $a = "text" condition: uint16(0) == 1 and $a }' },
    { text: 'rule r2 { strings: $a = "text" condition: $a }' },
  ]);
  assert.deepEqual(await matching(subject, [0, 1, 2]), [2]);
  assert.deepEqual(rejected.map(([rule]) => rule), [0]);
});

Deno.test("a set is not begun where the time for a payload would be over by then", async () => {
  const { subject } = asked(
    Array.from({ length: 5 }, (_, index) => ({ text: `rule r${index} { condition: true }` })),
    {},
    1,
    // Each look at the clock is 3 seconds later: a set takes as long.
    (() => {
      let ms = 0;
      return () => ms += ASK_BUDGET_MS / 7;
    })(),
  );
  const { matches, unasked } = await subject.ask([0, 1, 2, 3, 4], CONTENT, {});
  assert.deepEqual([[...matches.keys()], unasked], [[0, 1, 2], [3, 4]]);
});

Deno.test("rules that refer to more rules than a set may have are not asked, and don't keep others from it", async () => {
  const { subject } = asked([
    { text: "rule r0 { condition: true }" },
    { text: "rule r1 { condition: true }" },
    { text: "rule r2 { condition: true }" },
  ], { 1: Array.from({ length: MAX_CLOSURE_RULES + 1 }, (_, index) => index) });
  const { matches, unasked } = await subject.ask([0, 1, 2], CONTENT, {});
  assert.deepEqual([[...matches.keys()], unasked], [[0, 2], [1]]);
});
