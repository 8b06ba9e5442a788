import assert from "node:assert/strict";
import type { Externals, UsableRules } from "./engine.ts";
import { openEngine } from "./open_engine.ts";
import { RuleCache } from "./rule_cache.ts";
import { contextOf } from "./testing/payload.ts";

const RULES = `rule a { meta: m = "\\xff" n = -9223372036854775807 strings: $a = "alpha" xor condition: $a }
  rule b { strings: $a = { 61 6c [1-3] 68 } condition: #a == 1 and level > 1 }`;
const CONTENT = new TextEncoder().encode("an alpha");

/** Compiles with a cache of its own, as another runner would; answers what it said, too. */
async function compile(folder: string, { text = RULES, externals = { level: 2 } as Externals } = {}) {
  const log: string[] = [];
  const { log: logger } = contextOf(log);
  const store = new RuleCache(`${folder}/yara`, logger);
  const piece = { file: "/a.yar", root: "/a.yar", firstLine: 1, text };
  const rules = await (await openEngine("auto")).compile({ pieces: [piece], problems: [] }, {
    externals,
    log: logger,
    store,
  });
  return { rules, log };
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function answerOf(rules: UsableRules) {
  const { matches, errors } = await rules.scan(CONTENT, {});
  assert.deepEqual(errors, []);
  return matches;
}

function cachedFiles(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/yara`)].map(({ name }) => `${folder}/yara/${name}`).sort();
}

Deno.test("rules from the cache say what they said when they were compiled", async () => {
  await withFolder(async (folder) => {
    const fresh = await answerOf((await compile(folder)).rules);
    assert.deepEqual(fresh.map(({ rule, meta }) => [rule, meta]), [
      ["a", [["m", Uint8Array.of(0xff)], ["n", "-9223372036854775807"]]],
      ["b", []],
    ]);
    const [file] = cachedFiles(folder);
    const written = Deno.statSync(file!).mtime;
    const cached = await compile(folder);
    assert.deepEqual(await answerOf(cached.rules), fresh);
    assert.deepEqual(Deno.statSync(file!).mtime, written);
    assert.deepEqual(cached.log, []);
  });
});

Deno.test("a cache that is damaged or cut off anywhere is made again, and the log says so", async () => {
  await withFolder(async (folder) => {
    const fresh = await answerOf((await compile(folder)).rules);
    const [file] = cachedFiles(folder);
    const good = Deno.readFileSync(file!);
    const step = Math.ceil(good.length / 40);
    const damaged = Array.from({ length: 40 }, (_, i) => Math.min(i * step, good.length - 1))
      .flatMap((at) => [good.with(at, good[at]! ^ 1), good.slice(0, at)]);
    for (const bytes of damaged) {
      Deno.writeFileSync(file!, bytes);
      const { rules, log } = await compile(folder);
      assert.deepEqual(await answerOf(rules), fresh);
      assert.match(log.join("\n"), /^warn: Compile YARA rules again, the cache is damaged: /);
      assert.deepEqual(Deno.readFileSync(file!), good);
    }
  });
});

Deno.test("what changes the rules changes the key: text, types of externals, not their values", async () => {
  await withFolder(async (folder) => {
    await compile(folder);
    await compile(folder, { externals: { level: 3 } });
    assert.equal(cachedFiles(folder).length, 1);
    await compile(folder, { externals: { level: 2.5 } });
    assert.equal(cachedFiles(folder).length, 2);
    const { rules } = await compile(folder, { externals: { level: "2" } });
    assert.equal(rules.ruleCount, 1);
    await compile(folder, { text: `${RULES} ` });
    assert.equal(cachedFiles(folder).length, 4);
  });
});

Deno.test("two runners that compile at once leave one file", async () => {
  await withFolder(async (folder) => {
    const both = await Promise.all([compile(folder), compile(folder)]);
    const [one, two] = await Promise.all(both.map(({ rules }) => answerOf(rules)));
    assert.deepEqual(one, two);
    assert.deepEqual(both.flatMap(({ log }) => log), []);
    assert.equal(cachedFiles(folder).length, 1);
  });
});

Deno.test("a folder in which nothing can be kept costs no result", async () => {
  await withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/yara`, "a file in the way");
    const { rules, log } = await compile(folder);
    assert.equal((await answerOf(rules)).length, 2);
    assert.ok(log.length > 0 && log.every((line) => line.startsWith("warn: Cannot ")), log.join("\n"));
  });
});

Deno.test("rules that a store has are opened without the compiler", async () => {
  await withFolder(async (folder) => {
    const { log } = contextOf();
    const rules = { pieces: [{ file: "/a.yar", root: "/a.yar", firstLine: 1, text: RULES }], problems: [] };
    const cache = new RuleCache(`${folder}/yara`, log);
    const options = { externals: { level: 2 }, log };
    await (await openEngine("auto")).compile(rules, { ...options, store: cache });
    const store = {
      read: (key: string) => cache.read(key),
      write: () => Promise.reject(new Error("nothing must be compiled")),
    };
    const opened = await (await openEngine("auto")).compile(rules, { ...options, store });
    assert.equal(opened.ruleCount, 2);
  });
});
