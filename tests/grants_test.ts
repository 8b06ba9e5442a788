import assert from "node:assert/strict";
import { Stoq, type StoqOptions } from "../mod.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";
import { sandbox, scanning } from "./strange_plugin.ts";

// Deno writes its audit where the runner's errors go, which takes a system with /dev/stderr.
const DENIED = Deno.build.os === "linux" ? ["permission-denied"] : [];

/** Tries to read what `options.paths` names. */
const READER = scanning(`return { results: options.paths.map((path) => {
  try { return Deno.readTextFileSync(path); } catch { return "refused"; }
}) };`);

/** Files, what the reader asks, what the user says of it, and what it could read. */
async function readings(
  permissions: object,
  rules: Readonly<Record<string, string | readonly string[]>>,
  options: StoqOptions = {},
): Promise<[unknown, string[]]> {
  using folder = new TempFolder({ "a/x": "ax", "ab/x": "abx", "b/x": "bx" });
  const paths = ["a/x", "ab/x", "b/x"].map((path) => folder.at(path));
  const at = (text: string) => text.replaceAll("FOLDER", folder.path);
  const manifest = JSON.parse(at(JSON.stringify({
    options: {
      paths: { type: "path-list", doc: "Files" },
      dir: { type: "path", doc: "A folder" },
    },
    permissions,
  })));
  const rulesAt = Object.fromEntries(Object.entries(rules).map(([key, value]) => [key, at(String(value))]));
  await using box = sandbox(READER, {
    sandbox: { evil: rulesAt },
    pluginOpts: { evil: { paths, dir: folder.at("b") } },
    ...options,
  }, manifest);
  const { results, errors } = await box.scan();
  return [results[0]?.workers.evil, errors.map(({ code }) => code!)];
}

Deno.test("what a manifest asks and [sandbox] refuses is denied, and the plugin runs all the same", async () => {
  for (const key of ["read", "permissions"]) {
    assert.deepEqual(await readings({ read: ["FOLDER"] }, { [key]: "none" }), [
      ["refused", "refused", "refused"],
      [...DENIED, ...DENIED, ...DENIED],
    ]);
  }
});

Deno.test("a grant can be narrowed to a folder, and a folder with the same beginning of its name is not granted", async () => {
  assert.deepEqual(await readings({ read: ["FOLDER"] }, { read: "FOLDER/a" }), [
    ["ax", "refused", "refused"],
    [...DENIED, ...DENIED],
  ]);
});

Deno.test("a grant is widened by what [sandbox] adds, with the values of options", async () => {
  assert.deepEqual(await readings({ read: ["FOLDER/a"] }, { read: "+${dir}" }), [
    ["ax", "refused", "bx"],
    DENIED,
  ]);
  assert.deepEqual(await readings({}, { read: "FOLDER" }), [["ax", "abx", "bx"], []]);
});

Deno.test("a plugin with changed permissions runs in a process although no other does", async () => {
  const [seen] = await readings({ read: ["FOLDER"] }, { read: "FOLDER/a" }, { isolation: "none" });
  assert.deepEqual(seen, ["ax", "refused", "refused"]);
});

Deno.test("[sandbox] says which plugin runs apart and which in the main process", async () => {
  const code = scanning("return { results: Deno.pid };");
  for (const [isolation, own] of [["process", "none"], ["none", "process"]] as const) {
    await using box = sandbox(code, { isolation, sandbox: { evil: { isolation: own } } });
    const { results, errors } = await box.scan();
    assert.deepEqual(errors, []);
    assert.equal(results[0]?.workers.evil === Deno.pid, own === "none");
  }
});

Deno.test("a shipped connector runs apart if [sandbox] asks for it, and writes only where it may", async () => {
  for (const [write, files] of [["asked", 1], ["none", 0]] as const) {
    using folder = new TempFolder({ "results/.keep": "" });
    await using stoq = new Stoq({
      stoqHome: "/proc/nonexistent/stoq-home",
      alwaysDispatch: ["hash"],
      connectors: ["filedir"],
      pluginOpts: { filedir: { resultsDir: folder.at("results") } },
      sandbox: { filedir: { isolation: "process", write } },
    });
    const { errors } = await stoq.scan("x");
    assert.equal([...Deno.readDirSync(folder.at("results"))].length, files + 1, JSON.stringify(errors));
    assert.equal(errors.length > 0, files === 0);
  }
});

Deno.test("environment variables are passed by name only", async () => {
  const code = scanning(`return { results: ["STOQ_TEST_A", "STOQ_TEST_B"].map((name) => {
    try { return Deno.env.get(name) ?? "absent"; } catch { return "refused"; }
  }) };`);
  Deno.env.set("STOQ_TEST_A", "a");
  Deno.env.set("STOQ_TEST_B", "b");
  try {
    const permissions = { env: ["*", "STOQ_TEST_*"] };
    await using box = sandbox(code, { sandbox: { evil: { env: "+STOQ_TEST_A" } } }, { permissions });
    const { results, errors } = await box.scan();
    assert.deepEqual(results[0]?.workers.evil, ["a", "refused"]);
    assert.deepEqual(errors.map(({ code }) => code), DENIED);
  } finally {
    Deno.env.delete("STOQ_TEST_A");
    Deno.env.delete("STOQ_TEST_B");
  }
});

Deno.test("a plugin may start the program that it was granted, and no other", async () => {
  const code = scanning(`
    const start = async (path) => {
      try { return (await new Deno.Command(path, { args: ["run"] }).output()).code; } catch { return "refused"; }
    };
    return { results: [await start("/bin/true"), await start("/bin/false")] };
  `);
  await using box = sandbox(code, { sandbox: { evil: { run: "/bin/true" } } });
  const { results } = await box.scan();
  assert.deepEqual(results[0]?.workers.evil, [0, "refused"]);
});

Deno.test("an address grants its own port and no other", async () => {
  const code = scanning(`
    const why = async (url) => { try { await fetch(url); return "reached"; } catch (error) { return error.name; } };
    return { results: [await why("http://127.0.0.1/"), await why("http://127.0.0.1:9009/")] };
  `);
  const manifest = {
    options: { server: { type: "string", default: "http://127.0.0.1/api", doc: "Address" } },
    permissions: { net: ["${server}"] },
  };
  await using box = sandbox(code, {}, manifest);
  const { results, errors } = await box.scan();
  const [http, other] = results[0]?.workers.evil as string[];
  assert.notEqual(http, "NotCapable");
  assert.equal(other, "NotCapable");
  // Deno's audit has a line for the address and one for the host of an attempt.
  assert.deepEqual([...new Set(errors.map(({ code }) => code))], DENIED);
  for (const { error } of errors) assert.match(error, /127\.0\.0\.1:9009/);
});

Deno.test("a link in a granted folder is followed out of it, and a granted link does not grant its target", async () => {
  // Deno checks the path that is asked for, as docs/sandbox.md says. A Deno that changes this fails here.
  using folder = new TempFolder({ "target/x": "x", "granted/y": "y" });
  Deno.symlinkSync(folder.at("target"), folder.at("granted/link"));
  const manifest = {
    options: { paths: { type: "path-list", doc: "Files" } },
    permissions: { read: [folder.at("granted")] },
  };
  const paths = [folder.at("granted/link/x"), folder.at("target/x")];
  await using box = sandbox(READER, { pluginOpts: { evil: { paths } } }, manifest);
  assert.deepEqual((await box.scan()).results[0]?.workers.evil, ["x", "refused"]);
});

/** Runs `stoq` with these permissions instead of `-A`. */
function runNarrow(flags: readonly string[], words: readonly string[], cwd: string) {
  return runStoq(words, { cwd, permissions: ["--no-prompt", ...flags] });
}

const SCAN = ["-a", "hash", "mimetype", "yara", "--isolation", "process"];

/** The flags of the command that the documentation shows, for a file of the working folder. */
function documentedFlags(file: string): string[] {
  const text = Deno.readTextFileSync(new URL("../docs/sandbox.md", import.meta.url));
  const [, flags] =
    /^deno run --no-prompt (--allow-read.*) cli\.ts scan FILE -a hash mimetype yara$/m.exec(text) ?? [];
  assert.ok(flags, "docs/sandbox.md has no such command");
  return flags.replace("FILE", file).replace("$DENO", Deno.execPath()).split(" ");
}

Deno.test("the flags that docs/sandbox.md names are enough, and each of them is needed", async () => {
  using folder = new TempFolder({ "sample": "The quick brown fox" });
  const flags = documentedFlags("sample");
  assert.deepEqual(flags, ["--allow-read=sample,.stoq", `--allow-run=${Deno.execPath()}`]);
  const { code, stdout, stderr } = await runNarrow(flags, ["scan", ...SCAN, "sample"], folder.path);
  assert.deepEqual([code, stderr], [0, ""], stderr);
  const { errors, results } = JSON.parse(stdout);
  assert.deepEqual(errors, []);
  assert.deepEqual(results[0].plugins_run.workers, ["hash", "mimetype", "yara"]);
  for (
    const [without, words] of [
      ["--allow-read=.stoq", /Can't scan "sample"/],
      ["--allow-read=sample", /Configuration file .* can't be read/],
      [flags[1]!, /A runner can't be started/],
    ] as const
  ) {
    const rest = without === flags[1] ? [flags[0]!] : [without, flags[1]!];
    const run = await runNarrow(rest, ["scan", ...SCAN, "sample"], folder.path);
    assert.match(run.stdout + run.stderr, words);
  }
});

Deno.test("a plugin gets no more than stoQ has itself, and the missing flag is named", async () => {
  using folder = new TempFolder({
    "sample": "The quick brown fox",
    "secret": "secret",
    "plugins/evil/manifest.json": JSON.stringify({
      name: "evil",
      version: "1.0.0",
      description: "For tests",
      roles: ["worker"],
      api: 1,
      permissions: { read: ["/etc/hostname"], net: ["127.0.0.1:9"] },
    }),
    "plugins/evil/mod.ts": scanning(`
      try { return { results: Deno.readTextFileSync("/etc/hostname") }; } catch { return { results: "refused" }; }
    `),
  });
  const flags = ["--allow-read=sample,.stoq,plugins", `--allow-run=${Deno.execPath()}`];
  const words = ["scan", "-a", "evil", "--plugin-dir", "plugins", "--isolation", "process", "sample"];
  const { code, stdout, stderr } = await runNarrow(flags, words, folder.path);
  assert.equal(code, 0, stderr);
  const { errors, results } = JSON.parse(stdout);
  assert.equal(results[0].workers.evil, "refused");
  assert.deepEqual(errors.map(({ code }: { code: string }) => code), DENIED);
  assert.deepEqual(stderr.trimEnd().split("\n"), [
    'Plugin "evil" is not granted net access to "127.0.0.1:9": stoQ itself does not have this permission, start Deno with --allow-net=127.0.0.1:9',
    'Plugin "evil" is not granted read access to "/etc/hostname": stoQ itself does not have this permission, start Deno with --allow-read=/etc/hostname',
  ]);
});

const CFG = `[core]
isolation = process
[yara]
worker_rules = /srv/rules/with/a/name/that/is/so/long/that/it/does/not/fit/into/a/line/of/eighty
[sandbox]
yara.read = +/srv/more
hash.net = www.example.com:443
filedir.isolation = process
filedir.write = none
`;

Deno.test("list --permissions shows requested and granted permissions, where each plugin runs, and which line decides it", async () => {
  using folder = new TempFolder({ "stoq.cfg": CFG });
  const { code, stdout, stderr } = await runStoq(["list", "--permissions"], {
    env: { STOQ_HOME: folder.path },
    cwd: folder.path,
  });
  assert.deepEqual([code, stderr], [0, ""]);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  const text = stdout.replaceAll(/\n {4,}/g, " ");
  assert.match(text, /^decompress +pool$/m);
  assert.match(text, /^stdout +main process$/m);
  assert.match(
    text,
    /^hash +own process\n +net +no +yes +www\.example\.com:443 \S+stoq\.cfg line 7: \[sandbox\] hash\.net$/m,
  );
  assert.match(text, /^filedir +own process\n +\S+stoq\.cfg line 8: \[sandbox\] filedir\.isolation\n/m);
  assert.match(text, /^ +write +yes +no +\S+\/results = \$\{results_dir\}$/m);
  assert.match(text, /^ +read +yes +yes +\/srv\/rules\/.*\n? *.*\$\{worker_rules\}$/m);
  assert.match(text, /^ +read +no +yes +\/srv\/more .*line 6: \[sandbox\] yara\.read$/m);
});

Deno.test("list --permissions --json has the same as data", async () => {
  using folder = new TempFolder({ "stoq.cfg": CFG });
  const { stdout } = await runStoq(["list", "--permissions", "--json"], {
    env: { STOQ_HOME: folder.path },
    cwd: folder.path,
  });
  const plugins = Object.fromEntries(JSON.parse(stdout).map((each: { name: string }) => [each.name, each]));
  assert.deepEqual(plugins.hash, {
    name: "hash",
    version: plugins.hash.version,
    runs_in: "own process",
    asked: {},
    granted: { net: ["www.example.com:443"] },
    withheld: [],
    changed_by: { net: `${folder.at("stoq.cfg")} line 7: [sandbox] hash.net` },
  });
  assert.equal(plugins.stdout.granted, null);
  assert.deepEqual(plugins.filedir.granted.write, undefined);
  assert.deepEqual(plugins.filedir.asked.write["${archive_dir}"], [folder.at("archive")]);
});

Deno.test("a mistake in [sandbox] keeps a scan from starting, and names file, line and the nearest name", async () => {
  using folder = new TempFolder({
    "stoq.cfg": "[sandbox]\nyara.raed = none\nyarra.net = none\n",
    "sample": "x",
  });
  const { code, stderr } = await runStoq(["scan", folder.at("sample")], { env: { STOQ_HOME: folder.path } });
  assert.equal(code, 2);
  assert.match(stderr, /stoq\.cfg line 2: \[sandbox\] yara\.raed: .*did you mean "read"\?/);
  assert.match(stderr, /stoq\.cfg line 3: \[sandbox\] yarra\.net: no plugin .*did you mean "yara"\?/);
});

Deno.test("--sandbox says for one run what [sandbox] says for all", async () => {
  using folder = new TempFolder({ "sample": "x" });
  const words = [
    "list",
    "--permissions",
    "--json",
    "--sandbox",
    "hash:read=+sample",
    "yara:isolation=process",
  ];
  const { stdout, stderr } = await runStoq(words, { cwd: folder.path });
  assert.equal(stderr, "");
  const plugins = JSON.parse(stdout) as { name: string; granted: unknown; runs_in: string }[];
  assert.deepEqual(plugins.find(({ name }) => name === "hash")?.granted, { read: [folder.at("sample")] });
  assert.equal(plugins.find(({ name }) => name === "yara")?.runs_in, "pool");
});
