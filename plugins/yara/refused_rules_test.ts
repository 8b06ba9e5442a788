import assert from "node:assert/strict";
import { MAX_NAMED_RULES, refusedRules } from "./refused_rules.ts";

const messageOf = (failures: ReturnType<typeof refusedRules>) => (failures[0] as { message: string }).message;

Deno.test("an error names rule, file, line and reason", () => {
  const failures = refusedRules("worker_rules", [
    { file: "/a.yar", line: 3, rule: "big", message: "regexp\n  is too large" },
    { file: "/b\n.yar", message: "it is no text" },
  ]);
  assert.deepEqual(failures, [{
    message:
      'Left out YARA rules of "worker_rules": rule "big", /a.yar:3: regexp is too large; /b\\x0a.yar: it is no text',
    code: "yara-rule-refused",
  }]);
});

Deno.test("rules that are in use are no error", () => {
  assert.deepEqual(refusedRules("worker_rules", []), []);
  assert.deepEqual(
    refusedRules("worker_rules", [{ file: "/a.yar", rule: "slow", isInUse: true, message: "it is slow" }]),
    [],
  );
});

Deno.test("of many rules the first are named and the others counted, within the length of an error", () => {
  const problems = Array.from({ length: MAX_NAMED_RULES + 7 }, (_, index) => ({
    file: "/a.yar",
    rule: `r${index}`,
    message: "x".repeat(5000),
  }));
  const message = messageOf(refusedRules("worker_rules", problems));
  assert.match(message, /rule "r19", .*; and 7 more$/);
  assert.ok(!message.includes("r20") && message.length < 10_000);
});
