import assert from "node:assert/strict";
import type { ExampleVerdict, ExplainedDifference } from "./explanation.ts";
import { openNative } from "./native_subject.ts";
import { poolRule } from "./rule_pool.ts";
import { openSubject, type Subject } from "./subject.ts";
import type { Hit } from "./verdict.ts";
import { YARA4_DIFFERENCES } from "./yara4_differences.ts";

const yaraX = await openSubject("yara-x");
const native = await openNative();

/** Returns the verdict of a subject on an example. */
async function verdictOf(
  subject: Subject,
  { rules, content, externals = {} }: ExplainedDifference["example"],
) {
  const compiled = await subject.compile(rules.map((text) => poolRule("example", text)), externals);
  try {
    const [refused] = compiled.refused.keys();
    if (refused !== undefined) return { refused };
    const [verdict] = await compiled.scan([Uint8Array.from(content, (c) => c.charCodeAt(0))], externals);
    if (typeof verdict === "string") return { failed: /error: \d+/.exec(verdict)?.[0] ?? verdict };
    const wordOf = ({ identifier, offset, length }: Hit) => `${identifier}@${offset}+${length}`;
    return Object.fromEntries([...verdict!].map(([rule, hits]) => [rule, hits.map(wordOf)]));
  } finally {
    await compiled.free();
  }
}

for (const { name, example, explanation } of YARA4_DIFFERENCES) {
  Deno.test(`yara-x and YARA 4.2 differ as it is recorded: ${name}`, async () => {
    assert.ok(explanation.length > 40);
    const verdict: ExampleVerdict = await verdictOf(yaraX, example);
    assert.deepEqual(verdict, example.yaraX);
    assert.notDeepEqual(example.yaraX, example.yara4);
  });

  Deno.test(`the installed yara gives the recorded verdict: ${name}`, { ignore: !native }, async () => {
    assert.deepEqual(await verdictOf(native!, example), example.yara4);
  });
}

Deno.test("names of differences are unique", () => {
  const names = YARA4_DIFFERENCES.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
});

Deno.test("the strings of examples can be read", () => {
  for (const { example } of YARA4_DIFFERENCES) {
    for (const text of example.rules) {
      assert.equal(poolRule("example", text).patterns.length, [...text.matchAll(/\$\w+ =/g)].length, text);
    }
  }
});
