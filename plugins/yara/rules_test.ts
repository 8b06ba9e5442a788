import assert from "node:assert/strict";
import { loadInstances } from "../../wasm/yara_x/instance.ts";
import { loadYaraX, type RuleMatch } from "../../wasm/yara_x/mod.ts";
import dispatcherRules from "./rules/dispatcher.yar" with { type: "text" };
import stoqRules from "./rules/stoq.yar" with { type: "text" };
import recorded from "./testdata/rules/recorded.json" with { type: "json" };
import { isYaraInstalled } from "./testing/native_yara.ts";
import { recordRules, SAMPLES_OF } from "./testing/rule_recording.ts";
import type { Sample } from "./testing/rule_sample.ts";

const FILES: Readonly<Record<string, string>> = {
  "dispatcher.yar": dispatcherRules,
  "stoq.yar": stoqRules,
};

/** What a rule's text says. */
interface RuleText {
  readonly name: string;
  readonly start: number;
  readonly isPrivate: boolean;
  readonly meta: Readonly<Record<string, string>>;
  readonly body: string;
}

function rulesOf(file: string): readonly RuleText[] {
  const text = FILES[file]!;
  return [...text.matchAll(/^(private )?rule (\w+).*?\n}$/gms)].map((found) => ({
    name: found[2]!,
    start: found.index,
    isPrivate: found[1] !== undefined,
    meta: Object.fromEntries(
      [...found[0].matchAll(/^ {4}(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value]),
    ),
    body: found[0],
  }));
}

const publicRules = (file: string) => rulesOf(file).filter((rule) => !rule.isPrivate);

async function scannerOf(file: string): Promise<(content: Uint8Array) => Promise<readonly RuleMatch[]>> {
  const engine = await loadYaraX();
  const source = { unit: file, text: FILES[file]!, rules: rulesOf(file) };
  const rules = await engine.compile([source], { externals: {} });
  assert.deepEqual(rules.problems, []);
  return async (content) => {
    const outcome = await rules.scan(content);
    assert(outcome.ok, outcome.ok ? "" : outcome.message);
    return outcome.matches;
  };
}

for (const file of Object.keys(FILES)) {
  Deno.test(`${file} compiles on yara-x without a warning`, async () => {
    const { glue } = await (await loadInstances()).get();
    const compiler = new glue.Compiler();
    compiler.addSource(FILES[file]!);
    assert.deepEqual([compiler.errors, compiler.warnings], [[], []]);
    compiler.addSource("rule slow { strings: $a = /a.*b/s condition: $a }");
    assert.equal(compiler.warnings.length, 1);
    compiler.free();
  });

  Deno.test(`${file} repeats nothing without a bound`, () => {
    const unbounded = publicRules(file).filter(({ body }) => patternsOf(body).some(isUnbounded));
    assert.deepEqual(unbounded.map((rule) => rule.name), []);
  });
}

for (const [file, samples] of Object.entries(SAMPLES_OF)) {
  Deno.test(`${file} says of each sample what is expected`, async () => {
    const scan = await scannerOf(file);
    for (const { name, content, rules } of samples) {
      const matches = await scan(content);
      assert.deepEqual(matches.map((match) => match.rule).sort(), rules, name);
    }
  });

  Deno.test(`${file} does without no byte of a magic number`, async () => {
    const scan = await scannerOf(file);
    for (const { name, content, essential } of samples) {
      for (const offset of essential?.offsets ?? []) {
        const damaged = content.with(offset, content[offset]! ^ 0x80);
        const rules = (await scan(damaged)).map((match) => match.rule);
        assert(!rules.includes(essential!.rule), `${name} with another byte at ${offset}`);
      }
    }
  });

  Deno.test(`${file} has a sample and a near miss for every rule`, () => {
    const missing = publicRules(file).map((rule) => rule.name).filter((rule) => {
      const isHit = samples.some((sample) => sample.rules.includes(rule));
      const isMissed = samples.some((sample) => sample.nearMissOf === rule && !sample.rules.includes(rule));
      return !isHit || !isMissed;
    });
    assert.deepEqual(missing, []);
    assertNamesAreUnique(samples);
  });

  Deno.test(`the recording of YARA 4.2 for ${file} is what is expected`, () => {
    const expected = Object.fromEntries(samples.map(({ name, rules }) => [name, rules]));
    assert.deepEqual((recorded as Record<string, unknown>)[file], expected);
  });
}

function assertNamesAreUnique(samples: readonly Sample[]): void {
  const names = samples.map((sample) => sample.name);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
}

/** Regular expressions with their slashes, and hex strings. */
function patternsOf(body: string): string[] {
  return [...body.matchAll(/^ {4}\$\w* = (\/.*\/|\{.*\})/gm)].map(([, pattern]) => pattern!);
}

function isUnbounded(pattern: string): boolean {
  if (pattern.startsWith("{")) return /\[\d*-\]/.test(pattern);
  const bare = pattern.replace(/\\x[0-9a-f]{2}|\\./gi, "x").replace(/\[[^\]]*\]/g, "x");
  return /[*+]|\{\d*,\}/.test(bare);
}

Deno.test("unbounded repetition is seen where it is", () => {
  const patterns = ["/a*/", "/[a-z]+b/", "/a{3,}/", "/a.*b/", "{ 41 [4-] 42 }"];
  assert.deepEqual(patterns.filter(isUnbounded), patterns);
  assert.deepEqual(["/a\\*[*+]\\+b{2,3}c?/", "{ 41 [4-9] 42 }"].filter(isUnbounded), []);
});

Deno.test("every detection rule says what it is and how bad it is", () => {
  const rules = publicRules("stoq.yar");
  assert(rules.length >= 25 && rules.length <= 40, `${rules.length} rules`);
  for (const { name, meta } of rules) {
    assert(meta.description && meta.reference?.includes("https://"), name);
    assert(["info", "low", "medium", "high"].includes(meta.severity ?? ""), name);
    assert.equal(meta.plugin, undefined, name);
  }
});

Deno.test("no rule has its name in both files", () => {
  const names = new Set(rulesOf("dispatcher.yar").map((rule) => rule.name));
  assert.deepEqual(rulesOf("stoq.yar").filter((rule) => names.has(rule.name)), []);
});

Deno.test("the recording is what the installed yara finds", { ignore: !isYaraInstalled() }, async () => {
  assert.deepEqual(await recordRules(), recorded);
});
