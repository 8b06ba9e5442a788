import assert from "node:assert/strict";
import { readImports, rewriteImports } from "./imports.ts";

const read = (text: string) => readImports(new TextEncoder().encode(text));

Deno.test("imports are found where code imports, not in types, comments, texts and patterns", async () => {
  const { imports, computed } = await read(`
    import type { A } from "./type.ts";
    import { b, type C } from "./b.ts";
    export * from './c.ts';
    import data from "./d.json" with { type: "json" };
    const é: string = "😀 import './no.ts'"; // import "./no.ts"
    const m = await import("./e.ts"); const n: RegExp = /import "x"/;
    await import(\`./\${é}.ts\`); await import(é); await import.meta.resolve("./no.ts");
    import "./\\u0066.ts";`);
  assert.deepEqual(
    imports.map(({ specifier, isCode }) => [specifier, isCode]),
    [["./b.ts", true], ["./c.ts", true], ["./d.json", false], ["./e.ts", true], ["./f.ts", true]],
  );
  assert.equal(computed, 2);
});

Deno.test("specifiers are replaced in place, and nothing else is", async () => {
  const { text, imports } = await read(
    `const é: number = 1; import a from './a.ts'; await import("./b.ts" );`,
  );
  const replaced = new Map(imports.map((found, index) => [found, `./${index}.ts`]));
  assert.equal(
    rewriteImports(text, replaced),
    `const é: number = 1; import a from './0.ts'; await import("./1.ts" );`,
  );
});

Deno.test("a module with an enum becomes JavaScript whose places hold", async () => {
  const { text, imports } = await read(
    `enum E { A = 1 }\nimport { b } from "./b.ts"; export default [E.A, b];`,
  );
  assert.ok(!text.includes("enum"));
  assert.match(rewriteImports(text, new Map([[imports[0]!, "./other.ts"]])), /from "\.\/other\.ts"/);
});

Deno.test("text that is not a module is a SyntaxError with the reason", async () => {
  await assert.rejects(read("<html><body>Sign in</body></html>"), SyntaxError);
  await assert.rejects(read("import {{{"), SyntaxError);
  await assert.rejects(readImports(new Uint8Array([0xff, 0xfe, 0x00])), /not UTF-8 text/);
});
