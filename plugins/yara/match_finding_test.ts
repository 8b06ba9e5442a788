import { deepEqual, equal } from "node:assert/strict";
import type { Plain } from "../../src/plugin/define.ts";
import type { RuleMatch } from "./engine.ts";
import { findingOf } from "./match_finding.ts";

function match(
  meta: Readonly<Record<string, string | number | boolean>>,
  more: Partial<RuleMatch> = {},
): RuleMatch {
  return { rule: "bad", namespace: "default", tags: [], meta: Object.entries(meta), strings: [], ...more };
}

const severityOf = (meta: Parameters<typeof match>[0]): Plain => findingOf(match(meta)).severity ?? null;

Deno.test("a match is a finding with the rule's description, its name and the first string's offset", () => {
  const strings = [{ identifier: "$a", offset: 40, length: 1 }, { identifier: "$b", offset: 16, length: 2 }];
  deepEqual(
    findingOf(match({ description: "what\n it is", severity: "high" }, { namespace: "crime", strings })),
    {
      code: "yara-match",
      title: "what it is",
      severity: "high",
      detail: "rule crime:bad",
      offset: 16,
    },
  );
});

Deno.test("a rule without a description has its name as the title", () => {
  deepEqual(findingOf(match({})), { code: "yara-match", title: "bad", severity: "medium" });
  equal(findingOf(match({ description: " \n" }, { namespace: "crime" })).detail, "rule crime:bad");
  equal(findingOf(match({ description: "x".repeat(300) })).title?.length, 200);
});

Deno.test("severities follow the customs of several rule sets", () => {
  const cases: readonly [Parameters<typeof match>[0], string][] = [
    [{ severity: "Critical" }, "critical"],
    [{ severity: "malicious" }, "high"],
    [{ severity: " medium " }, "medium"],
    [{ severity: "minor" }, "low"],
    [{ severity: "info" }, "info"],
    [{ severity: 9 }, "critical"],
    [{ severity: 8 }, "high"],
    [{ severity: "50" }, "medium"],
    [{ severity: 0 }, "info"],
    [{ score: 90 }, "critical"],
    [{ score: 75 }, "high"],
    [{ score: 60 }, "medium"],
    [{ score: 40 }, "low"],
    [{ score: 39 }, "info"],
    [{ threat_level: 10 }, "critical"],
    [{ threat_level: 5 }, "medium"],
    [{ severity: "low", score: 99 }, "low"],
  ];
  for (const [meta, expected] of cases) equal(severityOf(meta), expected, JSON.stringify(meta));
});

Deno.test("a rule that does not rate itself, or not in a readable way, is medium", () => {
  for (
    const meta of [{}, { severity: "purple" }, { severity: "constructor" }, { score: -1 }, { severity: true }]
  ) {
    equal(severityOf(meta as Parameters<typeof match>[0]), "medium", JSON.stringify(meta));
  }
});
