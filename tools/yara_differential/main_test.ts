import assert from "node:assert/strict";
import { compareBatch } from "./comparison.ts";
import { FindingsLog } from "./findings_log.ts";
import { runDifferential } from "./main.ts";
import { reproduce } from "./reproduction.ts";
import { poolRule } from "./rule_pool.ts";
import { readSettings } from "./settings.ts";
import { shrinkFile } from "./shrink.ts";
import { openSubject, type Subject } from "./subject.ts";
import { compareVerdicts } from "./verdict.ts";

const QUIET = ["--planted", "0", "--reproductions", "0"];

Deno.test("yara-x agrees with itself on fifty random rules", async () => {
  const lines: string[] = [];
  const settings = readSettings([...QUIET, "--random", "2", "--engines", "yara-x,yara-x"]);
  assert.equal(await runDifferential(settings, (line) => lines.push(line)), 0);
  assert.match(lines.at(-1)!, /random rules: 20 scans with 48 rules/);
});

/** An engine that does not see the letter "b". */
async function blindSubject(): Promise<Subject> {
  const whole = await openSubject("yara-x");
  return {
    ...whole,
    name: "blind",
    async compile(rules, externals) {
      const compiled = await whole.compile(rules, externals);
      const blind = (bytes: Uint8Array) => bytes.map((byte) => byte === 0x62 ? 0 : byte);
      return { ...compiled, scan: (files, values) => compiled.scan(files.map(blind), values) };
    },
  };
}

const RULES = ["rule other { condition: true }", 'rule r { strings: $a = "abc" condition: $a }'];
const BYTES = new TextEncoder().encode(`${"-".repeat(1000)}abc${"-".repeat(500)}`);

async function blindFindings() {
  return await compareBatch([await openSubject("yara-x"), await blindSubject()], {
    label: "test",
    rules: RULES.map((text) => poolRule("test", text)),
    externals: {},
    groups: [{ externals: {}, files: [{ story: "a file", bytes: BYTES }] }],
  });
}

Deno.test("a rule that an engine misses is found, and made small", async () => {
  const { findings } = await blindFindings();
  assert.deepEqual(findings.map(({ difference }) => difference), [{
    rule: "r",
    kind: "rule",
    isInFirst: true,
    onlyFirst: [{ identifier: "$a", offset: 1000, length: 3 }],
    onlySecond: [],
  }]);
  const { rules, bytes } = await reproduce(findings[0]!);
  assert.deepEqual(rules.map(({ name }) => name), ["r"]);
  assert.equal(new TextDecoder().decode(bytes), "abc");
});

Deno.test("a difference between engines of the plugin is never explained away", async () => {
  const log = new FindingsLog({
    out: "unused",
    maxReproductions: 0,
    explained: [{
      name: "all",
      explanation: "",
      example: { rules: [], content: "", yaraX: {}, yara4: {} },
      explains: () => true,
    }],
    print: () => {},
  });
  await log.add("test", 2, await blindFindings());
  assert.equal(log.unexplainedCount, 1);
});

Deno.test("verdicts differ by hits, lengths and keys", () => {
  const verdict = (length: number, xorKey?: number) =>
    new Map([["r", [{ identifier: "$a", offset: 1, length, ...(xorKey === undefined ? {} : { xorKey }) }]]]);
  const all = { hasXorKeys: true, longestHit: Infinity };
  assert.deepEqual(compareVerdicts(verdict(3), verdict(3), all), []);
  assert.equal(compareVerdicts(verdict(3), verdict(4), all)[0]?.kind, "hits");
  assert.equal(compareVerdicts(verdict(3, 1), verdict(3, 2), all).length, 1);
  assert.deepEqual(compareVerdicts(verdict(3, 1), verdict(3), { ...all, hasXorKeys: false }), []);
  assert.deepEqual(compareVerdicts(verdict(700), verdict(512), { ...all, longestHit: 512 }), []);
});

Deno.test("a file is made as small as the difference lets it, within a number of tries", async () => {
  let tries = 0;
  const small = await shrinkFile(new Uint8Array(5000).fill(1).with(2345, 7), (bytes) => {
    tries++;
    return Promise.resolve(bytes.includes(7));
  });
  assert.deepEqual(small, Uint8Array.of(7));
  assert.ok(tries < 400, `${tries}`);
});

Deno.test("flags that make no sense are refused", () => {
  assert.throws(() => readSettings(["--planted", "many"]), /--planted is "many", should be a whole number/);
  assert.throws(() => readSettings(["--nonsense"]), TypeError);
  assert.equal(readSettings(["--batch", "all"]).batch, Infinity);
});
