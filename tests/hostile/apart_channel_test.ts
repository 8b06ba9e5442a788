import assert from "node:assert/strict";
import { sandbox, scanning } from "../strange_plugin.ts";

/** How the plugin's own scan and the next one of the same stoQ end; the payload's content is its number. */
async function twoScans(code: string, options = {}) {
  await using box = sandbox(code, { pluginTimeout: 4, logLevel: "critical", ...options });
  const ends: [unknown, ...(string | null)[]][] = [];
  for (const content of ["1", "2"]) {
    const { errors, results: [payload] } = await box.stoq.scan(content);
    assert.equal((payload?.workers.hash as { md5: string }).md5.length, 32);
    assert.deepEqual(errors.filter(({ pluginName }) => pluginName !== "evil"), []);
    ends.push([payload?.workers.evil, ...errors.map(({ code }) => code)]);
  }
  return ends;
}

Deno.test("a plugin that reads its process's standard input learns no secret to forge frames with", async () => {
  // It takes the call's own frame, which then nobody answers, and answers it on standard output.
  const code = `
    const stolen = new Uint8Array(1000);
    Deno.stdin.read(stolen).then(() => {
      const json = new TextEncoder().encode('{"type":"answer","id":2,"durationMs":0}');
      const body = new TextEncoder().encode('{"results":"forged"}');
      const lengths = new Uint8Array(new Uint32Array([json.length, body.length]).buffer);
      const secret = stolen.subarray(0, 16);
      Deno.stdout.writeSync(new Uint8Array([...secret, ...lengths, ...json, ...body, ...secret]));
      Deno.stderr.writeSync(new TextEncoder().encode("\\n" + secret.toHex() + " 2\\n"));
    });
    ${scanning('return { results: "honest" };')}`;
  assert.deepEqual(await twoScans(code), [["honest"], [undefined, "plugin-timeout"]]);
});

Deno.test("a plugin that leaves a line open on standard error does not keep its call from ending", async () => {
  const code = scanning(`
    Deno.stderr.writeSync(new TextEncoder().encode("no end"));
    return { results: 1 };
  `);
  assert.deepEqual(await twoScans(code), [[1], [1]]);
});
