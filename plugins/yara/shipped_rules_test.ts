import assert from "node:assert/strict";
import { compiledKey, CompiledTextStore } from "./compiled_rules.ts";
import { defaultExternals } from "./externals.ts";
import { compileRules } from "./rule_compiler.ts";
import { readShippedRules, type RuleOption, shippedStore } from "./shipped_rules.ts";

const SETTINGS = { externals: defaultExternals(undefined), hasNamespaceByFile: false };

for (const option of ["worker_rules", "dispatch_rules"] as const satisfies RuleOption[]) {
  Deno.test(`${option}: the shipped rules were compiled as they are now`, async () => {
    const rules = await readShippedRules(option);
    const sections = await shippedStore(option).read(await compiledKey(rules, SETTINGS));
    assert.deepEqual(sections, compileRules(rules, SETTINGS), "run deno task gen");
  });

  Deno.test(`${option}: other rules, externals or namespaces are not those that were compiled`, async () => {
    const store = shippedStore(option);
    const rules = await readShippedRules(option);
    const others = [
      await compiledKey(await readShippedRules(option, "rule a { condition: true }"), SETTINGS),
      await compiledKey(rules, { ...SETTINGS, externals: defaultExternals({ level: 1 }) }),
      await compiledKey(rules, { ...SETTINGS, hasNamespaceByFile: true }),
    ];
    for (const key of others) assert.equal(await store.read(key), undefined);
  });
}

Deno.test("a text of a longer key is not read for the beginning of it", async () => {
  assert.equal(await new CompiledTextStore("abc\nAA==\n").read("ab"), undefined);
});
