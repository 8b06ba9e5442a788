import assert from "node:assert/strict";
import { loadYaraX } from "../../wasm/yara_x/mod.ts";
import recorded from "./testdata/yara_x_verdicts.json" with { type: "json" };

Deno.test("the recorded verdicts are those of the engine in use", async () => {
  const engine = await loadYaraX();
  for (const [text, verdict] of recorded as [source: string, verdict: "accepted" | "refused"][]) {
    const rules = await engine.compile([{ unit: "case", text, rules: [] }], { externals: {} });
    assert.equal(rules.problems.length === 0 ? "accepted" : "refused", verdict, text);
    rules.free();
  }
});
