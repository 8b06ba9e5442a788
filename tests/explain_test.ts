import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

Deno.test("explain prints what the code of a finding means", async () => {
  const { code, stdout, stderr } = await runStoq(["explain", "bidi-override"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^bidi-override: Path has [^\n]*\nfinding of decompress · severity high · ATT&CK T1036\.002\n\n\w/,
  );
});

Deno.test("explain knows findings of plugin folders, and prints nothing of them that a terminal acts on", async () => {
  const manifest = {
    name: "strange",
    version: "1.0.0",
    description: "A plugin",
    roles: ["worker"],
    api: 2,
    findings: { "odd-thing": { title: "Odd\u001b[31m", severity: "low", doc: "first\nsecond\u001b[2J" } },
  };
  using folder = new TempFolder({
    "strange/manifest.json": JSON.stringify(manifest),
    "strange/mod.ts": "export default () => ({ scan() {} });",
  });
  const { code, stdout } = await runStoq(["explain", "--plugin-dir", folder.path, "--", "odd-thing"]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    "odd-thing: Odd\\x1b[31m\nfinding of strange · severity low\n\nfirst\nsecond\\x1b[2J\n",
  );
});

Deno.test("explain prints a blind spot and an error of one code", async () => {
  const { code, stdout } = await runStoq(["explain", "plugin-failed", "encrypted"]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^plugin-failed\nblind spot\n\n.*\n\nplugin-failed\nerror\n\n.*\n\nencrypted\nblind spot\n\n/s,
  );
});

Deno.test("explain of an unknown code names the nearest one and exits with 2", async () => {
  const { code, stdout, stderr } = await runStoq(["explain", "enrypted"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr, 'stoq: "enrypted" is not a known code, did you mean "encrypted"?\n');
  const none = await runStoq(["explain"]);
  assert.deepEqual([none.code, none.stderr], [
    2,
    "stoq: explain needs the CODE of a finding, blind spot or error\n",
  ]);
});
