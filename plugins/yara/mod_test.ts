import assert from "node:assert/strict";
import type { PlainRecord } from "../../src/plugin/define.ts";
import manifest from "./manifest.json" with { type: "json" };
import yara, { type YaraOptions } from "./mod.ts";
import { contextOf, DEFAULTS, matchesOf, payloadOf, REQUEST, testPath } from "./testing/payload.ts";

/** Content, names and expectations of upstream's own tests of its plugin; the rules are ours. */
const SCAN_CONTENT = "testtesttest" + "_stoQ_".repeat(10_000);
const ENGINES = ["auto", "yara-x", "libyara"] as const;

/** libyara knows of files alone, the others of rules. */
function leftOutKey(engine: typeof ENGINES[number]): string {
  return engine === "libyara" ? "rule_files_left_out" : "rules_left_out";
}

async function open(options: Partial<YaraOptions>, log: string[] = []) {
  const plugin = await yara({ ...DEFAULTS, ...options }, contextOf(log));
  return {
    scan: (content: string | Uint8Array, extraData?: PlainRecord) =>
      plugin.scan!(payloadOf(content, extraData), REQUEST),
    dispatch: (content: string | Uint8Array) => plugin.getDispatches!(payloadOf(content), REQUEST),
  };
}

const rules = (name: string) => [testPath(`conformance/${name}.yar`)];

for (const engine of ENGINES) {
  Deno.test(`${engine}: a worker reports the rule that matches, with its strings`, async () => {
    const { scan } = await open({ engine, workerRules: rules("scan") });
    const response = await scan(SCAN_CONTENT);
    const [match] = matchesOf(response?.results);
    assert.deepEqual(Object.keys(match!), [
      "tags",
      "namespace",
      "rule",
      "meta",
      "strings",
      "strings_left_out",
    ]);
    assert.deepEqual([match!.rule, match!.namespace, match!.tags], ["test_scan_rule", "default", []]);
    const strings = match!.strings as unknown[];
    assert.deepEqual(strings[0], [12, "$stoq", new TextEncoder().encode("_stoQ_")]);
    assert.deepEqual([strings.length, match!.strings_left_out], [1000, 9000]);
  });

  Deno.test(`${engine}: scans at the same time all match`, async () => {
    const { scan } = await open({ engine, workerRules: rules("scan"), stringsLimit: 1 });
    const content = SCAN_CONTENT.repeat(20);
    const responses = await Promise.all(Array.from({ length: 10 }, () => scan(content)));
    for (const response of responses) assert.equal(matchesOf(response?.results)[0]!.rule, "test_scan_rule");
  });

  Deno.test(`${engine}: strings_limit bounds the strings of a match`, async () => {
    const { scan } = await open({ engine, workerRules: rules("scan"), stringsLimit: 5 });
    const response = await scan(SCAN_CONTENT.repeat(10));
    assert.equal((matchesOf(response?.results)[0]!.strings as unknown[]).length, 5);
  });

  Deno.test(`${engine}: metadata with escapes is text`, async () => {
    const { scan } = await open({ engine, workerRules: rules("scan") });
    const response = await scan("meta_bytes");
    const [match] = matchesOf(response?.results);
    assert.equal(match!.rule, "test_scan_metadata_bytes");
    assert.deepEqual(match!.meta, { plugin: "save_false", author: "Peter Rabbit", bytes: "ANeato" });
  });

  Deno.test(`${engine}: a dispatcher names the workers of a rule's metadata and shows them the match`, async () => {
    const { dispatch } = await open({ engine, dispatchRules: rules("dispatch") });
    const response = await dispatch(SCAN_CONTENT);
    assert.deepEqual(response?.pluginNames, ["test_dispatch_plugin"]);
    assert.equal(response?.payloadMeta, undefined);
    const match = response?.meta?.test_dispatch_plugin as PlainRecord;
    assert.deepEqual([match.rule, match.tags], ["test_dispatch_rule", ["tag1", "tag2"]]);
    assert.equal((match.meta as PlainRecord).save, "True");
  });

  Deno.test(`${engine}: save = "False" keeps archivers away`, async () => {
    const { dispatch } = await open({ engine, dispatchRules: rules("dispatch") });
    const response = await dispatch("save_false");
    assert.equal(((response?.meta?.save_false as PlainRecord).meta as PlainRecord).save, "False");
    assert.deepEqual(response?.payloadMeta, { shouldArchive: false });
  });

  Deno.test(`${engine}: the first XOR key is given in decimal`, async () => {
    const { dispatch } = await open({ engine, dispatchRules: rules("dispatch") });
    const response = await dispatch("This program_A}|f5egzrgtx");
    assert.deepEqual(response?.pluginNames, ["xordecode"]);
    assert.equal(((response?.meta?.xordecode as PlainRecord).meta as PlainRecord).xorkey, "21");
  });

  Deno.test(`${engine}: without xor_first_match all keys are listed`, async () => {
    const { dispatch } = await open({ engine, dispatchRules: rules("dispatch"), xorFirstMatch: false });
    const response = await dispatch("This program_A}|f5egzrgtx Exxc1`c\x7fvbp}`p.");
    const { meta } = response?.meta?.xordecode as { meta: PlainRecord };
    assert.deepEqual(meta.xor_info, [[13, "$this_prog", [0x15]], [26, "$this_prog_2b", [0x11, 0x10]]]);
    assert.equal(meta.xorkey, undefined);
  });

  Deno.test(`${engine}: rules with a syntax error alone are an error of the call`, async () => {
    const log: string[] = [];
    const { scan, dispatch } = await open({
      engine,
      workerRules: rules("syntax_error"),
      dispatchRules: rules("syntax_error"),
    }, log);
    const response = await scan("x");
    assert.deepEqual(response?.results, { matches: [], [leftOutKey(engine)]: 1 });
    assert.deepEqual(response?.errors?.map((error) => (error as { code: string }).code), ["yara-no-rules"]);
    const { message } = response!.errors![0] as { message: string };
    assert.match(message, /^Failed to use the YARA rules of "worker_rules": .*syntax_error\.yar:3: /);
    await scan("x");
    assert.equal(log.length, 1);
    assert.match(log[0]!, /^warn: Left out YARA rules of "worker_rules": .*syntax_error\.yar:3: /);
    assert.deepEqual((await dispatch("x"))?.pluginNames, []);
  });

  Deno.test(`${engine}: a bad rule file is left out and counted, the others stay`, async () => {
    const log: string[] = [];
    const { scan } = await open({ engine, workerRules: [...rules("syntax_error"), ...rules("scan")] }, log);
    const response = await scan("meta_bytes");
    assert.deepEqual(Object.keys(response?.results as object), ["matches", leftOutKey(engine)]);
    assert.equal((response?.results as PlainRecord)[leftOutKey(engine)], 1);
    assert.equal(matchesOf(response?.results).length, 1);
    const [refused, ...others] = response?.errors as { code: string; message: string }[];
    assert.deepEqual([refused?.code, others], ["yara-rule-refused", []]);
    assert.match(refused!.message, /^Left out YARA rules of "worker_rules": .*syntax_error\.yar:3: /);
    assert.equal(log.length, 1);
  });

  Deno.test(`${engine}: externals are those of the payload and of the option`, async () => {
    const folder = await Deno.makeTempDir();
    const file = `${folder}/external.yar`;
    await Deno.writeTextFile(
      file,
      `rule named { condition: filename == "A.EXE" and extension == ".exe" and filepath == "dir/A.EXE" }
      rule at_site { condition: site == "lab \\"1\\"" and level > 3 and ratio < 1.0 and quiet and owner == "root" }
      rule nameless { condition: filename == "" and extension == "" }`,
    );
    const externals = { site: 'lab "1"', level: 4, ratio: 0.5, quiet: true, owner: "root" };
    const { scan } = await open({ engine, workerRules: [file], externals });
    const names = async (extraData?: PlainRecord) =>
      matchesOf((await scan("x", extraData))?.results).map((match) => match.rule);
    assert.deepEqual(await names({ filename: "dir/A.EXE" }), ["named", "at_site"]);
    assert.deepEqual(await names({ owner: "bob" }), ["nameless"]);
    await Deno.remove(folder, { recursive: true });
  });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: a check counts the rules of both roles and names every bad one`, async () => {
    const folder = await Deno.makeTempDir();
    const bad = `${folder}/bad.yar`;
    await Deno.writeTextFile(
      bad,
      'rule one {\n condition: nothing_known\n}\nrule two {\n strings: $a = "x"\n condition: $b\n}\n',
    );
    const plugin = await yara(
      { ...DEFAULTS, engine, workerRules: [...rules("scan"), bad], dispatchRules: rules("dispatch") },
      contextOf(),
    );
    const { facts, errors } = (await plugin.check!())!;
    await Deno.remove(folder, { recursive: true });
    const counts = facts!.filter((fact) => !/exact/.test(fact));
    assert.match(counts[0]!, /^worker_rules: \d+ rules$/);
    assert.match(counts[1]!, /^dispatch_rules: \d+ rules$/);
    const messages = errors!.map((error) => (error as { message: string }).message);
    assert.ok(messages[0]!.startsWith(`worker_rules: ${bad}:2: `), messages[0]);
    assert.deepEqual(
      new Set(errors!.map((error) => (error as { code: string }).code)),
      new Set(["yara-bad-rules"]),
    );
  });
}

/** More states than yara-x compiles; our own reader has nothing against it. */
const TOO_LARGE = "rule big { strings: $a = /((((a{1,100}){1,100}){1,100}){1,100})b/ condition: $a }";

for (const engine of ["auto", "yara-x"] as const) {
  Deno.test(`${engine}: a rule that yara-x refuses is an error of the payload that was delivered, not of each`, async () => {
    const folder = await Deno.makeTempDir();
    const file = `${folder}/rules.yar`;
    await Deno.writeTextFile(file, `rule good { condition: true }\n${TOO_LARGE}`);
    const plugin = await yara(
      { ...DEFAULTS, engine, workerRules: [file], dispatchRules: [file] },
      contextOf(),
    );
    const root = payloadOf("aaaab");
    const inner = { ...root, extractedFrom: ["root"] };
    const codesOf = (errors: unknown) => (errors as { code: string }[]).map(({ code }) => code);
    const first = await plugin.scan!(root, REQUEST);
    assert.equal(matchesOf(first?.results)[0]?.rule, "good");
    assert.deepEqual(codesOf(first?.errors), ["yara-rule-refused"]);
    const { message } = first!.errors![0] as { message: string };
    assert.ok(message.startsWith(`Left out YARA rules of "worker_rules": rule "big", ${file}:2: `), message);
    assert.deepEqual(codesOf((await plugin.scan!(inner, REQUEST))?.errors), []);
    assert.deepEqual(codesOf((await plugin.scan!(root, REQUEST))?.errors), ["yara-rule-refused"]);
    assert.deepEqual(codesOf((await plugin.getDispatches!(root, REQUEST))?.errors), ["yara-rule-refused"]);
    const again = payloadOf("aaaab", {}, { mimetype: "text/plain" });
    assert.deepEqual(codesOf((await plugin.getDispatches!(again, REQUEST))?.errors), []);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("a check says when an option names no rules", async () => {
  const plugin = await yara({ ...DEFAULTS, workerRules: [] }, contextOf());
  const { errors } = (await plugin.check!())!;
  assert.deepEqual(errors!.map((error) => (error as { code: string }).code), ["yara-no-rules"]);
});

Deno.test("a path that does not exist keeps the plugin from loading", async () => {
  await assert.rejects(open({ workerRules: ["/no/such/rules.yar"], dispatchRules: [] }), {
    name: "PluginError",
    code: "yara-rules-not-found",
    message: 'Failed to read YARA rules from "/no/such/rules.yar" (option "worker_rules"): it does not exist',
  });
  await assert.rejects(open({ dispatchRules: ["/no/such"], workerRules: [] }), /option "dispatch_rules"/);
});

Deno.test("an option that names no rules is an error of the call", async () => {
  const { scan } = await open({ workerRules: [] });
  assert.deepEqual(await scan("x"), {
    results: { matches: [] },
    errors: [{
      message:
        'Failed to use the YARA rules of "worker_rules": the option holds no rule, should name a rule ' +
        "file or a folder of them",
      code: "yara-no-rules",
    }],
    findings: [],
  });
});

Deno.test("the shipped rules are in use where options are unset", async () => {
  const log: string[] = [];
  const { scan, dispatch } = await open({}, log);
  assert.deepEqual((await scan("just text"))?.errors, []);
  assert.deepEqual((await dispatch("just text"))?.errors, []);
  assert.deepEqual(log, []);
});

Deno.test("rules of one role are not compiled for the other", async () => {
  const log: string[] = [];
  const { dispatch } = await open({
    workerRules: rules("syntax_error"),
    dispatchRules: rules("dispatch"),
  }, log);
  assert.deepEqual((await dispatch("save_false"))?.pluginNames, ["save_false"]);
  assert.deepEqual(log, []);
});

Deno.test("a payload without content is scanned", async () => {
  const { scan } = await open({ workerRules: rules("scan") });
  assert.deepEqual((await scan(""))?.results, { matches: [] });
});

Deno.test("the manifest's defaults are those of the tests", () => {
  const defaults = Object.entries(manifest.options).flatMap(([name, option]) =>
    "default" in option ? [[name, option.default]] : []
  );
  assert.deepEqual(Object.fromEntries(defaults), {
    engine: DEFAULTS.engine,
    // The tests write nothing below STOQ_HOME but where they say so.
    cache: true,
    namespace: DEFAULTS.namespace,
    profile: DEFAULTS.profile,
    matched_bytes_limit: DEFAULTS.matchedBytesLimit,
    context_bytes: DEFAULTS.contextBytes,
    xor_first_match: DEFAULTS.xorFirstMatch,
  });
});
