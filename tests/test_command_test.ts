/**
 * `stoq test` from outside: shipped plugins, a user's folder, and everything that can be wrong with them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

const MANIFEST = {
  name: "shout",
  version: "1.0.0",
  description: "Counts capital letters",
  roles: ["worker"],
  api: 1,
  options: { at_least: { type: "integer", default: 3, doc: "Say nothing below this many" } },
};

const MODULE = `export default ({ atLeast }) => ({
  scan({ content }) {
    const capitals = new TextDecoder().decode(content).match(/[A-Z]/g)?.length ?? 0;
    if (capitals > 100) throw new Error("too LOUD \\x1b[2J");
    return capitals < atLeast ? undefined : { results: { capitals }, extracted: [{ content: "quiet" }] };
  },
});`;

/** A plugin folder with cases. */
function plugin(cases: unknown, files: Record<string, string> = {}): TempFolder {
  return new TempFolder({
    "shout/manifest.json": JSON.stringify(MANIFEST),
    "shout/mod.ts": MODULE,
    "shout/cases.json": typeof cases === "string" ? cases : JSON.stringify({ cases }),
    ...files,
  });
}

const worker = (fields: Record<string, unknown>) => ({
  name: "one",
  role: "worker",
  input: { text: "ABCD" },
  ...fields,
});

/** Returns the lines of failures without their first word. */
function failures(stdout: string): string[] {
  return stdout.split("\n").flatMap((line) => /^FAILED (?! )(.*)$/.exec(line)?.[1] ?? []);
}

Deno.test("a fresh installation is in order, and every shipped plugin but stdout has cases", async () => {
  const { code, stdout, stderr } = await runStoq(["test", "--format", "json"]);
  assert.equal(stderr, "");
  const findings = JSON.parse(stdout);
  assert.deepEqual(findings.plugins.filter(({ ok }: { ok: boolean }) => !ok), []);
  assert.equal(code, 0);
  const shipped = [...Deno.readDirSync(new URL("../plugins/", import.meta.url))].filter(({ isDirectory }) =>
    isDirectory
  );
  assert.deepEqual(
    findings.plugins.map(({ name }: { name: string }) => name),
    shipped.map(({ name }) => name).sort(),
  );
  for (const { name, cases } of findings.plugins) assert.equal(cases.length > 0, name !== "stdout", name);
  const { facts } = findings.plugins.find(({ name }: { name: string }) => name === "yara");
  assert.match(
    facts.join(),
    /^worker_rules: \d+ rules,dispatch_rules: \d+ rules,worker_rules: \d+ exact, \d+ filtered, \d+ opaque,/,
  );
});

Deno.test("stoq test loads every engine", async () => {
  using folder = new TempFolder();
  const { code } = await runStoq(["test", "--isolation", "none"], { coverage: folder.at("coverage") });
  assert.equal(code, 0);
  const profiles = [...Deno.readDirSync(folder.at("coverage"))].map(({ name }) =>
    Deno.readTextFileSync(folder.at(`coverage/${name}`))
  );
  const engines = [...Deno.readDirSync(new URL("../wasm/", import.meta.url))].filter(({ isDirectory }) =>
    isDirectory
  );
  for (const { name } of engines) {
    assert.ok(profiles.some((profile) => profile.includes(`/wasm/${name}/mod.ts`)), `${name} is not loaded`);
  }
});

Deno.test("for people there is a line for each plugin and a summary", async () => {
  const { code, stdout } = await runStoq(["test", "hash", "stdout", "hash"]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^stoQ \S+\n\nok {2}hash {4}1\.0\.0 {2}\d cases .*s\nok {2}stdout {2}1\.0\.0 {2}no cases .*s\n\n2 plugins, \d cases: all in order \(.*\)\n$/,
  );
});

Deno.test("a folder's cases are run, with files of its testdata", async () => {
  using folder = plugin([
    worker({ expect: { results: { capitals: 4 }, extracted: [{ size: 5, text: "quiet" }] } }),
    worker({ name: "two", options: { at_least: 9 }, expect: { results: { $absent: true } } }),
    worker({ name: "three", input: { file: "loud.txt" }, expect: { results: { capitals: 5 } } }),
    worker({ name: "four", input: { base64_file: "deep/loud.b64" }, expect: { results: { capitals: 3 } } }),
    worker({ name: "five", input: { text: "X".repeat(101) }, expect: { errors: ["plugin-failed"] } }),
  ], { "shout/testdata/loud.txt": "ABCDE", "shout/testdata/deep/loud.b64": "QUJD\n" });
  const { code, stdout } = await runStoq(["test", "./shout"], { cwd: folder.path });
  assert.deepEqual(failures(stdout), []);
  assert.equal(code, 0);
  assert.match(stdout, /1 plugin, 5 cases: all in order/);
});

Deno.test("a wrong expectation is a line with its place, and exit code 1", async () => {
  using folder = plugin([
    worker({ expect: { results: { capitals: 5 }, extracted: [] } }),
    worker({ name: "loud", input: { text: "X".repeat(101) }, expect: { results: { $absent: true } } }),
    worker({ name: "open" }),
  ]);
  const { code, stdout } = await runStoq(["test", "./shout"], { cwd: folder.path });
  assert.equal(code, 1);
  const [capitals, extracted, loud, open] = failures(stdout);
  assert.equal(capitals, 'shout, case "one": results.capitals is 4, expected 5');
  assert.match(extracted!, /^shout, case "one": extracted is 1 item \[\{"size":5,.*, expected 0 items \[\]$/);
  assert.equal(
    loud,
    'shout, case "loud": an error that is not expected, plugin-failed: worker:failed to scan: Error: too LOUD \\x1b[2J',
  );
  assert.equal(open, 'shout, case "open": nothing is expected of it yet, record it with --update');
  assert.match(stdout, /^FAILED {2}shout {2}1\.0\.0 {2}3 of 3 cases failed/m);
  assert.ok(!stdout.includes("\x1b"));
});

Deno.test("--update records what cases give and leaves what holds alone", async () => {
  using folder = plugin([worker({}), worker({ name: "two", expect: { results: { capitals: 9 } } })]);
  const { code, stdout } = await runStoq(["test", "./shout", "--update"], { cwd: folder.path });
  assert.equal(code, 0);
  assert.match(stdout, /cases\.json updated/);
  const { cases } = JSON.parse(Deno.readTextFileSync(folder.at("shout/cases.json")));
  assert.deepEqual(cases[1].expect, { results: { capitals: 4 } });
  assert.deepEqual(cases[0].expect.results, { capitals: 4 });
  assert.equal(cases[0].expect.extracted[0].size, 5);
  const again = await runStoq(["test", "./shout", "--update"], { cwd: folder.path });
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.stdout, /updated/);
  const shipped = await runStoq(["test", "hash", "--update"]);
  assert.equal(shipped.code, 2);
  assert.match(shipped.stderr, /--update needs folders of plugins/);
});

Deno.test("a hostile file of cases is refused with a clear message", async () => {
  const refusals: [unknown, RegExp][] = [
    ["{", /cases\.json can't be used: not JSON/],
    ["[".repeat(100_000) + "]".repeat(100_000), /cases\.json can't be used: nested too deeply/],
    [
      `{"cases":[],"x":"${"x".repeat(4_000_000)}"}`,
      /cases\.json can't be used: it has \d+ bytes, the limit is 4000000/,
    ],
    [
      [worker({ input: { file: "../../secret" } })],
      /"cases\[0\]\.input\.file" must be a path below.*, got "\.\.\/\.\.\/secret"/,
    ],
    [
      [worker({ input: 5, options: "\x1b[2J" })],
      /"cases\[0\]\.options" must be an object, got "\\u001b\[2J"/,
    ],
    [[worker({ input: { file: "none" } })], /case "one": can't read testdata\/none: it does not exist/],
    [
      [worker({ input: { file: "link" } })],
      /case "one": can't read testdata\/link: a link leads outside its folder/,
    ],
    [[worker({ input: { base64_file: "odd" } })], /case "one": can't read testdata\/odd: it is not base64/],
    [
      [worker({ options: { at_leest: 1 }, expect: { results: 1 } })],
      /options\.at_leest is not an option .*"at_least"/,
    ],
  ];
  for (const [cases, words] of refusals) {
    using folder = plugin(cases, { "shout/testdata/odd": "!", "secret": "x" });
    Deno.symlinkSync(folder.at("secret"), folder.at("shout/testdata/link"));
    const { code, stdout } = await runStoq(["test", "./shout"], { cwd: folder.path });
    assert.equal(code, 1, stdout);
    assert.match(failures(stdout).join("\n"), words);
    assert.ok(stdout.length < 3000 && !stdout.includes("\x1b"));
  }
});

Deno.test("a rule that does not compile is named by file and line", async () => {
  using folder = new TempFolder({
    "rules/good.yar": "rule good { condition: true }\n",
    "rules/bad.yar": "rule bad {\n  condition:\n    nothing_known\n}\n",
    "stoq.cfg": "[yara]\nworker_rules = rules\n",
  });
  const { code, stdout } = await runStoq(["test", "yara", "--config-file", folder.at("stoq.cfg")]);
  assert.equal(code, 1);
  const [line, ...others] = failures(stdout);
  assert.deepEqual(others, []);
  assert.match(line!, /^yara: worker_rules: .*\/rules\/bad\.yar:3: .*nothing_known/);
  assert.match(stdout, /worker_rules: 1 rule, dispatch_rules: \d+ rules/);
  assert.match(stdout, /^yara: worker_rules: 1 exact, 0 filtered, 0 opaque$/m);
});

Deno.test("plugins that throw, lack what they require or have a broken manifest are named", async () => {
  const manifest = (name: string, more = {}) =>
    JSON.stringify({ name, version: "1.0.0", description: "x", roles: ["worker"], api: 1, ...more });
  using folder = new TempFolder({
    "plugins/thrower/manifest.json": manifest("thrower"),
    "plugins/thrower/mod.ts": 'export default () => { throw new Error("no\\nlicence\\x1b[2J"); };',
    "plugins/needy/manifest.json": manifest("needy", { requires: ["nobody"] }),
    "plugins/needy/mod.ts":
      "export default () => ({ scan() {}, check: () => ({ facts: 5, errors: ['no key'] }) });",
    "plugins/broken/manifest.json": "{}",
  });
  const { code, stdout, stderr } = await runStoq(["test", "--plugin-dir", folder.at("plugins")]);
  assert.equal(stderr, "");
  assert.equal(code, 1);
  const [broken, requires, key, facts, thrower, ...others] = failures(stdout);
  assert.deepEqual(others, []);
  assert.match(
    broken!,
    /^Plugin folder ".*\/broken" was skipped: its manifest\.json is broken; "name" is missing/,
  );
  assert.equal(requires, 'needy: requires the worker "nobody", which is not installed');
  assert.equal(key, "needy: no key");
  assert.equal(facts, "needy: its check: facts must be a list, got a value of type number");
  assert.equal(thrower, 'thrower: Plugin "thrower" failed to load: Error: no; licence\\x1b[2J');
  assert.match(stdout, /3 FAILED \(/);
});

Deno.test("a broken configuration and unknown names are exit code 2", async () => {
  using folder = new TempFolder({
    "stoq.cfg": "[core]\nmax_recursion = 0\n[hash]\nalgoritms = md5\n",
    "empty/x": "",
  });
  const config = await runStoq(["test", "--config-file", folder.at("stoq.cfg")]);
  assert.equal(config.code, 2);
  assert.equal(config.stdout, "");
  assert.match(config.stderr, /stoq\.cfg line 2: max_recursion must be at least 1, got 0/);
  assert.match(config.stderr, /stoq\.cfg line 4: .*did you mean "algorithms"/);
  const name = await runStoq(["test", "hsah"]);
  assert.equal(name.code, 2);
  assert.equal(name.stderr, 'stoq: No plugin "hsah" is installed, did you mean "hash"?\n');
  const bare = await runStoq(["test", "empty"], { cwd: folder.path });
  assert.equal(bare.stderr, 'stoq: No plugin "empty" is installed, did you mean "./empty"?\n');
  const path = await runStoq(["test", folder.at("empty")]);
  assert.equal(path.code, 2);
  assert.match(
    path.stderr,
    /^stoq: Plugin ".*\/empty" can't be tested: Plugin ".*" can't be used: it has no manifest\.json\n$/,
  );
});

Deno.test("options of the configuration don't change the cases, but are what a plugin is loaded with", async () => {
  const { code, stdout } = await runStoq(["test", "hash", "--plugin-opts", "hash:algorithms=crc32"]);
  assert.deepEqual(failures(stdout), []);
  assert.equal(code, 0);
  const bad = await runStoq(["test", "jinja", "--plugin-opts", "jinja:template=/no/such/template"]);
  assert.equal(bad.code, 1);
  assert.match(failures(bad.stdout)[0]!, /^jinja: Plugin "jinja" failed to load: .*\/no\/such\/template/);
});

Deno.test("a plugin that never loads is given up at its deadline", async () => {
  using folder = plugin([worker({ expect: { results: { capitals: 4 } } })]);
  folder.write("shout/mod.ts", "export default () => new Promise(() => {});");
  const { code, stdout } = await runStoq([
    "test",
    folder.at("shout"),
    "--timeout",
    "1",
    "--isolation",
    "none",
  ]);
  assert.equal(code, 1);
  assert.deepEqual(failures(stdout), [
    "shout: failed to check its configuration: no answer within 1 s",
  ]);
});

Deno.test("a provider that never ends is stopped at its deadline", async () => {
  using folder = new TempFolder({
    "wait/manifest.json": JSON.stringify({ ...MANIFEST, name: "wait", roles: ["provider"], options: {} }),
    "wait/mod.ts": "export default () => ({ async *ingest() { await new Promise(() => {}); } });",
    "wait/cases.json": JSON.stringify({
      cases: [{ name: "one", role: "provider", expect: { deliveries: [] } }],
    }),
  });
  const { code, stdout } = await runStoq(["test", folder.at("wait"), "--timeout", "1"]);
  assert.equal(code, 1);
  assert.match(
    failures(stdout)[0]!,
    /^wait, case "one": an error that is not expected, plugin-timeout: .* no answer within 1 s$/,
  );
});
