import { deepEqual, equal } from "node:assert/strict";
import type { Plain } from "../../core/contract/plain.ts";
import { hasReadableMatches, MAX_STRINGS_SHOWN, readMatches, ruleName } from "./rule_matches.ts";
import { sampleMatch, samplePayload } from "./testing/sample_response.ts";

const read = (...matches: Plain[]) => readMatches(samplePayload("p", { matches }));
const severity = (meta: Record<string, Plain>) => read(sampleMatch("r", meta))[0]!.severity;

Deno.test("a match is read with its strings", () => {
  const [match] = read({
    rule: "bad",
    namespace: "crime",
    tags: ["a", 7],
    meta: { description: "what it is" },
    strings: [[16, "$a", new Uint8Array([0, 1])], ...Array.from({ length: 9 }, () => [17, "$b", "text"])],
  });
  equal(ruleName(match!), "crime:bad");
  equal(match!.description, "what it is");
  deepEqual(match!.tags, ["a"]);
  deepEqual(match!.strings[0], { offset: 16, identifier: "$a", excerpt: "00 01" });
  equal(match!.strings.length, MAX_STRINGS_SHOWN);
  equal(match!.stringCount, 10);
});

Deno.test("severities are read from the customs of several rule sets", () => {
  equal(severity({ severity: "Critical" }), "high");
  equal(severity({ severity: "medium" }), "medium");
  equal(severity({ severity: "info" }), "low");
  equal(severity({ severity: 8 }), "high");
  equal(severity({ severity: "50" }), "medium");
  equal(severity({ score: 75 }), "high");
  equal(severity({ score: 40 }), "medium");
  equal(severity({ score: 10 }), "low");
  equal(severity({ threat_level: 10 }), "high");
});

Deno.test("a rule that does not say how bad it is, or not so that it can be understood, is unrated", () => {
  equal(severity({}), "unrated");
  equal(severity({ severity: "purple" }), "unrated");
  equal(severity({ severity: NaN, score: -1 }), "unrated");
});

Deno.test("the worst match comes first", () => {
  const matches = read(
    sampleMatch("a", { severity: "low" }),
    sampleMatch("b"),
    sampleMatch("c", { severity: "high" }),
  );
  deepEqual(matches.map(({ rule }) => rule), ["c", "b", "a"]);
});

Deno.test("what is no match is left out, and noticed", () => {
  const strange = samplePayload("p", { matches: [sampleMatch("a"), null, "text", { rule: 7 }, [1]] });
  deepEqual(readMatches(strange).map(({ rule }) => rule), ["a"]);
  equal(hasReadableMatches(strange), false);
  equal(hasReadableMatches(samplePayload("p", { matches: [sampleMatch("a")] })), true);
  deepEqual(readMatches(samplePayload("p", { workers: { yara: "matches" } })), []);
});

Deno.test("strings of another shape are counted, not shown", () => {
  const [match] = read(sampleMatch("a", {}, [["x"], null, [1, "$a"], [2, 3, "b"]]));
  deepEqual(match!.strings, [{ offset: 1, identifier: "$a", excerpt: "" }]);
  equal(match!.stringCount, 4);
});
