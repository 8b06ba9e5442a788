import assert from "node:assert/strict";
import type { System } from "../core/ports/system.ts";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import type { OptionKey } from "./option_table.ts";
import { type OptionSources, resolveOptions } from "./resolve.ts";

const MANIFEST = JSON.stringify({
  name: "test-worker",
  version: "1.0.0",
  description: "A worker for tests",
  roles: ["worker"],
  api: 1,
  options: {
    word: { type: "string", default: "manifest", doc: "A word" },
    some_path: { type: "path", default: "data", doc: "A path" },
    enabled: { type: "boolean", default: true, doc: "A switch" },
  },
});
const PLUGIN = { "/work/plugins/test-worker/manifest.json": MANIFEST };

/** Files and environment of a test. */
interface Machine {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function systemOf({ files = {}, env = {} }: Machine): System {
  return {
    files: new MemoryFiles({ ...PLUGIN, ...files }),
    clock: { now: () => 0, date: () => new Date(0), after: () => () => {} },
    keepsOutput: () => Promise.resolve(true),
    processors: 1,
    env: (name) => ({ HOME: "/home/me", ...env })[name],
    envNames: () => Object.keys(env),
    newId: () => "id",
    sha256: () => "",
    warn: () => {},
    openLogFile: () => Promise.reject(new Error("options are resolved without a log")),
  };
}

function resolve(machine: Machine, sources: Omit<OptionSources, "system"> = {}) {
  return resolveOptions({ system: systemOf(machine), ...sources });
}

const flags = (values: Partial<Record<OptionKey, string | boolean | string[]>>) =>
  new Map(Object.entries(values)) as Map<OptionKey, string | boolean | string[]>;

Deno.test("constructor beats flag, flag beats environment, environment beats stoq.cfg, stoq.cfg beats the default", async () => {
  const files = { "/home/me/.stoq/stoq.cfg": "[core]\nmax_recursion = 5\n" };
  const env = { STOQ_MAX_RECURSION: "4" };
  const maxRecursion = async (machine: Machine, sources = {}) =>
    (await resolve(machine, sources)).values.maxRecursion;
  assert.equal(await maxRecursion({}), 10);
  assert.equal(await maxRecursion({ files }), 5);
  assert.equal(await maxRecursion({ files, env }), 4);
  const flag = { flags: flags({ maxRecursion: "3" }) };
  assert.equal(await maxRecursion({ files, env }, flag), 3);
  assert.equal(await maxRecursion({ files, env }, { ...flag, given: { maxRecursion: 2 } }), 2);
});

Deno.test("absent is undefined, while empty and false are values", async () => {
  const { values } = await resolve({ files: { "/home/me/.stoq/stoq.cfg": "[core]\nalways_dispatch =\n" } });
  assert.equal(values.alwaysDispatch, undefined);
  assert.equal(values.requestSource, undefined);
  const given = await resolve({}, { given: { alwaysDispatch: [] }, flags: flags({ requestSource: "" }) });
  assert.deepEqual(given.values.alwaysDispatch, []);
  assert.equal(given.values.requestSource, "");
});

Deno.test("naming one plugin of any role on the command line makes the configured lists not count", async () => {
  const files = {
    "/home/me/.stoq/stoq.cfg":
      "[core]\nplugin_dir_list = /work/plugins\nalways_dispatch = test-worker\nmax_recursion = 3\n",
  };
  assert.deepEqual((await resolve({ files })).values.alwaysDispatch, ["test-worker"]);
  const named = await resolve({ files }, { flags: flags({ startDispatch: ["test-worker"] }) });
  assert.equal(named.values.alwaysDispatch, undefined);
  assert.equal(named.values.maxRecursion, 3);
});

Deno.test("a configuration file that is named must be there, the one in STOQ_HOME need not", async () => {
  assert.deepEqual((await resolve({ env: { STOQ_HOME: "/nowhere" } })).stoqHome, "/nowhere");
  const { problems } = await resolve({}, { flags: flags({ configFile: "my.cfg" }) });
  assert.deepEqual(problems, ['Configuration file "/work/my.cfg" can\'t be read: it does not exist']);
  const folder = await resolve({}, { flags: flags({ configFile: "plugins" }) });
  assert.deepEqual(folder.problems, [
    'Configuration file "/work/plugins" can\'t be read: it is a directory, must be a file',
  ]);
});

Deno.test("all problems are reported at once, with place and nearest name", async () => {
  const cfg = `[core]
max_recursoin = 3
max_required_worker_depth = deep
plugin_dir_list = /work/plugins
[limits]
payload_bytes = 0
[test-worker]
wrod = x
enabled = maybe
[test-wroker]
word = x
`;
  const { problems } = await resolve(
    { files: { "/etc/stoq.cfg": cfg }, env: { STOQ_LOG_LEVEL: "loud" } },
    {
      flags: flags({
        configFile: "/etc/stoq.cfg",
        maxRecursion: "0",
        startDispatch: ["test-worke"],
        connectors: ["test-worker"],
        pluginOpts: ["nonsense", "test-worker:enabled=7"],
      }),
    },
  );
  assert.deepEqual(problems, [
    "--max-recursion must be at least 1, got 0",
    '/etc/stoq.cfg line 3: max_required_worker_depth must be a number, got "deep"',
    'STOQ_LOG_LEVEL must be one of debug, info, warning, error, critical, got "loud"',
    "/etc/stoq.cfg line 6: payload_bytes must be at least 1, got 0",
    '--connectors: plugin "test-worker" can\'t be a connector: it is worker',
    '--start-dispatch: no plugin "test-worke" is installed, did you mean "test-worker"?',
    '/etc/stoq.cfg line 2: "max_recursoin" is not an option of [core], did you mean "max_recursion"?',
    '--plugin-opts must be PLUGIN:OPTION=VALUE, got "nonsense"',
    '--plugin-opts test-worker:enabled must be true or false, got "7"',
    '/etc/stoq.cfg line 8: [test-worker] wrod is not an option of plugin "test-worker", did you mean "word"?',
    '/etc/stoq.cfg line 9: [test-worker] enabled must be true or false, got "maybe"',
    '/etc/stoq.cfg line 11: [test-wroker] word: no plugin "test-wroker" is installed, did you mean "test-worker"?',
  ]);
});

Deno.test("options of plugins come from constructor, flag, section and manifest, in that order", async () => {
  const cfg = "[core]\nplugin_dir_list = /work/plugins\n[test-worker]\nword = file\nsome_path = here\n";
  const machine = { files: { "/etc/stoq/stoq.cfg": cfg } };
  const configured = { configFile: "/etc/stoq/stoq.cfg" };
  const options = async (sources: Omit<OptionSources, "system">) =>
    (await resolve(machine, sources)).pluginOptionsOf("test-worker");
  assert.deepEqual(await options({ flags: flags(configured) }), {
    word: "file",
    somePath: "/etc/stoq/here",
    enabled: true,
  });
  const flag = flags({
    ...configured,
    pluginOpts: ["test-worker:word=flag=100%", "test-worker:enabled=false"],
  });
  assert.deepEqual(await options({ flags: flag }), {
    word: "flag=100%",
    somePath: "/etc/stoq/here",
    enabled: false,
  });
  const givenPluginOpts = { "test-worker": { word: "given", somePath: "mine" } };
  assert.deepEqual(await options({ flags: flag, givenPluginOpts }), {
    word: "given",
    somePath: "/work/mine",
    enabled: false,
  });
});

Deno.test("a manifest's default path starts at the working folder", async () => {
  const { pluginOptionsOf } = await resolve({}, { flags: flags({ pluginDirList: ["plugins"] }) });
  assert.deepEqual(pluginOptionsOf("test-worker"), {
    word: "manifest",
    somePath: "/work/data",
    enabled: true,
  });
});

Deno.test("a plugin can be named by the path of its folder", async () => {
  const { values, problems } = await resolve({}, {
    flags: flags({ alwaysDispatch: ["./plugins/test-worker"] }),
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(values.alwaysDispatch, ["test-worker"]);
});

Deno.test("a broken manifest is a note, and a problem only for who names that plugin", async () => {
  const files = { "/work/more/broken/manifest.json": "{}" };
  const source = { pluginDirList: ["more"] };
  const { problems, registry } = await resolve({ files }, { flags: flags(source) });
  assert.deepEqual(problems, []);
  assert.match(
    registry.notes[0]!,
    /^Plugin folder "\/work\/more\/broken" was skipped: its manifest\.json is broken\n {2}"name" is missing/,
  );
  const named = await resolve({ files }, { flags: flags({ ...source, alwaysDispatch: ["broken"] }) });
  assert.match(
    named.problems[0]!,
    /^--always-dispatch: plugin "broken" can't be used\. Plugin folder .* is broken/,
  );
});

Deno.test("a folder of plugins that can't be used is a problem for the command line, a note for the library", async () => {
  const files = { "/home/me/.stoq/stoq.cfg": "[core]\nplugin_dir_list = /work/gone\n" };
  const needed = { needsPluginDirs: true };
  assert.deepEqual((await resolve({ files }, needed)).problems, [
    '/home/me/.stoq/stoq.cfg line 2: plugin_dir_list: Plugin folder "/work/gone" can\'t be used: it does not exist',
  ]);
  const file = "plugins/test-worker/manifest.json";
  assert.deepEqual((await resolve({}, { ...needed, flags: flags({ pluginDirList: [file] }) })).problems, [
    `--plugin-dir: Plugin folder "/work/${file}" can't be used: it is not a directory`,
  ]);
  const { problems, registry } = await resolve({ files });
  assert.deepEqual(problems, []);
  assert.deepEqual(registry.notes, ['Plugin folder "/work/gone" can\'t be used: it does not exist']);
});

Deno.test("of two plugins with the same name that of the later folder is used, with a note", async () => {
  const files = { "/work/plugins2/mine/manifest.json": MANIFEST.replace("1.0.0", "2.0.0") };
  const { registry } = await resolve({ files }, { flags: flags({ pluginDirList: ["plugins", "plugins2"] }) });
  assert.equal(registry.get("test-worker")?.manifest.version, "2.0.0");
  assert.deepEqual(registry.notes, [
    'Plugin "test-worker" in "/work/plugins2/mine" replaces the one in "/work/plugins/test-worker"',
  ]);
});

Deno.test("values that only [DEFAULT] has are not reported as unknown options", async () => {
  const { problems, values } = await resolve({
    files: { "/home/me/.stoq/stoq.cfg": "[DEFAULT]\nrounds = 7\n[core]\nmax_recursion = %(rounds)s\n" },
  });
  assert.deepEqual(problems, []);
  assert.equal(values.maxRecursion, 7);
});

Deno.test("a plugin takes from [DEFAULT] what it has an option for", async () => {
  const cfg = "[DEFAULT]\nword = common\nother = x\n[core]\nplugin_dir_list = /work/plugins\n[test-worker]\n";
  const { problems, pluginOptionsOf } = await resolve({ files: { "/home/me/.stoq/stoq.cfg": cfg } });
  assert.deepEqual(problems, []);
  assert.equal(pluginOptionsOf("test-worker").word, "common");
});

Deno.test("a plugin's key without a value leaves the default where nothing is no value", async () => {
  const cfg = "[core]\nplugin_dir_list = /work/plugins\n[test-worker]\nenabled =\nsome_path\nword =\n";
  const { problems, pluginOptionsOf } = await resolve({ files: { "/home/me/.stoq/stoq.cfg": cfg } });
  assert.deepEqual(problems, []);
  assert.deepEqual(pluginOptionsOf("test-worker"), { word: "", somePath: "/work/data", enabled: true });
});

Deno.test("limits may be unlimited, and never zero", async () => {
  const cfg = (value: string) => ({
    files: { "/home/me/.stoq/stoq.cfg": `[limits]\npayloads = ${value}\n` },
  });
  assert.equal((await resolve(cfg("unlimited"))).limits.payloads, Infinity);
  for (const value of ["0", "-1", "NaN", "none", "1e3"]) {
    assert.equal((await resolve(cfg(value))).problems.length, 1, value);
  }
});

Deno.test("a path without a plugin is reported with what is missing there", async () => {
  const { problems } = await resolve({}, { flags: flags({ alwaysDispatch: ["./plugins"] }) });
  assert.deepEqual(problems, [
    '--always-dispatch: plugin "./plugins" can\'t be used. Plugin "/work/plugins" can\'t be used: it has no manifest.json',
  ]);
  const others = await resolve({}, {
    flags: flags({ alwaysDispatch: ["./gone", "plugins/test-worker/manifest.json"] }),
  });
  assert.deepEqual(others.problems, [
    '--always-dispatch: plugin "./gone" can\'t be used. Plugin "/work/gone" can\'t be used: no such folder',
    '--always-dispatch: plugin "plugins/test-worker/manifest.json" can\'t be used. Plugin ' +
    '"/work/plugins/test-worker/manifest.json" can\'t be used: it is a file, must be the folder of a plugin',
  ]);
  const url = await resolve({}, { flags: flags({ alwaysDispatch: ["file:///work/plugins/test-worker"] }) });
  assert.deepEqual(url.problems, [
    '--always-dispatch: plugin "file:///work/plugins/test-worker" can\'t be used: must be the path of its folder, not a file: URL',
  ]);
});

Deno.test("a wrong name in a list is said with the place that set it", async () => {
  const cfg = "[core]\nmax_recursion = 3\nalways_dispatch = hash, peinfo\n";
  const files = { "/home/me/.stoq/stoq.cfg": cfg };
  const said = 'no plugin "peinfo" is installed';
  assert.deepEqual((await resolve({ files })).problems, [
    `/home/me/.stoq/stoq.cfg line 3: always_dispatch: ${said}`,
  ]);
  assert.deepEqual((await resolve({ env: { STOQ_ALWAYS_DISPATCH: "peinfo" } })).problems, [
    `STOQ_ALWAYS_DISPATCH: ${said}`,
  ]);
  assert.deepEqual((await resolve({}, { given: { alwaysDispatch: ["peinfo"] } })).problems, [
    `alwaysDispatch: ${said}`,
  ]);
});

Deno.test("a plugin's option that is undefined is as good as not given", async () => {
  const { problems, pluginOptionsOf } = await resolve({}, {
    flags: flags({ pluginDirList: ["plugins"] }),
    givenPluginOpts: { "test-worker": { word: undefined }, "hash": undefined },
  });
  assert.deepEqual(problems, []);
  assert.equal(pluginOptionsOf("test-worker").word, "manifest");
});

Deno.test("a configuration file that refuses to be looked at is a problem, not a crash", async () => {
  const system = systemOf({});
  system.files.kindOf = () => Promise.reject(new Error("Permission denied (os error 13)"));
  const { problems } = await resolveOptions({ system });
  assert.deepEqual(problems, [
    'Configuration file "/home/me/.stoq/stoq.cfg" can\'t be read: Permission denied (os error 13)',
  ]);
});

Deno.test("a section belongs to a plugin that the file names by path, although flags replace its list", async () => {
  const files = {
    "/home/me/.stoq/stoq.cfg":
      "[core]\nalways_dispatch = /work/plugins/test-worker\n[test-worker]\nword = file\n",
  };
  const replaced = { flags: flags({ alwaysDispatch: ["hash"] }) };
  const { problems, values, registry } = await resolve({ files }, replaced);
  assert.deepEqual(problems, []);
  assert.deepEqual(values.alwaysDispatch, ["hash"]);
  assert.equal(registry.get("test-worker"), undefined);
  assert.equal((await resolve({ files })).pluginOptionsOf("test-worker").word, "file");

  const wrong = {
    "/home/me/.stoq/stoq.cfg": files["/home/me/.stoq/stoq.cfg"] + "wrod = x\n[other]\nx = 1\n",
  };
  assert.deepEqual((await resolve({ files: wrong }, replaced)).problems, [
    '/home/me/.stoq/stoq.cfg line 5: [test-worker] wrod is not an option of plugin "test-worker", did you mean "word"?',
    '/home/me/.stoq/stoq.cfg line 7: [other] x: no plugin "other" is installed',
  ]);
});

Deno.test("a removed option is a note wherever it is set, and no problem", async () => {
  const { notes, problems, values } = await resolve({
    files: { "/home/me/.stoq/stoq.cfg": "[core]\nalways_dispatch = test-worker\nlook_ahead_after = soon\n" },
    env: { STOQ_LOOK_AHEAD_AFTER: "unlimited" },
  }, { given: { lookAheadAfter: 1, pluginDirList: ["/work/plugins"] } });
  assert.deepEqual(problems, []);
  const rest = "is no longer an option (removed in 4.0.0-alpha.2): " +
    "delete it: a round always waits for its slowest call";
  assert.deepEqual(notes, [
    `lookAheadAfter ${rest}`,
    `STOQ_LOOK_AHEAD_AFTER ${rest}`,
    `/home/me/.stoq/stoq.cfg line 3: look_ahead_after ${rest}`,
  ]);
  assert.ok(!("lookAheadAfter" in values));
});

Deno.test("where no removed option is set there is no note of it", async () => {
  const { notes } = await resolve({
    files: { "/home/me/.stoq/stoq.cfg": "[core]\nalways_dispatch = test-worker\n" },
  }, { given: { pluginDirList: ["/work/plugins"] } });
  assert.deepEqual(notes, []);
});

Deno.test("a variable STOQ_<KEY> that sets no option is a note with the nearest name", async () => {
  const env = {
    STOQ_MAX_RECURSON: "3",
    STOQ_MAX_RECURSION: "4",
    STOQ_HOME: "/home/me/.stoq",
    STOQ_LOOK_AHEAD_AFTER: "1",
    "STOQ_\x1b[2J": "",
    STOQUE: "1",
  };
  const { notes, problems } = await resolve({ env });
  assert.deepEqual(problems, []);
  assert.deepEqual(notes.filter((note) => note.startsWith("Environment")), [
    'Environment variable "STOQ_MAX_RECURSON" is ignored: it is not an option of stoQ, did you mean "STOQ_MAX_RECURSION"?',
    'Environment variable "STOQ_\\x1b[2J" is ignored: it is not an option of stoQ',
  ]);
});
