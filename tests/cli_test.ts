import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

const HELLO = "hello world\n";

Deno.test("scan prints stoQ's JSON when its output is piped", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const { code, stdout, stderr } = await runStoq(["scan", folder.at("hello.txt"), "-a", "hash"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const response = JSON.parse(stdout);
  assert.deepEqual(response.results[0].workers.hash, {
    sha256: "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447",
    md5: "6f5902ac237024bdd0c176cb93063dc4",
    sha1: "22596363b3de40b06f981fb85d82312e8c0ed511",
  });
  assert.deepEqual(response.results[0].payload_meta.extra_data, { filename: "hello.txt" });
  assert.deepEqual(Object.keys(response.plugins), ["hash"]);
  assert.match(stdout, /^\{\n {4}"results": \[/);
});

Deno.test("file and standard input give equal results but for the name", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const comparable = (stdout: string) => {
    const { results, errors } = JSON.parse(stdout);
    return results.map((
      result: Record<string, unknown>,
    ) => [result.sha256, result.size, result.workers, errors]);
  };
  const fromFile = await runStoq(["scan", folder.at("hello.txt")]);
  const fromStdin = await runStoq(["scan"], { stdin: HELLO });
  const fromDash = await runStoq(["scan", "-"], { stdin: HELLO });
  assert.deepEqual(comparable(fromStdin.stdout), comparable(fromFile.stdout));
  assert.deepEqual(comparable(fromDash.stdout), comparable(fromFile.stdout));
  assert.equal(JSON.parse(fromStdin.stdout).results[0].payload_meta.extra_data.filename, null);
});

Deno.test("a PATH after a list is scanned, not taken for a plugin", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const { code, stdout } = await runStoq(["scan", "-a", "hash", "hello.txt"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout).results[0].plugins_run.workers, ["hash"]);
});

Deno.test("a word that is a plugin and a file is the plugin", async () => {
  using folder = new TempFolder({ hash: "x" });
  const { code, stdout } = await runStoq(["scan", "-a", "mimetype", "hash"], {
    cwd: folder.path,
    stdin: HELLO,
  });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout).results[0].plugins_run.workers, ["hash", "mimetype"]);
});

Deno.test("jsonl is one line, text is a report, explain says why", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const file = folder.at("hello.txt");
  const line = await runStoq(["scan", file, "-a", "hash", "--format", "jsonl", "--explain"]);
  assert.match(line.stdout, /^\{.*\}\n$/);
  assert.deepEqual(JSON.parse(line.stdout).results[0].explain, [
    { plugin: "hash", role: "worker", ran: true, reason: "always_dispatch" },
  ]);
  const text = await runStoq(["scan", file, "-a", "hash", "--format", "text"]);
  assert.match(text.stdout, /hello\.txt/);
  assert.match(text.stdout, /a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447/);
});

Deno.test("--request-source and --request-extra are in the request's metadata", async () => {
  const { stdout } = await runStoq(
    ["scan", "-a", "hash", "--request-source", "mail", "--request-extra", "id=7=8", "urgent=TRUE", "-"],
    { stdin: HELLO },
  );
  assert.deepEqual(JSON.parse(stdout).request_meta, {
    archive_payloads: true,
    source: "mail",
    extra_data: { id: "7=8", urgent: true },
  });
});

Deno.test("a connector on the command line takes the response, standard output stays empty", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const { code, stdout } = await runStoq(["scan", "hello.txt", "-a", "hash", "-C", "filedir"], {
    cwd: folder.path,
  });
  assert.deepEqual([code, stdout], [0, ""]);
  const names = [...Deno.readDirSync(folder.at("results"))].map(({ name }) => name);
  assert.equal(names.length, 1);
  const saved = JSON.parse(Deno.readTextFileSync(folder.at(`results/${names[0]}`)));
  assert.equal(saved.scan_id, names[0]);
});

Deno.test("a connector that fails loses something: exit 1, and the response says what", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO, "blocked": "a file where the folder should be" });
  const opts = ["--plugin-opts", `filedir:results_dir=${folder.at("blocked")}`];
  const { code, stdout } = await runStoq(
    ["scan", folder.at("hello.txt"), "-a", "hash", "-C", "filedir", "--format", "json", ...opts],
  );
  assert.equal(code, 1);
  const { errors, results } = JSON.parse(stdout);
  assert.deepEqual(errors.map((error: Record<string, unknown>) => [error.role, error.plugin_name]), [
    ["connector", "filedir"],
  ]);
  assert.equal(results[0].workers.hash.md5, "6f5902ac237024bdd0c176cb93063dc4");
});

Deno.test("what a connector could not save is printed, and standard error says why", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO, "blocked": "x" });
  const opts = ["--plugin-opts", `filedir:results_dir=${folder.at("blocked")}`];
  const { code, stdout, stderr } = await runStoq([
    "scan",
    folder.at("hello.txt"),
    "-a",
    "hash",
    "-C",
    "filedir",
    ...opts,
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /^stoq: filedir: connector:failed to save: /);
  assert.equal(JSON.parse(stdout).results[0].workers.hash.md5, "6f5902ac237024bdd0c176cb93063dc4");
});

Deno.test("--fail-on-error turns an error into exit 1", async () => {
  const words = ["scan", "-s", "decompress"];
  assert.equal((await runStoq(words, { stdin: HELLO })).code, 0);
  assert.equal((await runStoq([...words, "--fail-on-error"], { stdin: HELLO })).code, 1);
});

Deno.test("a slow writer on standard input is waited for", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("../cli.ts", import.meta.url).href, "scan", "-a", "hash"],
    env: { STOQ_HOME: "/proc/nonexistent/stoq-home" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  // By the time of the second write the program has long begun to read.
  await writer.write(new TextEncoder().encode("hello "));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await writer.write(new TextEncoder().encode("world\n"));
  await writer.close();
  const { code, stdout } = await child.output();
  assert.equal(code, 0);
  assert.equal(JSON.parse(new TextDecoder().decode(stdout)).results[0].size, HELLO.length);
});

Deno.test("a reader that has seen enough is no failure", async () => {
  const shell = new Deno.Command("sh", {
    args: [
      "-c",
      '"$0" run -A --no-check "$1" list --json | head -c 1; exit 0',
      Deno.execPath(),
      new URL("../cli.ts", import.meta.url).href,
    ],
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stderr } = await shell.output();
  assert.equal(code, 0);
  assert.equal(new TextDecoder().decode(stderr), "");
});

Deno.test("nothing to scan is exit 2, with the reason", async () => {
  using folder = new TempFolder({ "empty": "", "folder/x": "" });
  const cases: [string[], RegExp][] = [
    [["scan", folder.at("gone")], /^stoq: Can't scan ".*gone": it does not exist\n$/],
    [
      ["scan", folder.at("folder")],
      /^stoq: There is nothing to scan: 1 file is empty, 0 entries are links or devices\n$/,
    ],
    [["scan", folder.at("empty")], /^stoq: Can't scan ".*empty": it is empty\n$/],
    [["scan"], /^stoq: The content to scan is empty: standard input has no bytes\n$/],
    [
      ["scan", "a", "b"],
      /^stoq: Can't scan "a": it does not exist\nstoq: Can't scan "b": it does not exist\n$/,
    ],
    [["scan", ""], /^stoq: A PATH must not be empty, got ""\n$/],
  ];
  for (const [words, message] of cases) {
    const { code, stdout, stderr } = await runStoq(words);
    assert.deepEqual([code, stdout], [2, ""], words.join(" "));
    assert.match(stderr, message);
  }
});

Deno.test("unknown plugins are named in every role, with the nearest one, and all at once", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO });
  const lists = ["-A", "-S", "-D", "-C", "-R", "-E", "-a", "-s", "-d"].flatMap((flag) => [flag, "hahs"]);
  const { code, stderr } = await runStoq(["scan", folder.at("hello.txt"), ...lists]);
  assert.equal(code, 2);
  const lines = stderr.trimEnd().split("\n");
  assert.equal(lines.length, 9);
  for (const line of lines) {
    assert.match(line, /^stoq: --[a-z-]+: no plugin "hahs" is installed, did you mean "hash"\?$/);
  }
});

Deno.test("a wrong command line and a wrong configuration are reported together", async () => {
  using folder = new TempFolder({
    "hello.txt": HELLO,
    "my.cfg": "[core]\nmax_recursion = many\nno section here\n[hash]\nx = 1\n",
  });
  const { code, stderr } = await runStoq([
    "scan",
    "--config-file",
    folder.at("my.cfg"),
    folder.at("gone"),
    "--max-recursion",
    "0",
    "--nonsense",
    "--plugin-opts",
    "yara:engine=none",
  ]);
  assert.equal(code, 2);
  for (
    const words of [
      /"--nonsense" is not a flag/,
      /--max-recursion must be at least 1, got 0/,
      /my\.cfg line 5: \[hash\] x is not an option of plugin "hash"/,
      /--plugin-opts yara:engine must be one of .*, got "none"/,
      /Can't scan ".*gone"/,
    ]
  ) assert.match(stderr, words);
});

Deno.test("a broken manifest in a plugin folder is reported, and the scan continues", async () => {
  using folder = new TempFolder({ "hello.txt": HELLO, "plugins/broken/manifest.json": '{"name": "broken"}' });
  const words = ["scan", "--plugin-dir", folder.at("plugins"), folder.at("hello.txt"), "-a", "hash"];
  const { code, stdout, stderr } = await runStoq(words);
  assert.equal(code, 0);
  assert.match(stderr, /broken" was skipped: its manifest\.json is broken\n {2}"version" is missing/);
  assert.equal(JSON.parse(stdout).results.length, 1);
  const named = await runStoq([...words, "-s", "broken"]);
  assert.equal(named.code, 2);
  assert.match(named.stderr, /--start-dispatch: plugin "broken" can't be used/);
});

Deno.test("a plugin of the user's runs from its folder and replaces a shipped one", async () => {
  const manifest = { name: "hash", version: "9.0.0", description: "Test", roles: ["worker"], api: 1 };
  using folder = new TempFolder({
    "plugins/hash/manifest.json": JSON.stringify(manifest),
    "plugins/hash/mod.ts": "export default () => ({ scan: () => ({ results: { mine: true } }) });",
  });
  const { code, stdout, stderr } = await runStoq(
    ["scan", "-a", "hash", "--plugin-dir", folder.at("plugins")],
    { stdin: HELLO },
  );
  assert.equal(code, 0);
  assert.match(stderr, /Plugin "hash" in ".*hash" replaces the shipped one/);
  const { results, errors } = JSON.parse(stdout);
  assert.deepEqual([results[0].workers, errors], [{ hash: { mine: true } }, []]);
});

Deno.test("a PATH that ends a list and does not exist is reported with the plugin that may have been meant", async () => {
  using folder = new TempFolder({ "eicar.com": "x" });
  const stderrOf = async (...words: string[]) => {
    const { code, stdout, stderr } = await runStoq(words, { cwd: folder.path });
    assert.deepEqual([code, stdout], [2, ""]);
    return stderr;
  };
  assert.equal(
    await stderrOf("scan", "-a", "hash", "nothere.bin"),
    'stoq: Can\'t scan "nothere.bin": it does not exist\n',
  );
  assert.equal(
    await stderrOf("scan", "-a", "hash", "mimetpye"),
    'stoq: Can\'t scan "mimetpye": it does not exist; as a value of --always-dispatch: no plugin "mimetpye" is installed, ' +
      'did you mean "mimetype"?\n',
  );
  assert.equal(
    await stderrOf("run", "-P", "filedir", "dirmn", "--plugin-opts", "filedir:source_dir=."),
    'stoq: run takes no PATH, got "dirmn"; as a value of --providers: no plugin "dirmn" is installed, did you mean "dirmon"?\n',
  );
  assert.equal(
    await stderrOf("scan", "-a", "eicar.com"),
    'stoq: --always-dispatch: no plugin "eicar.com" is installed\n',
  );
  assert.equal(
    await stderrOf("scan", "eicar.com", "--formt", "text"),
    'stoq: "--formt" is not a flag of this command, did you mean "--format"?\n',
  );
});

Deno.test("scan -a hash runs no module of another plugin", async () => {
  using folder = new TempFolder();
  // A coverage profile has a file for each module that was evaluated; that it could be is known from the graph alone.
  const { stdout } = await runStoq(["scan", "--isolation", "none", "-a", "hash"], {
    stdin: HELLO,
    coverage: folder.at("coverage"),
  });
  assert.equal(JSON.parse(stdout).results.length, 1);
  const root = new URL("../", import.meta.url).href;
  const evaluated = [...Deno.readDirSync(folder.at("coverage"))].map(({ name }) =>
    (JSON.parse(Deno.readTextFileSync(folder.at(`coverage/${name}`))).url as string).replace(root, "")
  );
  const ofPlugins = evaluated.filter((path) => /^(?:plugins|wasm|src\/yara)\/[a-z_]+\//.test(path));
  assert.ok(ofPlugins.some((path) => path.startsWith("plugins/hash/")));
  assert.deepEqual(ofPlugins.filter((path) => !/^(?:plugins\/hash|wasm\/digest)\//.test(path)), []);
});

Deno.test("a scan for which no worker or dispatcher is selected is refused with the next step", async () => {
  using folder = new TempFolder({ "stoq.cfg": "[limits]\npayloads = 5\n", "hello.txt": HELLO });
  const env = { STOQ_HOME: folder.path };
  const scan = ["scan", folder.at("hello.txt")];
  const limitsOnly = await runStoq(scan, { env });
  assert.equal(limitsOnly.code, 0);
  assert.equal(JSON.parse(limitsOnly.stdout).results.length, 1);
  assert.equal(
    limitsOnly.stderr,
    `No payload is scanned: "${
      folder.at("stoq.cfg")
    }" names no worker or dispatcher; add them to its section ` +
      "[core], such as always_dispatch = hash, mimetype and dispatchers = yara, or name them with -a and -R\n",
  );
  const connectorOnly = await runStoq([...scan, "-C", "stdout"]);
  assert.match(connectorOnly.stderr, /^No payload is scanned: no worker or dispatcher is named/);
  for (const words of [["-s", "hash"], ["-a", "hash"], ["-R", "yara"]]) {
    assert.equal((await runStoq([...scan, ...words], { env })).stderr, "", words.join(" "));
  }
  const byEnvironment = await runStoq(scan, { env: { ...env, STOQ_ALWAYS_DISPATCH: "hash" } });
  assert.equal(byEnvironment.stderr, "");
});

Deno.test("list names the plugins, as a table and as JSON", async () => {
  const table = await runStoq(["list"]);
  assert.equal(table.code, 0);
  assert.match(table.stdout, /^hash +1\.0\.0 +\S.*\n +worker$/m);
  const json = await runStoq(["list", "--json"]);
  const names = JSON.parse(json.stdout).map((plugin: { name: string }) => plugin.name);
  assert.deepEqual(names, [...names].sort());
  for (const name of ["decompress", "filedir", "hash", "mimetype", "stdout", "yara"]) {
    assert.ok(names.includes(name), name);
  }
});

Deno.test("help and version are printed, and a wrong command is refused", async () => {
  const help = await runStoq(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Usage:\n {2}stoq COMMAND/);
  const scan = await runStoq(["scan", "--help"]);
  assert.match(scan.stdout, /-a, --always-dispatch NAME\.\.\.\n/);
  assert.equal((await runStoq(["help", "scan"])).stdout, scan.stdout);
  for (const word of ["--version", "-V", "version"]) {
    assert.match((await runStoq([word])).stdout, /^stoQ \d+\.\d+\.\d+/);
  }
  const wrong = await runStoq(["scna"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^stoq: "scna" is not a command, did you mean "scan"\?/);
  assert.equal((await runStoq([])).code, 2);
});
