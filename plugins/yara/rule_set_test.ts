import assert from "node:assert/strict";
import { collectRules } from "../../src/yara/mod.ts";
import { type Externals, openEngine, type RuleEngine } from "./engine.ts";
import { RuleSet } from "./rule_set.ts";
import { contextOf } from "./test_payload.ts";

/** A rule set over files in memory, those below `/inc` being read only when they are included. */
async function ruleSet(
  files: Readonly<Record<string, string>>,
  engine: RuleEngine,
  log: string[] = [],
  externals: Externals = {},
) {
  const names = Object.keys(files).filter((name) => !name.startsWith("/inc"));
  const collected = await collectRules(names, (path) => {
    const text = files[path];
    return text === undefined ? { failure: "it does not exist" } : { bytes: new TextEncoder().encode(text) };
  });
  const { log: logger } = contextOf(log);
  return new RuleSet({ option: "worker_rules", collected, engine, externals, log: logger });
}

/** An engine that compiles everything and scans as told. */
function fakeEngine(scans: ("match" | "failure")[], compiled: string[][] = []): RuleEngine {
  return {
    compile(rules) {
      compiled.push(rules.pieces.map((piece) => piece.file));
      return Promise.resolve({
        problems: [],
        ruleCount: 1,
        externalsInUse: new Set(),
        scan: () =>
          Promise.resolve(
            scans.shift() === "match" ? { ok: true, matches: [] } : { ok: false, message: "it broke" },
          ),
      });
    },
  };
}

for (const name of ["yara-x", "libyara"] as const) {
  Deno.test(`${name}: an included file with an error is left out, what includes it stays`, async () => {
    const log: string[] = [];
    const set = await ruleSet(
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
    assert.equal(answer.filesLeftOut, 2);
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
    const set = await ruleSet(
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

  Deno.test(`${name}: a module that the engine lacks is a problem of the files that import it`, async () => {
    const log: string[] = [];
    const set = await ruleSet(
      {
        "/a.yar": '// here\nimport "cuckoo2" rule a { condition: true }',
        "/b.yar": "rule b { condition: true }",
      },
      await openEngine(name),
      log,
    );
    const answer = await set.scan(new Uint8Array(1), {});
    assert.deepEqual([answer.matches.map((match) => match.rule), answer.filesLeftOut], [["b"], 1]);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /\/a\.yar:2: unknown module/);
  });
}

Deno.test("rules are compiled at the first scan and once", async () => {
  const compiled: string[][] = [];
  const engine = fakeEngine(["match", "match"], compiled);
  const set = await ruleSet({ "/a.yar": "rule a { condition: true }" }, engine);
  assert.deepEqual(compiled, []);
  await Promise.all([set.scan(new Uint8Array(), {}), set.scan(new Uint8Array(), {})]);
  assert.deepEqual(compiled, [["/a.yar"]]);
});

Deno.test("a failure of the engine is an error of that call alone", async () => {
  const set = await ruleSet({ "/a.yar": "rule a { condition: true }" }, fakeEngine(["failure", "match"]));
  assert.deepEqual(await set.scan(new Uint8Array(), {}), {
    matches: [],
    filesLeftOut: 0,
    errors: [{ message: "it broke", code: "yara-engine-failed" }],
  });
  assert.deepEqual((await set.scan(new Uint8Array(), {})).errors, []);
});
