import assert from "node:assert/strict";
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
