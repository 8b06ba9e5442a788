import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string, source: string) => messagesOf("import-direction", fileName, source);

/** Each way to name another module, written so that only its target is wrong. */
const FORMS: Readonly<Record<string, string>> = {
  "an import": `import { a } from "../host/deno.ts"; a();`,
  "an import for its side effects": `import "../host/deno.ts";`,
  "an import of types": `import type { A } from "../host/deno.ts"; export type B = A;`,
  "a re-export of names": `export { a } from "../host/deno.ts";`,
  "a re-export of all": `export * from "../host/deno.ts";`,
  "a dynamic import": `await import("../host/deno.ts");`,
  "a dynamic import in a template": "await import(`../host/deno.ts`);",
  "a computed import": "const n = 1; await import(`../host/${n}.ts`);",
  "a concatenated import": `const n = "a"; await import("../host/" + n + ".ts");`,
  "an import type": `export type A = import("../host/deno.ts").A;`,
  "a typeof import": `export type A = typeof import("../host/deno.ts");`,
  "an import equals": `import a = require("../host/deno.ts"); a();`,
  "a resolved address": `export const a = import.meta.resolve("../host/deno.ts");`,
  "a types comment": `// @ts-types="../host/deno.ts"\nexport const a = 1;`,
  "a types comment of old": `// @deno-types="../host/deno.ts"\nexport const a = 1;`,
  "a comment on the module's own types": `// @ts-self-types="../host/deno.ts"\nexport const a = 1;`,
  "an import comment": `/**\n * @import { A } from "../host/deno.ts"\n */\nexport const a = 1;`,
  "a source-phase import": `import source a from "../host/deno.wasm"; a();`,
  "a deferred import": `import defer * as a from "../host/deno.ts"; a.b();`,
  "a reference comment": `/// <reference types="../host/deno.ts" />\nexport const a = 1;`,
  "a query behind the name": `import "../host/deno.ts?x";`,
};

for (const [form, source] of Object.entries(FORMS)) {
  Deno.test(`${form} against the direction is reported`, () => {
    assert.equal(say("src/core/scan/scan.ts", source).length, 1);
  });
}

Deno.test("the message names both files and what the room may import", () => {
  assert.deepEqual(say("plugins/hash/mod.ts", `import "../../src/core/contract/limits.ts";`), [
    'Cannot import "src/core/contract/limits.ts" into "plugins/hash/mod.ts": plugins/*/ may import itself, ' +
    "src/plugin/define.ts, src/plugin/kit/*.ts, wasm/*/mod.ts, src/formats/mod.ts, src/formats/*/mod.ts, src/yara/mod.ts, src/yara/compiler/mod.ts",
  ]);
});

Deno.test("the message says when types may be imported", () => {
  assert.deepEqual(say("src/plugin/kit/path.ts", `import { a } from "../../core/ports/storage.ts"; a();`), [
    'Cannot import "src/core/ports/storage.ts" into "src/plugin/kit/path.ts": src/plugin/kit/ may import only its types',
  ]);
  assert.deepEqual(
    say("src/plugin/kit/path.ts", `import type { A } from "../../core/ports/storage.ts"; export type B = A;`),
    [],
  );
});

Deno.test("an import is of types when each of its names is, not when one of them is", () => {
  assert.deepEqual(
    say("src/plugin/kit/path.ts", `import { type A, type B } from "../../core/ports/storage.ts";`),
    [],
  );
  assert.equal(
    say("src/plugin/kit/path.ts", `import { type A, b } from "../../core/ports/storage.ts";`).length,
    1,
  );
  assert.equal(say("src/plugin/kit/path.ts", `import {} from "../../core/ports/storage.ts";`).length, 1);
  assert.deepEqual(
    say("src/plugin/kit/path.ts", `export type { A } from "../../core/ports/storage.ts";`),
    [],
  );
});

Deno.test("an import along the direction passes", () => {
  assert.deepEqual(say("src/cli/commands/scan.ts", `import "../../core/mod.ts"; import "../flags.ts";`), []);
  assert.deepEqual(say("plugins/hash/mod.ts", `import "../../src/plugin/define.ts?x#y";`), []);
});

Deno.test("the engine may not import Node's modules, its tests may", () => {
  assert.equal(say("src/core/scan/scan.ts", `import "node:fs";`).length, 1);
  assert.deepEqual(say("src/core/scan/scan_test.ts", `import "node:assert/strict";`), []);
  assert.deepEqual(say("src/cli/flags.ts", `import "node:util";`), []);
});

Deno.test("a file that is in no room is reported", () => {
  assert.deepEqual(say("src/misc/thing.ts", ""), [
    'Cannot place "src/misc/thing.ts": it is in no room of the table',
  ]);
  assert.equal(say("scratch.ts", "").length, 1);
});

Deno.test("a file outside the repository is ignored", () => {
  assert.deepEqual(say("/elsewhere/src/core/a.ts", `import "../host/deno.ts";`), []);
});
