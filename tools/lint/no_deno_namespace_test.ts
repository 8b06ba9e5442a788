import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string, source: string) => messagesOf("no-deno-namespace", fileName, source);

const FORMS: Readonly<Record<string, string>> = {
  "a call": `Deno.readFileSync("x");`,
  "a call in brackets": `Deno["readFileSync"]("x");`,
  "a destructured name": `const { readFile } = Deno; readFile("x");`,
  "a member of globalThis": `globalThis.Deno.exit();`,
  "a member of globalThis in brackets": `globalThis["Deno"].exit();`,
  "a member of globalThis in a template": "globalThis[`Deno`].exit();",
  "a member of self": `self.Deno.exit();`,
  "a member of window": `window.Deno.exit();`,
  "a member behind a cast": `(globalThis as unknown as { d: 1 })["Deno"];`,
  "a name destructured from globalThis": `const { Deno: d } = globalThis; d;`,
  "a quoted name destructured from globalThis": `const { "Deno": d } = globalThis; d;`,
  "a reflected name": `Reflect.get(globalThis, "Deno");`,
  "an alias": `const d = Deno; d.exit();`,
  "a type": `export let a: Deno.Conn;`,
  "a type query": `export let a: typeof Deno;`,
  "a type query on globalThis": `export let a: typeof globalThis.Deno;`,
  "an indexed type": `export let a: (typeof globalThis)["Deno"];`,
  "Node's files": `import { readFileSync } from "node:fs"; readFileSync("x");`,
  "Node's files by promise": `import { readFile } from "node:fs/promises"; readFile("x");`,
  "Node's processes": `await import("node:child_process");`,
  "Node's process": `export { env } from "node:process";`,
  "the global process": `globalThis.process.exit();`,
  "the process of self, behind a cast": `(self as unknown as { process: Exit }).process.exit();`,
  "the global process in brackets": `globalThis["process"].exit();`,
};

for (const [form, source] of Object.entries(FORMS)) {
  Deno.test(`${form} is reported where the system is none of the room's business`, () => {
    assert.equal(say("src/config/a.ts", source).length, 1);
  });
  Deno.test(`${form} passes in src/host`, () => assert.deepEqual(say("src/host/a.ts", source), []));
}

Deno.test("the rooms that may say Deno are those of the design", () => {
  const source = "Deno.cwd();";
  const rooms = [
    "cli.ts",
    "src/sandbox/a.ts",
    "plugins/x/mod.ts",
    "tools/a.ts",
    "tests/a_test.ts",
    "src/core/a_test.ts",
  ];
  for (const path of [...rooms, "wasm/x/build.ts"]) assert.deepEqual(say(path, source), [], path);
  const others = [
    "mod.ts",
    "src/stoq.ts",
    "src/core/a.ts",
    "src/plugin/a.ts",
    "src/cli/a.ts",
    "src/deps/a.ts",
  ];
  for (
    const path of [...others, "src/formats/a.ts", "src/yara/a.ts", "wasm/x/mod.ts", "plugins/catalog.ts"]
  ) {
    assert.equal(say(path, source).length, 1, path);
  }
});

Deno.test("text that mentions Deno, and Node's pure modules, pass", () => {
  const source =
    `// Deno.exit\nchild.process.kill(); globalThis[process]; import "node:util";\nimport "node:path";\nexport const a = "runs on Deno.";`;
  assert.deepEqual(say("src/config/a.ts", source), []);
});

Deno.test("the message says where the name stands and who may use it", () => {
  assert.deepEqual(say("src/core/a.ts", "Deno.cwd();"), [
    'Cannot use "Deno" in "src/core/a.ts": only cli.ts, src/host/, src/sandbox/, src/plugin/kit/, plugins/*/, tools/, tests/ ' +
    "and tests may",
  ]);
});
