import assert from "node:assert/strict";
import { systemStorage } from "./system_storage.ts";
import { temporaryFolder } from "./testing/files.ts";
import { isGone, isSystemError, systemReason } from "./system_error.ts";

Deno.test("a system error's reason has its code and not its path", async () => {
  const error = await Deno.open("/no/such/\x1b[31m").catch((error: unknown) => error);
  assert.ok(isSystemError(error));
  assert.equal(systemReason(error), "No such file or directory (ENOENT)");
});

Deno.test("the reason is the same whose function found it", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/file`, "content");
  for (const name of ["none", "file/below", "long".repeat(100), "quote', here"]) {
    const path = `${folder.path}/${name}`;
    const [ofDeno, ofNode] = await Promise.all(
      [Deno.open(path), systemStorage.open(path)].map((opening) =>
        opening.then(() => assert.fail("it was opened"), (error: unknown) => {
          assert.ok(isSystemError(error));
          return systemReason(error);
        })
      ),
    );
    assert.match(ofNode!, /^[A-Z][a-z ]+ \(E[A-Z]+\)$/);
    assert.equal(ofNode!.split("(")[1], ofDeno!.split("(")[1]);
  }
});

Deno.test("a name that no system call takes has its code alone as the reason", async () => {
  const error = await Deno.open("\x1b[31m\0").catch((error: unknown) => error);
  assert.ok(isSystemError(error));
  assert.equal(systemReason(error), "EINVAL");
});

Deno.test("a bug and a refused permission are no system errors", () => {
  assert.equal(isSystemError(new TypeError("bug")), false);
  assert.equal(isSystemError(new Deno.errors.NotCapable("refused")), false);
  assert.equal(isSystemError({ code: "ENOENT" }), false);
});

Deno.test("a missing file and a file in the place of a folder mean that a path is gone", async () => {
  const file = await Deno.makeTempFile();
  const failureOf = (path: string) => Deno.lstat(path).catch((error: unknown) => error);
  assert.equal(isGone(await failureOf("/no/such")), true);
  assert.equal(isGone(await failureOf(`${file}/below`)), true);
  assert.equal(isGone(await failureOf("\0")), false);
  assert.equal(isGone(new Error("ENOENT")), false);
  await Deno.remove(file);
});
