import assert from "node:assert/strict";
import type { LogFileSetup } from "../core/ports/log.ts";
import { Folder } from "./folder.ts";
import { type LineSink, openLogFile } from "./log_file.ts";

/** Files by path, as text. */
async function textsIn(folder: Folder): Promise<Record<string, string>> {
  const files = await folder.files();
  return Object.fromEntries(files.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

function depsWith(open?: (setup: LogFileSetup) => LineSink) {
  const warnings: string[] = [];
  const time = { ms: 0 };
  return {
    warnings,
    time,
    warn: (line: string) => void warnings.push(line),
    now: () => time.ms,
    ...(open && { open }),
  };
}

Deno.test("full files are renamed and the oldest goes, and no line is torn or lost before", async () => {
  await using folder = await Folder.temporary();
  const log = openLogFile({ folder: folder.path, maxBytes: 1_000, backupCount: 2 }, depsWith());
  const lines = Array.from({ length: 60 }, (_, index) => `${String(index).padStart(98, "0")}é\n`);
  for (const line of lines) log.write(line);
  log.close();
  const texts = await textsIn(folder);
  assert.deepEqual(Object.keys(texts), ["stoq.log", "stoq.log.1", "stoq.log.2"]);
  const kept = Object.values(texts).reverse();
  for (const text of kept) assert.ok(new TextEncoder().encode(text).length <= 1_000);
  const tail = kept.join("").split("\n").slice(0, -1);
  assert.ok(tail.length > 16);
  assert.deepEqual(tail.map((line) => `${line}\n`), lines.slice(-tail.length));
});

Deno.test("a file that is never full holds everything, and a later log goes on in it", async () => {
  await using folder = await Folder.temporary();
  const setup = { folder: `${folder.path}/deep/logs`, maxBytes: Infinity, backupCount: 0 };
  for (const line of ["first\n", "second\n"]) {
    const log = openLogFile(setup, depsWith());
    log.write(line);
    log.close();
    log.write("too late\n");
  }
  assert.deepEqual(await textsIn(folder), { "deep/logs/stoq.log": "first\nsecond\n" });
});

Deno.test("a line that was cut off gets its end before others follow", async () => {
  await using folder = await Folder.temporary();
  Deno.writeTextFileSync(`${folder.path}/stoq.log`, '{"a":1}\n{"b"');
  const log = openLogFile({ folder: folder.path, maxBytes: 1_000, backupCount: 1 }, depsWith());
  log.write("next\n");
  log.close();
  assert.deepEqual(await textsIn(folder), { "stoq.log": '{"a":1}\n{"b"\nnext\n' });
});

Deno.test("a line is in the file as soon as it is written", async () => {
  await using folder = await Folder.temporary();
  const log = openLogFile({ folder: folder.path, maxBytes: 1_000_000, backupCount: 1 }, depsWith());
  log.write("alone\n");
  assert.deepEqual(await textsIn(folder), { "stoq.log": "alone\n" });
  log.close();
});

Deno.test("what can't be written is refused at once: a folder that is a file, a log that is a folder", async () => {
  await using folder = await Folder.temporary();
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  Deno.mkdirSync(`${folder.path}/logs/stoq.log`, { recursive: true });
  for (const name of ["file", "logs"]) {
    const setup = { folder: `${folder.path}/${name}`, maxBytes: 1_000, backupCount: 1 };
    assert.throws(() => openLogFile(setup, depsWith()), Error);
  }
});

Deno.test("a full disk loses lines and nothing else: one warning is printed, and writing is tried again", () => {
  const written: string[] = [];
  let isFull = true;
  let opened = 0;
  const deps = depsWith(() => {
    opened++;
    return {
      append(line) {
        if (isFull) throw new Error("No space left on device\x1b[2J");
        written.push(line);
      },
      close: () => {},
    };
  });
  const log = openLogFile({ folder: "/logs", maxBytes: 1_000, backupCount: 1 }, deps);
  for (let line = 0; line < 50; line++) log.write("lost\n");
  assert.equal(opened, 1);
  deps.time.ms = 10_000;
  log.write("lost as well\n");
  assert.equal(opened, 2);
  assert.deepEqual(deps.warnings, [
    'Log lines are lost: the file in log_dir "/logs" can\'t be written: No space left on device\\x1b[2J',
  ]);
  isFull = false;
  log.write("too early\n");
  deps.time.ms = 20_000;
  log.write("there again\n");
  log.close();
  assert.deepEqual(written, ["there again\n"]);
});

Deno.test("a line that is longer than a file may be has a file of its own", async () => {
  await using folder = await Folder.temporary();
  const log = openLogFile({ folder: folder.path, maxBytes: 10, backupCount: 3 }, depsWith());
  for (const line of ["a\n", `${"b".repeat(50)}\n`, "c\n"]) log.write(line);
  log.close();
  assert.deepEqual(await textsIn(folder), {
    "stoq.log": "c\n",
    "stoq.log.1": `${"b".repeat(50)}\n`,
    "stoq.log.2": "a\n",
  });
});

Deno.test("a rename that fails loses lines and nothing else", async () => {
  await using folder = await Folder.temporary();
  Deno.mkdirSync(`${folder.path}/stoq.log.1/full`, { recursive: true });
  const deps = depsWith();
  const log = openLogFile({ folder: folder.path, maxBytes: 10, backupCount: 1 }, deps);
  for (const line of ["kept\n", "too much\n", "lost\n"]) log.write(line);
  assert.equal(deps.warnings.length, 1);
  assert.match(deps.warnings[0]!, /^Log lines are lost: .* can't be written: .*directory/i);
  log.close();
  assert.deepEqual(await textsIn(folder), { "stoq.log": "kept\n" });
});

Deno.test("a folder that vanishes is made again", async () => {
  await using folder = await Folder.temporary();
  const path = `${folder.path}/logs`;
  const deps = depsWith();
  const log = openLogFile({ folder: path, maxBytes: 200, backupCount: 1 }, deps);
  log.write(`${"a".repeat(150)}\n`);
  Deno.removeSync(path, { recursive: true });
  log.write(`${"b".repeat(150)}\n`);
  assert.equal(deps.warnings.length, 1);
  deps.time.ms = 10_000;
  log.write("back\n");
  log.close();
  assert.deepEqual(await textsIn(folder), { "logs/stoq.log": "back\n" });
});

for (const backupCount of [0, 2]) {
  Deno.test(
    `a log is its owner's alone, and a mode that was changed lasts when files are renamed, ${backupCount} kept`,
    {
      ignore: Deno.build.os === "windows",
    },
    async () => {
      await using folder = await Folder.temporary();
      const path = `${folder.path}/logs`;
      const setup = { folder: path, maxBytes: 1_000, backupCount };
      const modesOf = async () =>
        new Set(
          (await Array.fromAsync(Deno.readDir(path))).map(({ name }) =>
            Deno.statSync(`${path}/${name}`).mode! & 0o777
          ),
        );
      for (const mode of [0o600, 0o640]) {
        const log = openLogFile(setup, depsWith());
        assert.equal(Deno.statSync(path).mode! & 0o777, 0o700);
        assert.equal(Deno.statSync(`${path}/stoq.log`).mode! & 0o777, mode);
        for (let line = 0; line < 60; line++) log.write(`${"x".repeat(98)}\n`);
        log.close();
        assert.deepEqual(await modesOf(), new Set([mode]));
        Deno.chmodSync(`${path}/stoq.log`, 0o640);
      }
    },
  );
}
