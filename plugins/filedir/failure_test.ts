import assert from "node:assert/strict";
import { isSystemError, quote, systemReason } from "./failure.ts";

Deno.test("a quoted name can't steer a terminal or turn text around", () => {
  assert.equal(quote('a\x1b[31m\n"b'), '"a\\u001b[31m\\n\\"b"');
  assert.equal(quote("\x7f\x9b\u202e\u2028\u2066"), '"\\u007f\\u009b\\u202e\\u2028\\u2066"');
  assert.equal(quote("naïve 猫"), '"naïve 猫"');
});

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
