import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { generate, GENERATED_FILES } from "./generate.ts";
import { writeSkeleton } from "./new_plugin.ts";
import { inTempDir } from "./temp_dir.ts";

const ROOT = new URL("../", import.meta.url);

/** Runs `deno` in a folder; fails the test with its output if it fails. */
async function deno(cwd: URL, ...args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, `deno ${args.join(" ")} failed:\n${output}`);
}

/** What a skeleton and its dispatch rules need of the repository. */
const PARTS = [
  "deno.json",
  "deno.lock",
  "src",
  "tools",
  "wasm/libyara",
  "wasm/yara_x",
  "plugins/yara/rules/prelude.yar",
];

/** What `deno task gen` makes of a plugin's folder. */
const OF_PLUGINS = ["plugins/catalog.ts", "plugins/yara/rules/dispatcher.yar", "docs/plugins.md"];

Deno.test("a skeleton passes format, lint, types, its tests, samples and cases once it is generated", async () => {
  const name = `my-first_plugin${"_".repeat(49)}`;
  await inTempDir(async (root) => {
    for (const part of PARTS) await cp(new URL(part, ROOT), new URL(part, root), { recursive: true });
    await Deno.mkdir(new URL("docs/", root));
    await writeSkeleton(new URL("plugins/", root), name);
    await generate(root, false, GENERATED_FILES.filter(({ path }) => OF_PLUGINS.includes(path)));
    assert.match(
      await Deno.readTextFile(new URL("docs/plugins.md", root)),
      /### Findings\n\n.*\n.*\n\| `zero-value`/,
    );
    await deno(root, "fmt", "--check", "plugins", "docs");
    await deno(root, "lint", "plugins");
    await deno(root, "check", `plugins/${name}`);
    await deno(root, "test", "-A", "--no-check", "plugins", "tools/dispatch_samples_test.ts");
    const cli = new URL("cli.ts", ROOT).href;
    await deno(root, "run", "-A", "--no-check", cli, "test", `./plugins/${name}`, "--isolation", "none");
  });
});

Deno.test("a name that cannot be a plugin's is refused and nothing is written", async () => {
  await inTempDir(async (dir) => {
    for (const name of ["", "Big", "1a", "-a", "a b", "../a", "a/b", "a.b", "a".repeat(65)]) {
      await assert.rejects(writeSkeleton(dir, name), RangeError, name);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(dir)), []);
  });
});

Deno.test("a folder that is there already is left as it is", async () => {
  await inTempDir(async (dir) => {
    await writeSkeleton(dir, "mine");
    const module = new URL("mine/mod.ts", dir);
    await Deno.writeTextFile(module, "mine");
    await assert.rejects(writeSkeleton(dir, "mine"), Deno.errors.AlreadyExists);
    assert.equal(await Deno.readTextFile(module), "mine");
  });
});
