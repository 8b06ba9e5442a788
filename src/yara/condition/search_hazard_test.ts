import assert from "node:assert/strict";
import { parseRuleFile } from "../parse_rule_file.ts";
import { analyseRules } from "./mod.ts";

function isHazardous(condition: string): boolean {
  const text = `import "math" rule r { strings: $_a = "a" $_b = "b" condition: ${condition} }`;
  const { rules, problems } = parseRuleFile(text);
  assert.deepEqual(problems, []);
  const inputs = [{ rule: rules[0]!, namespace: "default", modules: new Set(["math"]) }];
  const [analysed] = analyseRules(inputs, { externals: { n: "i" } });
  assert.equal(analysed!.problem, undefined, condition);
  return analysed!.class === "opaque" && analysed!.reason!.includes("skip the search");
}

/** YARA-X 1.20 calls these false on `ab` if the rule is alone, and true if another rule has searched before. */
const WRONG_WHEN_ALONE = [
  "uint32(900) == @_a or #_b > 0",
  "not (uint32(900) == @_a) or #_b > 0",
  "uint32(900) == #_a or $_b or $_a",
  "defined (uint32(900) == #_a) or $_b",
  "not defined (uint32(900) == #_a) and $_b",
  "for any i in (uint32(900) + #_a, 2) : (i == 2) and $_b",
  "for any i in (2, uint32(900) + #_a) : (i == 2) and $_b",
  "for any i in (2, #_a) : (i == 2) and $_b",
  "with v = uint32(900) + #_a : (not defined v) and $_b",
  "with v = uint32(900) + #_a : ($_b)",
  "with v = uint32(900) + #_a : (#_b == 1)",
  "any of ((uint32(900) == #_a or true), $_a) and $_b",
  "all of (filesize > 900, $_a) or $_b",
  "none of (filesize < 900, $_a) or $_b",
  "math.max(uint32(900), #_a) > 3 or $_b",
  "uint32(900) + 1 \\ #_a > 3 or $_b",
  "1 \\ (uint32(900) + #_a) > 3 or $_b",
  "for uint32(900) of them : (#_a > 1) or $_b",
  "for any i in (2..1 + uint8(0) - 97) : ($_a) or $_b",
  "for any i in (2..n - 4) : ($_a) or $_b",
  "for any i in (n..1) : (#_a == 1) or #_b == 1",
  "not (for any i in (n..1) : (#_a == 1)) and #_b == 1",
  "for any i in (n..1) : ($_a) or for any i in (1..1) : ($_b)",
  "any of (true, $_b) and $_a",
  "not (none of (true, $_b)) and $_a",
  "any of (filesize < 900, $_a) and for any i in (1..#_b) : ($_b)",
  "1 of (filesize < 900, $_a, $_b) and #_b == 1",
];

/** These it calls true in both cases. */
const RIGHT_ALWAYS = [
  "for any i in (1..2) : ($_a) and $_b",
  "$_a at uint32(900) or $_b",
  "any of them at uint32(900) or $_b",
  "for any of ($_a) : (true) and $_b",
  "with v = #_a : (v == 1) and $_b",
  "(filesize > 900 and uint32(900) == #_a) or $_b",
  "uint8(#_a + 900) > 2 or $_b",
  "(uint32(900) == @_a) or ($_a and $_b)",
  "not (filesize > 900 and $_a) and $_b",
  "(filesize > 900 and $_a) or $_b",
  "(filesize < 900 or $_a) and $_b",
  "for any i in (1, 2) : (i > 2 and $_a) or $_b",
  "any of ($_a) and $_b",
  "any of (filesize > 900 and $_a, $_b)",
  "2 of (filesize < 900 or $_a, $_b)",
  "for any i in (n..#_a + 9) : ($_a) and $_b",
  "for any i in (n - 4..filesize) : ($_a) and $_b",
  "uint16(0) == 0x6261 and ($_a or #_b > 2) and all of them",
];

Deno.test("conditions for which YARA-X may skip the search are left to it", () => {
  for (const condition of WRONG_WHEN_ALONE) assert.equal(isHazardous(condition), true, condition);
});

Deno.test("conditions for which it can't are not", () => {
  for (const condition of RIGHT_ALWAYS) assert.equal(isHazardous(condition), false, condition);
});
