import assert from "node:assert/strict";
import { loadYaraX } from "../../wasm/yara_x/mod.ts";
import { patternProblems } from "./check_patterns.ts";
import { parseRuleFile } from "./parse_rule_file.ts";
import recorded from "./testdata/yara_x_verdicts.json" with { type: "json" };

const VERDICTS = recorded as [source: string, verdict: "accepted" | "refused"][];

function ownVerdict(source: string): string {
  const { rules, problems } = parseRuleFile(source);
  const isAccepted = problems.length === 0 &&
    rules.every((rule) => patternProblems(rule, source).length === 0);
  return isAccepted ? "accepted" : "refused";
}

Deno.test("parser and checks of patterns accept what YARA-X accepts, and nothing else", () => {
  assert.ok(VERDICTS.length > 300);
  for (const [source, verdict] of VERDICTS) assert.equal(ownVerdict(source), verdict, source);
});

Deno.test("the recorded verdicts are those of the engine in use", async () => {
  const engine = await loadYaraX();
  for (const [text, verdict] of VERDICTS) {
    const rules = await engine.compile([{ unit: "case", text, rules: [] }], { externals: {} });
    assert.equal(rules.problems.length === 0 ? "accepted" : "refused", verdict, text);
    rules.free();
  }
});
