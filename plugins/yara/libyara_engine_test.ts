import assert from "node:assert/strict";
import type { Externals } from "./engine.ts";
import { contextOf } from "./testing/payload.ts";
import { LibyaraEngine, type TextEngine } from "./libyara_engine.ts";

const { log } = contextOf();

/** An engine that compiles everything, and remembers what it was given. */
function fakeEngine() {
  const units: string[] = [];
  const scans: (Externals | undefined)[] = [];
  const engine: TextEngine = {
    compile(sources) {
      units.push(...sources.map((source) => source.unit));
      return Promise.resolve({
        problems: [],
        ruleCount: 1,
        scan(_bytes, externals) {
          scans.push(externals);
          return Promise.resolve({ ok: true, matches: [] });
        },
        free() {},
      });
    },
  };
  return { engine: new LibyaraEngine(engine), units, scans };
}

function rules(files: Readonly<Record<string, string>>) {
  return {
    pieces: Object.entries(files).map(([file, text]) => ({ file, root: file, firstLine: 1, text })),
    problems: [],
  };
}

Deno.test("a file with an open end is left out before an engine sees it", async () => {
  const { engine, units } = fakeEngine();
  const files = { "/open.yar": "rule a { condition: true } /*", "/a.yar": "rule a { condition: true }" };
  const { problems } = await engine.compile(rules(files), { externals: {}, log });
  assert.deepEqual(units, ["/a.yar"]);
  assert.deepEqual(problems, [{ file: "/open.yar", line: 1, message: "a comment has no end" }]);
});

Deno.test("only external variables that a condition may use are set", async () => {
  const { engine, scans } = fakeEngine();
  const files = {
    "/a.yar": 'rule owner { meta: extension = 1 condition: filename == "x" and pe.filetype == 1 }',
  };
  const externals = { filename: "", extension: "", filetype: "", owner: "" };
  const compiled = await engine.compile(rules(files), { externals, log });
  assert.deepEqual([...compiled.externalsInUse], ["filename"]);
  await compiled.scan(new Uint8Array(), { filename: "x", extension: ".x", filetype: "EXE", owner: "root" });
  assert.deepEqual(scans, [{ filename: "x" }]);
});
