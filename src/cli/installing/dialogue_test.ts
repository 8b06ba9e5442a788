import assert from "node:assert/strict";
import type { Manifest } from "../../plugin/manifest.ts";
import { describePlugin, describeUpgrade, question } from "./dialogue.ts";
import { fakeDeps, fakeManifest } from "./testing/fake_deps.ts";
import { fetchPlugin } from "./fetched_plugin.ts";
import { lockedForm } from "./store.ts";

async function fetched(manifest: Partial<Manifest>, module = "export default 1;") {
  const files = { "/work/x/mod.ts": module, "/work/x/manifest.json": fakeManifest({ ...manifest }) };
  const deps = fakeDeps({ files });
  const plugin = await fetchPlugin(deps, { kind: "folder", path: "/work/x" });
  return {
    plugin,
    locked: await lockedForm((content) => deps.system.sha256(content), plugin, "/home/plugins/shout"),
  };
}

Deno.test("all that a plugin asks is shown, and nothing of it steers a terminal", async () => {
  const { plugin, locked } = await fetched({
    description: "Nice\u001b[2J\u202e",
    permissions: { net: ["a.example:443", "b\u001b.example"], run: ["sh"] },
  });
  const text = describePlugin(plugin, locked);
  assert.ok(text.startsWith("Plugin shout 1.0.0: Nice\\x1b[2J\\u{202e}\n"), text);
  assert.ok(
    text.includes(
      "  permissions net a.example:443\n              net b\\x1b.example\n              run sh\n",
    ),
    text,
  );
});

Deno.test("an upgrade shows permissions that come, go and stay before anything else", async () => {
  const before = await fetched({ permissions: { net: ["a.example"], read: ["/old"] } });
  const after = await fetched(
    { version: "2.0.0", permissions: { net: ["a.example", "b.example"] } },
    "export default 2;",
  );
  const lines = describeUpgrade(after.plugin, before.locked, after.locked).split("\n");
  assert.deepEqual(lines.slice(0, 5), [
    "Plugin shout 1.0.0 will change:",
    "  permissions + net b.example",
    "              - read /old",
    "                net a.example",
    "  version     1.0.0 -> 2.0.0",
  ]);
  assert.deepEqual(lines.slice(6, 8).map((line) => [line[4], line.split(" ").at(-1)]), [[
    "~",
    "manifest.json",
  ], ["~", "mod.ts"]]);
});

Deno.test("no text is long enough to push the permissions off the screen", async () => {
  const { plugin, locked } = await fetched({
    description: "x".repeat(100_000),
    permissions: { net: ["y".repeat(9999), "z"], run: ["sh"] },
  });
  const lines = describePlugin(plugin, locked).split("\n");
  assert.ok(Math.max(...lines.map((line) => line.length)) < 600);
  assert.equal(question(locked, false), "Install it, with permissions net (2), run (1)? [y/N] ");
});
