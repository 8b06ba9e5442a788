import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../core/contract/limits.ts";
import { DenoSystem } from "../host/deno_system.ts";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import type { LockedPlugin } from "../plugin/lock.ts";
import { Registry } from "../plugin/registry.ts";
import { type Placement, Placements } from "./placement.ts";

const MANIFEST = '{"name":"shout","version":"1.0.0","description":"Test","roles":["connector"],"api":1}';

async function lockedShout(): Promise<LockedPlugin> {
  const sha256 = await new DenoSystem().sha256(new TextEncoder().encode(MANIFEST));
  const file = { sha256, size: MANIFEST.length };
  const files = { "manifest.json": file, "mod.ts": file };
  const packages = { "left-pad@1.3.0": "sha512-x" };
  return {
    reference: "/work/shout",
    version: "1.0.0",
    folder: "/work/home/shout",
    permissions: {},
    files,
    packages,
  };
}

/** The placement of a plugin under the default isolation. */
function placementOf(registry: Registry, name: string): Placement | undefined {
  return new Placements({
    registry,
    optionsOf: () => ({}),
    resolvePath: (path) => path,
    warn: () => {},
    isolation: "process",
    rulesOf: () => undefined,
    isGranted: () => true,
    ownFolders: [],
    ownHost: undefined,
    outputPaths: [],
    limits: DEFAULT_LIMITS,
    stoqHome: "/work/home",
    poolSize: 1,
  }).of(name);
}

Deno.test("an installed plugin of any role runs in a runner, is verified, and its packages are not downloaded again", async () => {
  const files = new MemoryFiles({
    "/work/home/shout/manifest.json": MANIFEST,
    "/work/home/shout/mod.ts": "changed",
  });
  const registry = new Registry();
  const system = { files, sha256: (content: Uint8Array) => new DenoSystem().sha256(content) };
  await registry.addInstalled(system, { shout: await lockedShout() });
  const placement = placementOf(registry, "shout");
  assert.ok(placement);
  assert.equal(placement.module, undefined);
  assert.deepEqual(placement.needs.codeFolders, ["/work/home/shout"]);
  await assert.rejects(placement.verify!(), {
    code: "plugin-changed",
    message: /mod\.ts" has changed: its sha256 must be/,
  });
});

Deno.test("of the shipped modules only that of the plugin itself is fetched where the cache lacks it", () => {
  const { href } = new URL("../../plugins/mimetype/mod.ts", import.meta.url);
  assert.equal(placementOf(new Registry(), "mimetype")?.module, href);
});
