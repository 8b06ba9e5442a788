import assert from "node:assert/strict";
import { collectRules, type RuleProblem } from "../../src/yara/mod.ts";
import type { Externals, RuleEngine } from "./engine.ts";
import { openEngine } from "./open_engine.ts";
import { YaraError } from "./failure.ts";
import { RuleSet } from "./rule_set.ts";
import { contextOf } from "./testing/payload.ts";

/** A rule set over files in memory, those below `/inc` being read only when they are included. */
function ruleSet(
  files: Readonly<Record<string, string>>,
  engine: RuleEngine,
  log: string[] = [],
  externals: Externals = {},
) {
  const names = Object.keys(files).filter((name) => !name.startsWith("/inc"));
  const read = () =>
    collectRules(names, (path) => {
      const text = files[path];
      return text === undefined
        ? { failure: "it does not exist" }
        : { bytes: new TextEncoder().encode(text) };
    });
  const source = { read, hasChanged: () => Promise.resolve(false) };
  return new RuleSet({ option: "worker_rules", source, engine, externals, log: contextOf(log).log });
}

/** An engine that compiles everything and scans as told. */
function fakeEngine(scans: ("match" | "failure")[], compiled: string[][] = []): RuleEngine {
  return {
    compile(rules) {
      compiled.push(rules.pieces.map((piece) => piece.file));
      return Promise.resolve({
        problems: [],
        ruleCount: 1,
        facts: [],
        externalsInUse: new Set(),
        check: () => Promise.resolve(),
        free: () => Promise.resolve(),
        scan: () => {
          const failure = { code: "yara-engine-failed", message: "it broke" };
          return Promise.resolve({ matches: [], errors: scans.shift() === "match" ? [] : [failure] });
        },
      });
    },
  };
}

for (const name of ["auto", "yara-x", "libyara"] as const) {
  Deno.test(`${name}: an included file with an error is left out, what includes it stays`, async () => {
    const log: string[] = [];
    const set = ruleSet(
      {
        "/index.yar": 'include "inc/good.yar"\ninclude "inc/bad.yar"\n\nrule index { condition: good }',
        "/inc/good.yar": "rule good { condition: true }",
        "/inc/bad.yar": "\n\nrule bad { condition: nope }\nrule worse { condition: nope }",
        "/needs.yar": 'include "inc/none.yar"',
      },
      await openEngine(name),
      log,
    );
    const answer = await set.scan(new Uint8Array(1), {});
    assert.deepEqual(answer.matches.map((match) => match.rule), ["good", "index"]);
    // An include that can't be followed costs its file; a bad rule costs the rule, where an engine knows rules.
    const byRule = name === "libyara"
      ? { filesLeftOut: 2, rulesLeftOut: 0 }
      : { filesLeftOut: 1, rulesLeftOut: 2 };
    assert.deepEqual({ filesLeftOut: answer.filesLeftOut, rulesLeftOut: answer.rulesLeftOut }, byRule);
    assert.equal(log.length, 2);
    assert.equal(
      log[0],
      'warn: Left out YARA rules of "worker_rules": /needs.yar:1: include "inc/none.yar" can\'t be followed: ' +
        "it does not exist",
    );
    assert.match(log[1]!, /\/inc\/bad\.yar:3: .*nope.* \(and 1 more\)$/);
  });

  Deno.test(`${name}: an error behind an include has its line in the file`, async () => {
    const log: string[] = [];
    const set = ruleSet(
      {
        "/index.yar": 'import "pe"\ninclude "inc/good.yar"\n// here\nrule index { condition: nope }',
        "/inc/good.yar": "rule good { condition: not pe.is_pe }",
      },
      await openEngine(name),
      log,
    );
    // The import of a file that is left out still counts for those behind it.
    assert.deepEqual((await set.scan(new Uint8Array(1), {})).matches.map((match) => match.rule), ["good"]);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /\/index\.yar:4: /);
  });
}

Deno.test("libyara: a module that the engine lacks is a problem of the files that import it", async () => {
  const log: string[] = [];
  const files = {
    "/a.yar": '// here\nimport "cuckoo2" rule a { condition: true }',
    "/b.yar": "rule b { condition: true }",
  };
  const answer = await ruleSet(files, await openEngine("libyara"), log).scan(new Uint8Array(1), {});
  assert.deepEqual([answer.matches.map((match) => match.rule), answer.filesLeftOut], [["b"], 1]);
  assert.equal(log.length, 1);
  assert.match(log[0]!, /\/a\.yar:2: unknown module/);
});

for (const name of ["auto", "yara-x"] as const) {
  Deno.test(`${name}: a module that the engine lacks is a problem of the rules that use it`, async () => {
    const log: string[] = [];
    const files = {
      "/a.yar": 'import "cuckoo2"\nrule a { condition: cuckoo2.sync.mutex(/x/) } rule c { condition: true }',
      "/b.yar": "rule b { condition: true }",
    };
    const answer = await ruleSet(files, await openEngine(name), log).scan(new Uint8Array(1), {});
    assert.deepEqual([answer.matches.map((match) => match.rule), answer.rulesLeftOut], [["c", "b"], 1]);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /\/a\.yar:2: .*cuckoo2/);
  });
}

Deno.test("rules are compiled at the first scan and once", async () => {
  const compiled: string[][] = [];
  const engine = fakeEngine(["match", "match"], compiled);
  const set = ruleSet({ "/a.yar": "rule a { condition: true }" }, engine);
  assert.deepEqual(compiled, []);
  await Promise.all([set.scan(new Uint8Array(), {}), set.scan(new Uint8Array(), {})]);
  assert.deepEqual(compiled, [["/a.yar"]]);
});

Deno.test("a failure of the engine is an error of that call alone", async () => {
  const set = ruleSet({ "/a.yar": "rule a { condition: true }" }, fakeEngine(["failure", "match"]));
  assert.deepEqual(await set.scan(new Uint8Array(), {}), {
    matches: [],
    filesLeftOut: 0,
    rulesLeftOut: 0,
    errors: [{ message: "it broke", code: "yara-engine-failed" }],
  });
  assert.deepEqual((await set.scan(new Uint8Array(), {})).errors, []);
});

Deno.test("a rule that a scan finds out is an error of that scan, and of those that ask for all", async () => {
  const problems: RuleProblem[] = [];
  const compile = async (...args: Parameters<RuleEngine["compile"]>) => {
    const rules = await fakeEngine([]).compile(...args);
    const scan = (bytes: Uint8Array) => {
      if (bytes.length === 1) problems.push({ file: "/a.yar", line: 1, rule: "a", message: "no" });
      return Promise.resolve({ matches: [], errors: [] });
    };
    return { ...rules, problems, scan };
  };
  const set = ruleSet({ "/a.yar": "rule a { condition: true }" }, { compile });
  const errorsOf = async (sizeBytes: number, isReportingRefused: boolean) =>
    (await set.scan(new Uint8Array(sizeBytes), {}, isReportingRefused)).errors.length;
  assert.deepEqual(
    [await errorsOf(0, true), await errorsOf(1, false), await errorsOf(0, false), await errorsOf(0, true)],
    [0, 1, 0, 1],
  );
});

Deno.test("rules that changed are compiled again, and the current ones stay in use when the new ones can't be read", async () => {
  const compiled: string[][] = [];
  const log: string[] = [];
  const freed: string[] = [];
  const engine: RuleEngine = {
    async compile(rules, options) {
      const usable = await fakeEngine(["match", "match", "match", "match"], compiled).compile(rules, options);
      return { ...usable, free: () => Promise.resolve(void freed.push(rules.pieces[0]!.file)) };
    },
  };
  const changes = [false, true, true, false];
  const reads = ["/first", "/second", undefined];
  const source = {
    hasChanged: () => Promise.resolve(changes.shift()!),
    read() {
      const file = reads.shift();
      if (!file) return Promise.reject(new YaraError("yara-rules-not-found", "the folder is gone"));
      return Promise.resolve({ pieces: [{ file, root: file, firstLine: 1, text: "" }], problems: [] });
    },
  };
  const set = new RuleSet({ option: "worker_rules", source, engine, externals: {}, log: contextOf(log).log });
  await set.open();
  for (let call = 0; call < 4; call++) assert.deepEqual((await set.scan(new Uint8Array(), {})).errors, []);
  assert.deepEqual(compiled, [["/first"], ["/second"]]);
  assert.deepEqual(freed, ["/first"]);
  assert.deepEqual(log, [
    'info: Read the YARA rules of "worker_rules" again: 1 rules',
    'warn: Cannot read the YARA rules of "worker_rules" again, the current ones stay in use: the folder is gone',
  ]);
});

/** Rules whose scan ends when it is told to. */
function slowRules(freed: string[], name: string) {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const usable = {
    problems: [],
    ruleCount: 1,
    facts: [],
    externalsInUse: new Set<string>(),
    check: () => Promise.resolve(),
    free: () => Promise.resolve(void freed.push(name)),
    async scan() {
      begun.resolve();
      await end.promise;
      return { matches: [], errors: freed.includes(name) ? ["scanned when it was freed"] : [] };
    },
  };
  return { usable, begun, end };
}

Deno.test("rules that are exchanged stay in memory until the scans with them are through", async () => {
  const freed: string[] = [];
  const [first, second] = [slowRules(freed, "first"), slowRules(freed, "second")];
  const compiled = [first.usable, second.usable];
  const changes = [false, true, false];
  const set = new RuleSet({
    option: "worker_rules",
    source: {
      hasChanged: () => Promise.resolve(changes.shift()!),
      read: () => Promise.resolve({ pieces: [], problems: [] }),
    },
    engine: { compile: () => Promise.resolve(compiled.shift()!) },
    externals: {},
    log: contextOf().log,
  });
  const one = set.scan(new Uint8Array(), {});
  await first.begun.promise;
  const two = set.scan(new Uint8Array(), {});
  await second.begun.promise;
  assert.deepEqual(freed, []);
  first.end.resolve();
  assert.deepEqual((await one).errors, []);
  assert.deepEqual(freed, ["first"]);
  second.end.resolve();
  assert.deepEqual((await two).errors, []);
  assert.deepEqual(freed, ["first"]);
});

Deno.test("rules are compiled again when compiling broke", async () => {
  const engine = fakeEngine(["match"]);
  let isBroken = true;
  const set = ruleSet({ "/a.yar": "rule a { condition: true }" }, {
    compile: (rules, options) =>
      isBroken ? Promise.reject(new RangeError("no memory")) : engine.compile(rules, options),
  });
  await assert.rejects(set.scan(new Uint8Array(), {}), /no memory/);
  isBroken = false;
  assert.deepEqual((await set.scan(new Uint8Array(), {})).errors, []);
});
