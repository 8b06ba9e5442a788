/**
 * Does what docs/writing_plugins.md tells its reader to do, and compares what comes out with what it shows.
 *
 * The words behind a fence's language say what a block is: a path is a file to write, `output` what the commands before it print, `asks` a
 * command that asks on a terminal and fails where there is none, `refused` one that exits with 2; `ignore` is not for us. In outputs `…` stands for any text.
 *
 * @module
 */

import assert from "node:assert/strict";
import { PluginServer } from "./plugin_server.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";
import { checkTypes } from "./type_check.ts";

const GUIDE = Deno.readTextFileSync(new URL("../docs/writing_plugins.md", import.meta.url));
const CLI = new URL("../cli.ts", import.meta.url);
const DOOR = new URL("../src/plugin/define.ts", import.meta.url);

/** Where the guide's reader publishes. */
const PUBLISHED = "https://example.org";

/** A reader sits at a terminal, where a scan prints its report. */
const PRELUDE = `
stoq() {
  word=$1; shift
  if [ "$word" = scan ]; then set -- "$@" --format text; fi
  "$DENO" run -A --no-check "$CLI" "$word" "$@"
}`;

interface Block {
  readonly language: string;
  readonly words: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = [...GUIDE.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(
  ([, language, words, text]) => ({ language: language!, words: words!, text: text! }),
);

const typed = BLOCKS.find(({ words }) => words === "ignore typed/mod.ts")!;

Deno.test("the guide's files do under the guide's commands what the guide shows", async () => {
  using folder = new TempFolder();
  await using server = new PluginServer({});
  let printed = "";
  let compared = 0;
  for (const { language, words, text } of BLOCKS) {
    if (words === "output") {
      assert.match(evenly(printed), patternOf(text), `the guide shows:\n${text}\nbut it is:\n${printed}`);
      compared++;
    } else if (isPath(words)) {
      folder.write(words, text);
      server.files.set(`/${words}`, text);
    } else if (language === "sh" && words !== "ignore") {
      const run = await runIn(folder, text.replaceAll(PUBLISHED, server.origin));
      printed = run.printed.replaceAll(server.origin, PUBLISHED);
      assert.equal(run.code, ["asks", "refused"].includes(words) ? 2 : 0, `${text}\n${printed}`);
    }
  }
  assert.ok(compared >= 8, `only ${compared} outputs were compared`);
});

function isPath(words: string): boolean {
  return /^[\w/]+\.\w+$/.test(words);
}

Deno.test("the guide's types, roles and views are those of the contract", async () => {
  await checkTypes(
    typed.text.replace(/"https:.*"/, JSON.stringify(DOOR.href)),
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
    JSON.stringify(DOOR.href)
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

/** Runs commands up to the first that fails. */
async function runIn(folder: TempFolder, script: string): Promise<{ code: number; printed: string }> {
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-ec", `exec 2>&1\n${PRELUDE}\n${script}`],
    cwd: folder.path,
    env: { DENO: Deno.execPath(), CLI: CLI.href, STOQ_HOME: folder.at("home"), NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  return { code, printed: new TextDecoder().decode(stdout) };
}

/** How wide columns are and where lines are broken depends on the paths in them. */
function evenly(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function patternOf(shown: string): RegExp {
  return new RegExp(`^${evenly(shown).split("…").map(RegExp.escape).join(".*?")}$`);
}
