import assert from "node:assert/strict";
import { loadYaraX, type RuleSource } from "../../wasm/yara_x/mod.ts";
import { searchFirst } from "./search_first.ts";

async function matching(
  texts: readonly string[],
  content: string,
  first: readonly RuleSource[],
): Promise<string[]> {
  const engine = await loadYaraX();
  const sources = texts.map((text, index) => ({ unit: String(index), text, rules: [] }));
  const rules = await engine.compile([...first, ...sources], { externals: {} });
  assert.deepEqual(rules.problems, []);
  const outcome = await rules.scan(new TextEncoder().encode(content));
  rules.free();
  assert.ok(outcome.ok);
  return outcome.matches.map(({ rule, strings }) => `${rule} ${strings.length}`);
}

const NEIGHBOURS: Readonly<Record<string, string>> = {
  "a header": 'rule a { strings: $x = "needle" wide ascii condition: uint16(0) == 0x5A4D and $x }',
  "a size": 'rule a { strings: $x = "needle" ascii wide condition: filesize < 5 and $x }',
};

for (const [what, neighbour] of Object.entries(NEIGHBOURS)) {
  Deno.test(`a rule that asks for ${what} takes no match away from another one with the same string`, async () => {
    const texts = [neighbour, 'rule b { strings: $y = "needle" ascii wide condition: $y }'];
    assert.deepEqual(await matching(texts, "a needle", searchFirst(texts)), ["b 1"]);
    // When this fails the engine was mended, and the rules that come first may go.
    assert.deepEqual(await matching(texts, "a needle", []), []);
  });
}

Deno.test("strings are looked for where a condition forgets to ask", async () => {
  const texts = ['rule a { strings: $a = "needle" condition: uint32(900) == #a or $a }'];
  assert.deepEqual(await matching(texts, "a needle", searchFirst(texts)), ["a 1"]);
});

Deno.test("patterns of all kinds can be asked first, also thousands", async () => {
  const strings = Array.from({ length: 2_500 }, (_, index) => `$s${index} = "text ${index}"`).join(" ");
  const texts = [
    `rule a { strings: ${strings} condition: any of them }`,
    `rule b {
      strings:
        $x = "x\\xff\\"" xor(1-9) private $b = "base" base64wide $h = { 4? ~00 [2-] (61|?2) 00 }
        $r = /a\\/[^"]{2,3}/is fullword
      condition: any of them
    }`,
  ];
  assert.deepEqual(await matching(texts, "text 12", searchFirst(texts)), ["a 2"]);
});
