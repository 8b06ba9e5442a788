import assert from "node:assert/strict";
import { loadYaraX } from "../../../wasm/yara_x/mod.ts";
import { fc } from "../../deps/testing/fast_check.ts";
import { compilePattern } from "./compile_pattern.ts";
import { followUp } from "./follow_up.ts";
import type { PatternMatch } from "./matches.ts";
import { oracle, renderPattern } from "./testing/oracle.ts";
import { randomContent, randomPattern, seededPick } from "./testing/patterns.ts";
import { scanForms } from "./testing/scan.ts";

const PATTERNS_PER_RUN = 60;
const RUNS = Number(Deno.env.get("STOQ_FORMS_RUNS") ?? 8);

const engine = await loadYaraX();

Deno.test("random patterns in random bytes match where YARA-X finds them, as far as their status promises", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      for (const problem of await differences(seed)) assert.fail(problem);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

async function differences(seed: number): Promise<string[]> {
  const pick = seededPick(seed);
  const patterns = Array.from({ length: PATTERNS_PER_RUN }, () => randomPattern(pick));
  const contents = Array.from({ length: 3 }, () => randomContent(pick, patterns));
  const isAnchored = patterns.map(() => pick(6) === 0);
  const cases = patterns.map((pattern, i) => ({
    pattern,
    condition: isAnchored[i] ? "$a at 2 or filesize >= 0" : "#a >= 0",
  }));
  const expected = await oracle(engine, cases, contents);
  const compiled = patterns.map((pattern, i) =>
    compilePattern(pattern, isAnchored[i] ? { anchoredAt: 2 } : {})
  );
  const problems: string[] = [];
  contents.forEach((content, c) => {
    compiled.forEach((one, i) => {
      const wanted = expected[c]![i];
      if (!wanted || one.status === "unknown") return;
      const { matches, isCapped } = followUp(one, scanForms(one.forms, content), content);
      if (isCapped || isKept(one.status, matches, wanted)) return;
      problems.push(
        `${renderPattern(patterns[i]!)} (${one.status}, ${cases[i]!.condition}) in ${content.toHex()}\n` +
          `YARA-X: ${JSON.stringify(wanted)}\nours:   ${JSON.stringify(matches)}`,
      );
    });
  });
  return problems;
}

/** Whether our list keeps what its status promises. */
function isKept(status: string, ours: readonly PatternMatch[], theirs: readonly PatternMatch[]): boolean {
  if (status === "exact") return JSON.stringify(ours) === JSON.stringify(theirs);
  const offsets = new Set(ours.map(({ offset }) => offset));
  return theirs.every(({ offset }) => offsets.has(offset)) &&
    (status === "candidate" || offsets.size === theirs.length);
}
