import assert from "node:assert/strict";
import { Pace } from "./pace.ts";
import { writeAll } from "./storage.ts";
import { systemStorage } from "./system_storage.ts";
import { type FaultCode, FaultyStorage, systemErrorOf } from "./testing/faulty_storage.ts";
import { temporaryFolder } from "./testing/files.ts";
import { isGone, isSystemError, systemReason } from "./system_error.ts";

const IS_WINDOWS = Deno.build.os === "windows";

for (const [form, pace] of [["at once", new Pace()], ["on threads", new Pace(Infinity)]] as const) {
  Deno.test(`what is created ${form} is written whole, and never in place of another`, async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/a`;
    const create = () =>
      pace.call(() => systemStorage.createSync(path, 0o600), () => systemStorage.create(path, 0o600));
    {
      using file = await create();
      await writeAll(file, new TextEncoder().encode("content"), pace);
      await file.sync();
    }
    assert.equal(await Deno.readTextFile(path), "content");
    if (!IS_WINDOWS) assert.equal((await Deno.lstat(path)).mode! & 0o777, 0o600);
    await assert.rejects(async () => await create(), { code: "EEXIST" });
  });
}

Deno.test(
  "a link in the place of a file is not followed by what creates one",
  { ignore: IS_WINDOWS },
  async () => {
    await using folder = await temporaryFolder();
    await Deno.symlink(`${folder.path}/elsewhere`, `${folder.path}/link`);
    await assert.rejects(systemStorage.create(`${folder.path}/link`, 0o600), { code: "EEXIST" });
    await assert.rejects(systemStorage.mkdir(`${folder.path}/link`, 0o700), { code: "EEXIST" });
  },
);

Deno.test("a file that takes little is given the rest", async () => {
  const taken: number[] = [];
  const file = {
    write: () => Promise.reject(new Error("not asked")),
    writeSync(bytes: Uint8Array) {
      taken.push(...bytes.subarray(0, 2));
      return Math.min(2, bytes.length);
    },
  };
  const pace = new Pace();
  pace.call(() => 0, () => Promise.resolve(0));
  await writeAll(file, Uint8Array.of(1, 2, 3, 4, 5), pace);
  assert.deepEqual(taken, [1, 2, 3, 4, 5]);
});

Deno.test("a folder is flushed, a missing one is an error", async () => {
  await using folder = await temporaryFolder();
  await systemStorage.syncFolder(folder.path);
  if (!IS_WINDOWS) await assert.rejects(systemStorage.syncFolder(`${folder.path}/none`), { code: "ENOENT" });
});

Deno.test("a fault fails one call, once, and calls are counted", async () => {
  await using folder = await temporaryFolder();
  const storage = new FaultyStorage(systemStorage, { call: "lstat", nth: 2, code: "EIO" });
  await storage.lstat(folder.path);
  assert.throws(() => storage.lstatSync(folder.path), {
    code: "EIO",
    message: "Input/output error (os error 5)",
  });
  await storage.lstat(folder.path);
  assert.deepEqual([...storage.counts], [["lstat", 3]]);
  assert.equal(storage.hasFailed, true);
});

Deno.test("a partial write leaves half of its bytes, and files that stay open are counted", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a`;
  const storage = new FaultyStorage(systemStorage, { nth: 2, code: "ENOSPC", isPartial: true });
  const file = storage.createSync(path, 0o600);
  assert.throws(() => file.writeSync(new Uint8Array(10)), { code: "ENOSPC" });
  assert.equal((await Deno.lstat(path)).size, 5);
  assert.equal(storage.openFiles, 1);
  assert.equal(storage.isIdle, false);
  file.close();
  assert.equal(storage.openFiles, 0);
  const state = storage.lstat(path);
  assert.equal(storage.isIdle, false);
  await state;
  assert.equal(storage.isIdle, true);
});

Deno.test("errors of faults are like the system's", () => {
  for (const code of ["ENOSPC", "EIO", "EACCES", "EMFILE", "ENOENT"] as FaultCode[]) {
    const error = systemErrorOf(code);
    assert.ok(isSystemError(error));
    assert.ok(systemReason(error).endsWith(`(${code})`));
    assert.equal(isGone(error), code === "ENOENT");
  }
});

Deno.test("an open file says of itself what Deno says of it", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "content");
  const file = await systemStorage.open(path);
  const expected = await Deno.stat(path);
  assert.deepEqual(await file.stat(), expected);
  assert.deepEqual(file.statSync(), expected);
  file.close();
  assert.throws(() => file.readSync(new Uint8Array(1)), TypeError);
  await assert.rejects(file.stat(), TypeError);
});
