import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

const ROOT = new URL("../", import.meta.url);

/** An entry of the directory that `deno compile` writes into the executable. */
type Embedded =
  | { readonly Dir: { readonly n: string; readonly e: readonly Embedded[] } }
  | { readonly File: { readonly n: string } }
  | { readonly Symlink: { readonly n: string } };

/** The directory is JSON whose first entry is the folder of packages; it ends where its bracket is closed. */
function readDirectory(executable: Uint8Array): Embedded[] {
  const content = new TextDecoder("latin1").decode(executable);
  const start = content.lastIndexOf('[{"Dir":{"n":".deno_compile_node_modules"');
  assert.notEqual(start, -1, "the executable holds no directory");
  let depth = 0;
  for (let at = start; at < content.length; at++) {
    if (content[at] === '"') at = content.indexOf('"', at + 1);
    else if (content[at] === "[") depth++;
    else if (content[at] === "]" && --depth === 0) return JSON.parse(content.slice(start, at + 1));
  }
  throw new Error("the directory has no end");
}

function pathsOf(entries: readonly Embedded[], folder = ""): string[] {
  return entries.flatMap((entry) => {
    if ("Dir" in entry) return pathsOf(entry.Dir.e, `${folder}${entry.Dir.n}/`);
    return "File" in entry ? `${folder}${entry.File.n}` : [];
  });
}

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return name === "testdata" ? [] : filesBelow(`${folder}${name}/`, isWanted);
    return isWanted(name) ? `${folder}${name}` : [];
  });
}

Deno.test("the executable holds every plugin, rule file and WebAssembly module, and no package of tests or tools", async () => {
  using folder = new TempFolder();
  const output = folder.at("stoq");
  const compile = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/compile.ts", "--output", output],
    cwd: ROOT,
    // Without the real runtime the embedding still runs whole; the result just can't be started as stoQ.
    env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(compile.success, new TextDecoder().decode(compile.stderr));

  const paths = pathsOf(readDirectory(Deno.readFileSync(output)));
  const plugins = filesBelow("plugins/", (name) => name === "mod.ts");
  const expected = [
    "cli.ts",
    "stoq.cfg",
    "plugins/catalog.ts",
    "src/sandbox/guest/start.ts",
    "src/sandbox/guest/thread.ts",
    ...plugins,
    ...filesBelow("plugins/", (name) => name === "cases.json"),
    // The dispatch rules of each plugin and what they share are in dispatcher.yar.
    ...filesBelow("plugins/yara/rules/", (name) => name !== "prelude.yar"),
    ...filesBelow("wasm/", (name) => name.endsWith(".wasm")),
  ];
  assert.ok(plugins.length >= 6);
  for (const path of expected) {
    assert.ok(paths.some((embedded) => embedded.endsWith(path)), `${path} is not embedded`);
  }
  for (const engine of ["yara_x_js_bg.wasm", "libyara-wasm.js", "7zz.wasm", "libmagic-wrapper.wasm"]) {
    assert.ok(paths.some((embedded) => embedded.endsWith(`/${engine}`)), `${engine} is not embedded`);
  }
  for (const tool of ["assemblyscript", "binaryen", "ajv", "typescript"]) {
    assert.ok(!paths.some((embedded) => embedded.includes(`/${tool}/`)), `${tool} is embedded`);
  }
  // Manifests travel inside the catalogue.
  const catalog = Deno.readTextFileSync(new URL("plugins/catalog.ts", ROOT));
  for (const path of plugins) {
    const manifest = JSON.parse(
      Deno.readTextFileSync(new URL(path.replace("mod.ts", "manifest.json"), ROOT)),
    );
    const { name, description } = manifest;
    assert.ok(catalog.includes(JSON.stringify(name)) && catalog.includes(JSON.stringify(description)), name);
  }
});

Deno.test("what a compiled stoQ does when it starts itself serves plugins, and is no command", async () => {
  using folder = new TempFolder({ "hello.txt": "hello" });
  const cli = new URL("cli.ts", ROOT).href;
  // Stands for the binary: it gets the words that the binary would get, and nothing of the environment.
  const binary = folder.write(
    "stoq",
    `#!/bin/sh\necho "$1" >> ${
      folder.at("starts")
    }\nexec "${Deno.execPath()}" run -A --no-check ${cli} "$@"\n`,
  );
  Deno.chmodSync(binary, 0o755);
  const env = { STOQ_RUNNER_PATH: binary };
  const scan = ["scan", folder.at("hello.txt"), "-a", "hash", "mimetype", "yara"];
  const { code, stdout, stderr } = await runStoq(scan, { env });
  assert.equal(code, 0, stderr);
  const { results, errors } = JSON.parse(stdout);
  assert.deepEqual(errors, []);
  assert.match(Deno.readTextFileSync(folder.at("starts")), /^(?:--stoq-runner\n)+$/);
  assert.equal(results[0].workers.hash.md5, "5d41402abc4b2a76b9719d911017c592");
  assert.deepEqual(results[0].plugins_run.workers, ["hash", "mimetype", "yara"]);

  const alone = await runStoq(["--stoq-runner", '{"plugin":"hash","module":null,"permissions":"none"}']);
  assert.deepEqual([alone.code, alone.stdout], [5, ""]);
});
