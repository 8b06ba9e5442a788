import assert from "node:assert/strict";
import { namesIn, payloadOf, pluginIn, REQUEST, temporaryFolder } from "./testdata/fixture.ts";

/** The SHA-1 of `The quick brown fox`, as upstream's tests have it. */
const FOX = "The quick brown fox";
const FOX_SHA1 = "c519c1a06cdbeb2bc499e22137fb48683858b345";

Deno.test("a payload is archived by its SHA-1 in folders of its first five digits", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const path = `${folder.path}/archive/c/5/1/9/c/${FOX_SHA1}`;
  assert.deepEqual(await plugin.archive(payloadOf(FOX), REQUEST), { results: { path } });
  assert.equal(await Deno.readTextFile(path), FOX);
});

Deno.test("a payload that is archived already is left alone and answered alike", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const first = await plugin.archive(payloadOf(FOX, "one"), REQUEST);
  const past = new Date("2001-01-01T00:00:00Z");
  const path = `${folder.path}/archive/c/5/1/9/c/${FOX_SHA1}`;
  await Deno.utime(path, past, past);
  assert.deepEqual(await plugin.archive(payloadOf(FOX, "two"), REQUEST), first);
  assert.deepEqual((await Deno.stat(path)).mtime, past);
});

Deno.test("one payload archived many times at once is one file", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => plugin.archive(payloadOf(FOX), REQUEST)),
  );
  assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
  assert.deepEqual(await namesIn(`${folder.path}/archive/c/5/1/9/c`), [FOX_SHA1]);
  assert.deepEqual(await namesIn(`${folder.path}/archive.partial`), []);
});

Deno.test("without use_sha a payload is archived by its id", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path, { useSha: false });
  const path = `${folder.path}/archive/id-1`;
  assert.deepEqual(await plugin.archive(payloadOf(FOX, "id-1"), REQUEST), { results: { path } });
  assert.equal(await Deno.readTextFile(path), FOX);
});

Deno.test("a date folder counts for ids and not for SHA-1", async () => {
  await using folder = await temporaryFolder();
  const dated = { dateMode: true, dateFormat: "on/%%/date" };
  await (await pluginIn(folder.path, { ...dated, useSha: false })).archive(payloadOf(FOX, "id-1"), REQUEST);
  await (await pluginIn(folder.path, dated)).archive(payloadOf(FOX), REQUEST);
  assert.deepEqual(await namesIn(`${folder.path}/archive/on/%/date`), ["id-1"]);
  assert.deepEqual(await namesIn(`${folder.path}/archive/c/5/1/9/c`), [FOX_SHA1]);
});

Deno.test("an id that is a path is refused", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path, { useSha: false });
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX, "../escaped"), REQUEST), {
    code: "name-not-safe",
  });
  assert.deepEqual(await namesIn(folder.path), []);
});

Deno.test("a file of another size in a payload's place is an error and left alone", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path, { useSha: false });
  await Deno.mkdir(`${folder.path}/archive`);
  await Deno.writeTextFile(`${folder.path}/archive/id-1`, "truncated");
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX, "id-1"), REQUEST), {
    code: "file-exists",
    message:
      `archive a payload of 19 bytes as "${folder.path}/archive/id-1": what is there should be a file of that size`,
  });
  assert.equal(await Deno.readTextFile(`${folder.path}/archive/id-1`), "truncated");
});

Deno.test("an archive that can't be written is an error", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/archive`, "a file");
  const plugin = await pluginIn(folder.path);
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX), REQUEST), {
    code: "file-not-written",
  });
});

Deno.test("what was archived is found again by the archiver's own answer", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const { results } = (await plugin.archive(payloadOf(FOX), REQUEST))!;
  const task = { ...results as { path: string }, note: "kept" };
  assert.deepEqual(await plugin.get(task), {
    content: new TextEncoder().encode(FOX),
    payloadMeta: { extraData: task },
  });
});

Deno.test("a link inside the archive is followed as long as it stays inside", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  await Deno.mkdir(`${folder.path}/archive`);
  await Deno.writeTextFile(`${folder.path}/archive/file`, "inside");
  await Deno.symlink("file", `${folder.path}/archive/link`);
  const payload = await plugin.get({ path: `${folder.path}/archive/link` });
  assert.deepEqual(payload?.content, new TextEncoder().encode("inside"));
});

Deno.test("an archive that is itself a link holds what is behind the link", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/real`);
  await Deno.symlink("real", `${folder.path}/archive`);
  const plugin = await pluginIn(folder.path);
  const { results } = (await plugin.archive(payloadOf(FOX), REQUEST))!;
  assert.deepEqual((await plugin.get(results as { path: string }))?.content, new TextEncoder().encode(FOX));
});

/** Makes an archive with ways out of it, beside a secret. */
async function archiveWithWaysOut(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/archive/sub`, { recursive: true });
  await Deno.mkdir(`${folder}/archive-of-others`);
  await Deno.writeTextFile(`${folder}/archive-of-others/secret`, "secret");
  await Deno.writeTextFile(`${folder}/secret`, "secret");
  await Deno.symlink(`${folder}/secret`, `${folder}/archive/file-link`);
  await Deno.symlink(folder, `${folder}/archive/folder-link`);
  await Deno.symlink("file-link", `${folder}/archive/link-to-link`);
}

for (
  const wayOut of [
    "secret",
    "archive/../secret",
    "archive/sub/../../secret",
    "archive-of-others/secret",
    "archive/file-link",
    "archive/folder-link/secret",
    "archive/link-to-link",
    "archive/.",
    ".",
  ]
) {
  Deno.test(`a task that names ${wayOut} is refused`, async () => {
    await using folder = await temporaryFolder();
    await archiveWithWaysOut(folder.path);
    const plugin = await pluginIn(folder.path);
    await assert.rejects(async () => await plugin.get({ path: `${folder.path}/${wayOut}` }), {
      code: "path-outside-archive",
      message: /^get the archived payload ".+": its real path is ".+" and should be below ".+\/archive"$/,
    });
  });
}

Deno.test("a relative path that leads out of the archive is refused", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/archive`);
  const plugin = await pluginIn(folder.path);
  for (const path of ["deno.json", "/", ".."]) {
    await assert.rejects(async () => await plugin.get({ path }), (error: Error & { code: string }) => {
      assert.ok(["path-outside-archive", "path-not-readable"].includes(error.code), error.code);
      return true;
    });
  }
});

Deno.test("a folder of the archive is no payload", async () => {
  await using folder = await temporaryFolder();
  await archiveWithWaysOut(folder.path);
  const plugin = await pluginIn(folder.path);
  await assert.rejects(async () => await plugin.get({ path: `${folder.path}/archive/sub` }), {
    code: "file-not-regular",
  });
});

Deno.test("a task without a usable path is refused", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  for (const path of [undefined, null, "", 7, ["/etc/passwd"], { path: "x" }]) {
    await assert.rejects(async () => await plugin.get({ path }), {
      code: "path-not-given",
      message: 'get an archived payload: the task\'s "path" should be a path',
    });
  }
});

Deno.test("a path that is missing or impossible is an error with its reason", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/archive`);
  const plugin = await pluginIn(folder.path);
  await assert.rejects(async () => await plugin.get({ path: `${folder.path}/archive/a\x1bb` }), {
    code: "path-not-readable",
    message:
      `get the archived payload "${folder.path}/archive/a\\u001bb": No such file or directory (ENOENT)`,
  });
  await assert.rejects(async () => await plugin.get({ path: `${folder.path}/archive/\0` }), {
    code: "path-not-readable",
    message: /: EINVAL$/,
  });
});
