import assert from "node:assert/strict";
import type { PayloadView, RequestView } from "../../src/plugin/define.ts";
import { CONTEXT } from "../../src/plugin/kit/testing/plugin_calls.ts";
import { MagicError } from "../../wasm/magic/mod.ts";
import manifest from "./manifest.json" with { type: "json" };
import mimetype, { createWorker } from "./mod.ts";

const REQUEST = {} as RequestView;

function payloadOf(content: Uint8Array | string): PayloadView {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { content: bytes } as PayloadView;
}

const plugin = await mimetype({}, CONTEXT);

/** What libmagic says through libmagic's `magic_buffer`, as upstream's plugin reports it. */
const CASES: readonly (readonly [string, Uint8Array | string, string])[] = [
  ["upstream's sample", "This is a magical string", "text/plain"],
  ["an empty payload", "", "application/x-empty"],
  ["bytes that are nothing known", Uint8Array.of(0, 1, 2, 3), "application/octet-stream"],
  ["a gzip header", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), "application/gzip"],
  ["JSON", '{"a": [1, 2]}', "application/json"],
  ["HTML", "<!DOCTYPE html><html></html>", "text/html"],
];

for (const [what, content, expected] of CASES) {
  Deno.test(`the media type of ${what} is ${expected}`, async () => {
    assert.deepEqual(await plugin.scan!(payloadOf(content), REQUEST), {
      results: { mimetype: expected },
      mediaType: expected,
    });
  });
}

Deno.test("the media type may depend on bytes that upstream does not look at", async () => {
  const content = new Uint8Array(34816);
  content.set(new TextEncoder().encode("\x01CD001\x01"), 32768);
  assert.deepEqual(await plugin.scan!(payloadOf(content), REQUEST), {
    results: { mimetype: "application/x-iso9660-image" },
    mediaType: "application/x-iso9660-image",
  });
});

Deno.test("an engine that fails is an error with its code and no result", async () => {
  const { scan } = createWorker({
    detect: () => Promise.reject(new MagicError("magic-crashed", "libmagic stopped")),
  });
  assert.deepEqual(await scan!(payloadOf(""), REQUEST), {
    errors: [{ message: "libmagic stopped", code: "magic-crashed" }],
  });
});

Deno.test("a bug is not reported as a failing engine", async () => {
  const { scan } = createWorker({ detect: () => Promise.reject(new TypeError("bug")) });
  await assert.rejects(async () => await scan!(payloadOf(""), REQUEST), new TypeError("bug"));
});

Deno.test("the manifest asks no permission and has the plugin's roles", () => {
  assert.deepEqual(Object.keys(plugin), ["scan"]);
  assert.deepEqual(manifest.roles, ["worker"]);
  assert.equal("permissions" in manifest, false);
});
