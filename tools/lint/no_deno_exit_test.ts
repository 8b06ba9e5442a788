import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string, source: string) => messagesOf("no-deno-exit", fileName, source);

const FORMS: Readonly<Record<string, string>> = {
  "a call": `Deno.exit(1);`,
  "a call in brackets": `Deno["exit"](1);`,
  "a call in a template": "Deno[`exit`](1);",
  "the function as a value": `const leave = Deno.exit; leave();`,
  "a destructured name": `const { exit } = Deno; exit(1);`,
  "a renamed name": `const { exit: leave } = Deno; leave(1);`,
  "a quoted name": `const { "exit": leave } = Deno; leave(1);`,
  "the rest of the names": `const { cwd, ...rest } = Deno; rest.exit(cwd());`,
  "an alias": `const d = Deno; d.exit(1);`,
  "an alias of the global's member": `const d = globalThis.Deno; d.exit(1);`,
  "a call through globalThis": `globalThis.Deno.exit(1);`,
  "a call through globalThis in brackets": `globalThis["Deno"].exit(1);`,
  "a call through self": `self.Deno.exit(1);`,
  "a call behind a cast": `(Deno as unknown as { exit(): void }).exit();`,
  "a call behind a cast of the global object": `(globalThis as unknown as G).Deno.exit();`,
  "a name destructured from the global's member": `const { exit } = globalThis.Deno; exit(1);`,
  "a call of Node's": `process.exit(1);`,
  "an import of Node's": `import { exit } from "node:process"; exit(1);`,
  "a call through an import of Node's": `import process from "node:process"; process.exit(1);`,
};

for (const [form, source] of Object.entries(FORMS)) {
  Deno.test(`${form} that ends the process is reported`, () => {
    assert.equal(say("src/host/a.ts", source).length, 1);
  });
  Deno.test(`${form} that ends the process passes in cli.ts`, () =>
    assert.deepEqual(say("cli.ts", source), []));
}

Deno.test("plugins, tools and unit tests may not end the process, the hostile suite may", () => {
  for (const path of ["plugins/x/mod.ts", "tools/a.ts", "src/core/a_test.ts"]) {
    assert.equal(say(path, "Deno.exit();").length, 1);
  }
  assert.deepEqual(say("tests/hostile/leaves.ts", "Deno.exit();"), []);
});

Deno.test("an exit code, and another object's exit, pass", () => {
  const source =
    `Deno.exitCode = 1; const { cwd } = Deno; cwd(); door.exit(); door.Deno.exit(); Deno[exit](); const { exit } = door; exit();`;
  assert.deepEqual(say("src/host/a.ts", source), []);
});
