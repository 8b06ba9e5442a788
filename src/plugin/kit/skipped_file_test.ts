import assert from "node:assert/strict";
import { unknownName } from "../../core/contract/raw_name.ts";
import { PluginError } from "../../core/contract/plugin_error.ts";
import { skippedEntry, skippedFile, skippedFolder } from "./skipped_file.ts";

const refused = Object.assign(new Error("Permission denied (os error 13): open 'a'"), { code: "EACCES" });

Deno.test("a file that can't be read is a loss with the system's reason", () => {
  assert.deepEqual(skippedFile("/in/a", refused), {
    name: "/in/a",
    code: "file-not-readable",
    reason: "it can't be read: Permission denied (EACCES)",
    isLoss: true,
  });
});

Deno.test("a refusal of the kit keeps its code, and contains its path once", () => {
  const tooLarge = new PluginError(
    "file-too-large",
    'read "/in/a": must have at most 4 bytes, got 5',
  );
  assert.deepEqual(skippedFile("/in/a", tooLarge), {
    name: "/in/a",
    code: "file-too-large",
    reason: "must have at most 4 bytes, got 5",
    isLoss: true,
  });
});

Deno.test("what is no regular file is no loss, a folder or name that can't be opened is", () => {
  const notRegular = new PluginError("file-not-regular", 'read "/in/a": it is a symbolic link');
  assert.equal(skippedFile("/in/a", notRegular).isLoss, false);
  assert.equal(skippedEntry("/in/a", { isSymlink: true, isDirectory: false, isFile: false }).isLoss, false);
  assert.equal(skippedFolder("/in", refused).isLoss, true);
});

Deno.test("a name that can't be reached is a loss of its own, and is shown as it is listed", () => {
  const error = Object.assign(new Error("Invalid or incomplete multibyte or wide character (os error 84)"), {
    code: "EILSEQ",
  });
  const path = `/in/${unknownName("a\ufffd", 3)}`;
  for (const { name, code, isLoss } of [skippedFile(path, error), skippedFolder(path, error)]) {
    assert.deepEqual({ name, code, isLoss }, { name: "/in/a\ufffd", code: "name-not-utf8", isLoss: true });
  }
});

Deno.test("a defect is thrown", () => {
  assert.throws(() => skippedFile("/in/a", new TypeError("x is not a function")), TypeError);
});
