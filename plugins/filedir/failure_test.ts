import assert from "node:assert/strict";
import { isSystemError, systemReason } from "./failure.ts";

Deno.test("a system error's reason has its code and not its path", async () => {
  const error = await Deno.open("/no/such/\x1b[31m").catch((error: unknown) => error);
  assert.ok(isSystemError(error));
  assert.equal(systemReason(error), "No such file or directory (ENOENT)");
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
