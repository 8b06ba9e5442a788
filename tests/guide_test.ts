/**
 * Follows the instructions of docs/writing_plugins.md, and compares its tables with the contract.
 *
 * @module
 */

import assert from "node:assert/strict";
import { blocksOf, followPage, PUBLISHED } from "./documented_page.ts";
import { PluginServer } from "./plugin_server.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";
import { checkTypes } from "./type_check.ts";

const GUIDE = Deno.readTextFileSync(new URL("../docs/writing_plugins.md", import.meta.url));
const API = new URL("../src/plugin/define.ts", import.meta.url);

const BLOCKS = blocksOf(GUIDE);

const typed = BLOCKS.find(({ words }) => words === "ignore typed/mod.ts")!;

Deno.test("the guide's files do under the guide's commands what the guide shows", async () => {
  using folder = new TempFolder();
  await using server = new PluginServer({});
  const compared = await followPage(BLOCKS, folder, server);
  assert.ok(compared >= 8, `only ${compared} outputs were compared`);
});

Deno.test("the guide's types, roles and views are those of the contract", async () => {
  await checkTypes(
    typed.text.replace(/"https:.*"/, JSON.stringify(API.href)),
    contractOf(GUIDE),
  );
});

Deno.test("a plugin that imports types alone runs where their address can't be reached", async () => {
  const manifest = { name: "typed", version: "1.0.0", description: "x", roles: ["worker"], api: 1 };
  using folder = new TempFolder({
    "typed/mod.ts": typed.text.replace(PUBLISHED, "https://stoq.invalid"),
    "typed/manifest.json": JSON.stringify(manifest),
  });
  const { stdout } = await runStoq(["scan", "-a", "./typed"], { cwd: folder.path, stdin: "hello" });
  const { results, errors } = JSON.parse(stdout);
  assert.deepEqual([results[0].workers.typed, errors], [{ start: "hello" }, []]);
});

/** A module that has its types only if the tables of the guide name the fields that there are, no more and no fewer. */
function contractOf(guide: string): string {
  const roles = [
    ...guide.matchAll(/^\| `([a-z-]+)` +\| `(\w+)\(.*\)` +\| .*?(?:`\{ (.*) \}`|nothing)? +\|$/gm),
  ];
  const answers = roles.filter(([, , , fields]) => fields).map(([, , method, fields]) =>
    `export const ${method}: Fields<Answer<Plugin["${method}"]>> = ${namesAll(fields!.split(/\??, |\?$/))};`
  );
  assert.equal(answers.length, roles.length - 1, "all but a connector answer");
  const names = {
    "roles: Record<Role, true>": roles.map(([, role]) => role!),
    'methods: Fields<Omit<Plugin, "check">>': roles.map(([, , method]) => method!),
  };
  const lists = Object.entries(names).map(([list, all]) => `export const ${list} = ${namesAll(all)};`);
  const views = Object.entries({
    payload: "PayloadView",
    request: "RequestView",
    budget: "ExtractionBudget",
    context: "PluginContext",
  }).map(([view, type]) => {
    const fields = [...guide.matchAll(new RegExp(`^\\| \`${view}\\.(\\w+)\` +\\|`, "gm"))].map(([, field]) =>
      field!
    );
    return `export const ${view}: Fields<${type}> = ${namesAll(fields)};`;
  });
  return `
import type { ExtractionBudget, PayloadView, Plugin, PluginContext, RequestView, Role } from ${
    JSON.stringify(API.href)
  };
type Fields<T> = Record<keyof T, true>;
type Settled<T> = T extends AsyncIterable<infer Item> ? Item : NonNullable<Awaited<T>>;
type Answer<M> = NonNullable<M> extends (...parameters: never[]) => infer A ? Settled<A> : never;
${[...lists, ...answers, ...views].join("\n")}
`;
}

function namesAll(fields: readonly string[]): string {
  return `{ ${fields.filter((field) => field !== "").map((field) => `"${field}": true`).join(", ")} }`;
}
