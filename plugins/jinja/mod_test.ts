import assert from "node:assert/strict";
import { type Plain, serializeResponse } from "../../src/plugin/define.ts";
import manifest from "./manifest.json" with { type: "json" };
import { systemErrorOf } from "../../src/plugin/kit/testing/faulty_storage.ts";
import { outputWith, saveWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import jinja, { createJinja, type JinjaOptions } from "./mod.ts";
import { fullResponse, responseOf } from "./testing/response.ts";

const DEFAULTS: JinjaOptions = { autoescape: true };

Deno.test("the plugin has the methods of its manifest's roles, and the defaults of its options", async () => {
  const plugin = await createJinja(DEFAULTS, outputWith(1));
  assert.deepEqual(Object.keys(plugin), ["decorate", "save"]);
  assert.deepEqual(manifest.roles, ["decorator", "connector"]);
  assert.equal(manifest.options.autoescape.default, DEFAULTS.autoescape);
  assert.equal("default" in manifest.options.template, false);
});

Deno.test("the decorator's result is the rendered text", async () => {
  const plugin = await createJinja(DEFAULTS, outputWith(1));
  const { results } = (await plugin.decorate!(fullResponse()))!;
  assert.equal(typeof results, "string");
  assert.match(results as string, /^# stoQ report\n/);
});

Deno.test("the connector prints what the decorator wrote, with a line end", async () => {
  const output = outputWith(7);
  const plugin = await createJinja(DEFAULTS, output);
  await saveWith(plugin, responseOf([], { decorators: { jinja: "as decorated, 猫" } }));
  await saveWith(plugin, responseOf([], { decorators: { jinja: "with its own\n" } }));
  assert.equal(output.text(), "as decorated, 猫\nwith its own\n");
});

Deno.test("the connector renders when there is no text of the decorator", async () => {
  const cases: Record<string, Plain>[] = [{}, { jinja: null }, { other: "x" }];
  for (const decorators of cases) {
    const output = outputWith(100_000);
    const plugin = await createJinja(DEFAULTS, output);
    const response = responseOf([], { decorators });
    await saveWith(plugin, response);
    const { results } = (await plugin.decorate!(response))!;
    assert.equal(output.text(), results);
  }
});

Deno.test("responses saved at once are printed one after the other", async () => {
  const output = outputWith(3);
  const plugin = await createJinja(DEFAULTS, output);
  const texts = ["first of all\n", "second of all\n", "third of all\n"];
  await Promise.all(texts.map((jinja) => saveWith(plugin, responseOf([], { decorators: { jinja } }))));
  assert.equal(output.text(), texts.join(""));
});

Deno.test("a text that can't be printed is a failure, and the next one is printed", async () => {
  const good = outputWith(100);
  const failures = [systemErrorOf("ENOSPC")];
  const plugin = await createJinja(DEFAULTS, {
    write(bytes) {
      const failure = failures.pop();
      return failure ? Promise.reject(failure) : good.write(bytes);
    },
  });
  const save = async (jinja: string) => await saveWith(plugin, responseOf([], { decorators: { jinja } }));
  await assert.rejects(() => save("full"), {
    code: "output-not-written",
    message: "Could not print to standard output: No space left on device (ENOSPC); nothing was printed",
  });
  await save("printed");
  assert.equal(good.text(), "printed\n");
});

Deno.test("the plugin changes nothing of the response", async () => {
  const response = fullResponse();
  const before = serializeResponse(response);
  await saveWith(await createJinja(DEFAULTS, outputWith(100_000)), response);
  assert.equal(serializeResponse(response), before);
});

Deno.test("the default export is the plugin over stdout", async () => {
  const context = {
    log: { debug() {}, info() {}, warn() {}, error() {} },
    signal: new AbortController().signal,
    stoqHome: "/stoq",
    pluginDir: undefined,
    outputPaths: [],
  };
  assert.deepEqual(Object.keys(await jinja(DEFAULTS, context)), ["decorate", "save"]);
});

/** Runs the plugin in a process of its own with the given permissions; `template` is empty for the shipped one. */
async function printed(permissions: readonly string[], template: string): Promise<string> {
  const script = new URL("testing/print.js", import.meta.url).href;
  const lock = new URL("../../deno.lock", import.meta.url).pathname;
  const args = [
    "run",
    "--no-config",
    // With the lock that fills the cache for this test, no list of versions has to be there.
    `--lock=${lock}`,
    "--frozen",
    "--no-prompt",
    "--cached-only",
    ...permissions,
    script,
    template,
  ];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

Deno.test("a process without permissions prints the shipped report", async () => {
  assert.match(await printed([], ""), /^# stoQ report\n[^]*\nread after loading: NotCapable\n$/);
});

Deno.test("a template and what it includes are read with the permissions that the manifest asks", async () => {
  const template = decodeURIComponent(new URL("testdata/templates/page.njk", import.meta.url).pathname);
  const [read] = manifest.permissions.read;
  const granted = `--allow-read=${read!.replace("${template}", template)}`;
  assert.match(await printed([granted], template), /^<p>head of page<\/p>\n/);
  assert.match(await printed([], template), /jinja-template-not-found/);
});
