import assert from "node:assert/strict";
import { randomBatches } from "./random_batches.ts";
import { randomSetOf } from "./random_rules.ts";
import { openSubject } from "./subject.ts";

Deno.test("a seed makes the same rules again, another one makes others", () => {
  assert.deepEqual(randomSetOf(5), randomSetOf(5));
  assert.notDeepEqual(randomSetOf(5).rules, randomSetOf(6).rules);
});

Deno.test("yara-x takes most random rules, and some of them match", async () => {
  const engine = await openSubject("yara-x");
  let [all, taken, matches] = [0, 0, 0];
  for (const batch of randomBatches(4, 11)) {
    const compiled = await engine.compile(batch.rules, batch.externals);
    all += batch.rules.length;
    taken += batch.rules.length - compiled.refused.size;
    const { externals, files } = batch.groups[0]!;
    for (const verdict of await compiled.scan(files.map(({ bytes }) => bytes), externals)) {
      if (typeof verdict !== "string") matches += verdict.size;
    }
    await compiled.free();
  }
  assert.ok(taken > all / 2, `${taken} of ${all}`);
  assert.ok(matches > 20, `${matches}`);
});
