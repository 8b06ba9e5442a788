import assert from "node:assert/strict";
import { PluginError } from "../../core/contract/plugin_error.ts";
import { kindOf, systemFailure } from "./file_failure.ts";
import { systemErrorOf } from "./testing/faulty_storage.ts";

Deno.test("an entry is a link, a folder, a file or a device", () => {
  const no = { isSymlink: false, isDirectory: false, isFile: false };
  assert.equal(kindOf({ ...no, isSymlink: true }), "a symbolic link");
  assert.equal(kindOf({ ...no, isDirectory: true }), "a folder");
  assert.equal(kindOf({ ...no, isFile: true }), "a file");
  assert.equal(kindOf(no), "a device, pipe or socket");
});

Deno.test("the system's error becomes a failure with code, action and reason, any other error stays", () => {
  const cause = systemErrorOf("ENOENT");
  const failure = systemFailure(cause, "file-not-read", 'read "/a"');
  assert.ok(failure instanceof PluginError);
  assert.equal(failure.code, "file-not-read");
  assert.match(failure.message, /^read "\/a": .*ENOENT/);
  assert.equal(failure.cause, cause);
  const bug = new TypeError("bug");
  assert.equal(systemFailure(bug, "file-not-read", "read"), bug);
});
