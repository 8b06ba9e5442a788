import assert from "node:assert/strict";
import { messagesOf } from "./run_rule.ts";

const say = (fileName: string, source: string) => messagesOf("npm-import", fileName, source);

/** Each way to name a package, in a version that is exact. */
const FORMS: Readonly<Record<string, string>> = {
  "an import": `import a from "npm:x@1.2.3"; a();`,
  "an import of types": `import type { A } from "npm:x@1.2.3"; export type B = A;`,
  "a re-export": `export { a } from "npm:x@1.2.3";`,
  "a re-export of all": `export * from "npm:x@1.2.3";`,
  "a dynamic import": `await import("npm:x@1.2.3");`,
  "a dynamic import in a template": "await import(`npm:x@1.2.3`);",
  "an import type": `export type T = import("npm:x@1.2.3").T;`,
  "an import equals": `import a = require("npm:x@1.2.3"); a();`,
  "a resolved address": `import.meta.resolve("npm:x@1.2.3");`,
  "a types comment": `// @ts-types="npm:@types/x@1.2.3"\nexport const a = 1;`,
  "a reference comment": `/// <reference types="npm:@types/x@1.2.3" />\nexport const a = 1;`,
};

for (const [form, source] of Object.entries(FORMS)) {
  Deno.test(`${form} of a package is accepted in src/deps and reported elsewhere`, () => {
    assert.equal(say("src/cli/flags.ts", source).length, 1);
    assert.deepEqual(say("src/deps/x.ts", source), []);
  });
}

Deno.test("src/deps, wasm, a plugin's deps.ts and tools/deps.ts may import packages", () => {
  const source = `import "npm:x@1.2.3";`;
  for (
    const path of [
      "src/deps/x.ts",
      "src/deps/testing/x.ts",
      "wasm/x/mod.ts",
      "wasm/x/build.ts",
      "plugins/x/deps.ts",
      "tools/deps.ts",
    ]
  ) {
    assert.deepEqual(say(path, source), []);
  }
  for (
    const path of [
      "src/deps/x/y.ts",
      "plugins/x/mod.ts",
      "plugins/x/mod_test.ts",
      "tests/a_test.ts",
      "cli.ts",
    ]
  ) {
    assert.equal(say(path, source).length, 1);
  }
});

Deno.test("a version is exact or it is reported", () => {
  for (const name of ["x@1.2.3", "@s/x@1.2.3", "x@1.2.3/sub/path.js", "x@1.2.3-rc.1", "@s/x@1.0.0+b.1/sub"]) {
    assert.deepEqual(say("src/deps/x.ts", `import "npm:${name}";`), []);
  }
  for (
    const name of [
      "x",
      "@s/x",
      "x@1",
      "x@1.2",
      "x@^1.2.3",
      "x@~1.2.3",
      "x@latest",
      "x@1.2.3 || 2",
      "x/sub@1.2.3",
    ]
  ) {
    assert.equal(say("src/deps/x.ts", `import "npm:${name}";`).length, 1, name);
  }
});

Deno.test("a package name that is put together at run time is reported in src/deps too", () => {
  assert.equal(say("src/deps/x.ts", "const v = 1; await import(`npm:x@1.2.3/${v}`);").length, 1);
  assert.equal(say("src/deps/x.ts", `const v = "1"; await import("npm:x@" + v);`).length, 1);
  assert.equal(say("src/deps/x.ts", `const v = "1"; await import("npm:x@1.2.3/" + v);`).length, 1);
});

Deno.test("remote addresses and bare names are reported everywhere, tests included", () => {
  const specifiers = [
    "jsr:@std/assert@1.0.0",
    "https://deno.land/x/a/mod.ts",
    "http://host/mod.ts",
    "@std/assert",
    "x",
  ];
  for (const specifier of specifiers) {
    for (
      const path of ["src/deps/x.ts", "src/core/a_test.ts", "tests/a_test.ts", "tools/a.ts", "wasm/x/mod.ts"]
    ) {
      assert.equal(say(path, `import "${specifier}";`).length, 1, `${specifier} in ${path}`);
    }
  }
});

Deno.test("relative paths and Node's modules pass everywhere", () => {
  assert.deepEqual(say("src/config/a.ts", `import "./b.ts"; import "../c.json"; import "node:path";`), []);
});

Deno.test("data: and file: addresses are for tests", () => {
  assert.equal(say("src/sandbox/a.ts", `await import("data:text/javascript,0");`).length, 1);
  assert.equal(say("plugins/x/mod.ts", `await import("file:///tmp/a.ts");`).length, 1);
  assert.deepEqual(say("src/sandbox/a_test.ts", `await import("data:text/javascript,0");`), []);
});

Deno.test("an import of a variable is left to the permissions", () => {
  assert.deepEqual(
    say("src/sandbox/guest.ts", "const a = 'x'; await import(a); await import(`${a}/mod.ts`);"),
    [],
  );
});
