import assert from "node:assert/strict";
import type { Program } from "../../src/yara/mod.ts";
import { ASK_QUOTA_MS, RULE_QUOTA_MS, SlowRules } from "./slow_rules.ts";
import { contextOf } from "./testing/payload.ts";

function slowRules() {
  const log: string[] = [];
  const program = { rule: (index: number) => ({ name: `r${index}`, file: "/a.yar", line: index + 1 }) };
  return { log, slow: new SlowRules(program as Program, contextOf(log).log) };
}

Deno.test("a slow rule is counted each time and named once", () => {
  const { log, slow } = slowRules();
  const times = new Map([[0, RULE_QUOTA_MS], [1, RULE_QUOTA_MS + 1]]);
  assert.deepEqual([slow.count(times), slow.count(times)], [1, 1]);
  assert.deepEqual(log, [
    'warn: YARA rule "r1" is slow: /a.yar:2: it took 101 ms for one payload, the quota is 100 ms',
  ]);
  assert.deepEqual(slow.problems(times, 5), [{
    file: "/a.yar",
    line: 2,
    rule: "r1",
    isInUse: true,
    message: "the rule takes 101 ms for 5 bytes, the quota is 100 ms",
  }]);
});

Deno.test("of what yara-x took too long about one line names some", () => {
  const { log, slow } = slowRules();
  const candidates = Array.from({ length: 400 }, (_, rule) => rule);
  assert.equal(slow.countAsked(candidates, ASK_QUOTA_MS), 0);
  assert.equal(slow.countAsked(candidates, ASK_QUOTA_MS + 1), 400);
  assert.equal(slow.countAsked(candidates, ASK_QUOTA_MS + 1), 400);
  assert.equal(log.length, 1);
  assert.match(log[0]!, /took 2001 ms for 400 of them .*: \/a\.yar:1: "r0", .*"r9" and 390 more$/);
});
