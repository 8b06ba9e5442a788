import assert from "node:assert/strict";
import { systemStorage } from "../../src/plugin/kit/mod.ts";
import { FaultyStorage } from "../../src/plugin/kit/testing/faulty_storage.ts";
import { namesIn, payloadOf, pluginIn, REQUEST, temporaryFolder } from "./testing/fixture.ts";

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

/** The start of the SHA-256 of the text. */
const FOX_SHA256 = "5cac4f980fedc3d3";

for (
  const [what, planted] of [["another size", "truncated"], ["the same size", "the quick brown fox"]] as const
) {
  Deno.test(`a file of ${what} in a payload's place is left alone, and the payload gets a name of its own`, async () => {
    await using folder = await temporaryFolder();
    const plugin = await pluginIn(folder.path);
    const place = `${folder.path}/archive/c/5/1/9/c/${FOX_SHA1}`;
    await Deno.mkdir(`${folder.path}/archive/c/5/1/9/c`, { recursive: true });
    await Deno.writeTextFile(place, planted);
    // The second time it is found there.
    for (let time = 0; time < 2; time++) {
      const answer = await plugin.archive(payloadOf(FOX), REQUEST);
      assert.deepEqual(answer, { results: { path: `${place}.${FOX_SHA256}` } });
    }
    assert.equal(await Deno.readTextFile(place), planted);
    assert.equal(await Deno.readTextFile(`${place}.${FOX_SHA256}`), FOX);
    assert.equal((await namesIn(`${folder.path}/archive/c/5/1/9/c`)).length, 2);
  });
}

Deno.test("a payload whose places both have another content is an error", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path, { useSha: false });
  await Deno.mkdir(`${folder.path}/archive`);
  for (const name of ["id-1", `id-1.${FOX_SHA256}`]) {
    await Deno.writeTextFile(`${folder.path}/archive/${name}`, "planted");
  }
  const place = `${folder.path}/archive/id-1`;
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX, "id-1"), REQUEST), {
    code: "file-exists",
    message:
      `archive a payload of 19 bytes as "${place}" or "${place}.${FOX_SHA256}": both exist with other content`,
  });
  assert.deepEqual(await namesIn(`${folder.path}/archive`), ["id-1", `id-1.${FOX_SHA256}`]);
});

Deno.test("large payloads are compared to their end", async () => {
  await using folder = await temporaryFolder();
  const plugin = await pluginIn(folder.path);
  const text = "x".repeat(1_000_000);
  const { results } = (await plugin.archive(payloadOf(text), REQUEST))!;
  assert.deepEqual((await plugin.archive(payloadOf(text), REQUEST))?.results, results);
  const { path } = results as { path: string };
  await Deno.writeTextFile(path, `${text.slice(1)}y`);
  const again = await plugin.archive(payloadOf(text), REQUEST);
  assert.match((again?.results as { path: string }).path, /\.[0-9a-f]{16}$/);
});

for (const kind of ["a link to the same content", "a link to nothing", "a folder"]) {
  Deno.test(`${kind} in a payload's place is refused with the reason`, {
    ignore: Deno.build.os === "windows",
  }, async () => {
    await using folder = await temporaryFolder();
    const plugin = await pluginIn(folder.path, { useSha: false });
    const place = `${folder.path}/archive/id-1`;
    await Deno.mkdir(`${folder.path}/archive`);
    if (kind === "a folder") await Deno.mkdir(place);
    else await Deno.symlink(`${folder.path}/outside`, place);
    if (kind === "a link to the same content") await Deno.writeTextFile(`${folder.path}/outside`, FOX);
    await assert.rejects(async () => await plugin.archive(payloadOf(FOX, "id-1"), REQUEST), {
      code: "file-not-regular",
      message: /^read ".+\/archive\/id-1": must be a regular file, got a (symbolic link|folder)$/,
    });
    assert.deepEqual(await namesIn(`${folder.path}/archive`), ["id-1"]);
  });
}

Deno.test("a link in a folder of the archive is refused, whether or not the payload is behind it", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const plugin = await pluginIn(path);
  await Deno.mkdir(`${path}/archive/c/5`, { recursive: true });
  await Deno.mkdir(`${path}/outside`);
  await Deno.symlink(`${path}/outside`, `${path}/archive/c/5/1`);
  const archive = async () => await plugin.archive(payloadOf(FOX), REQUEST);
  await assert.rejects(archive, { code: "folder-not-usable" });
  assert.deepEqual(await namesIn(`${path}/outside`), []);
  await Deno.mkdir(`${path}/outside/9/c`, { recursive: true });
  await Deno.writeTextFile(`${path}/outside/9/c/${FOX_SHA1}`, FOX);
  await assert.rejects(archive, { code: "folder-not-usable" });
});

Deno.test("a folder that is replaced by a link while a payload is written is seen", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/outside/c/5/1/9/c`, { recursive: true });
  const moveAway = () => {
    Deno.renameSync(`${path}/archive`, `${path}/moved`);
    Deno.mkdirSync(`${path}/archive`);
    Deno.symlinkSync(`${path}/outside/c`, `${path}/archive/c`);
  };
  const storage = {
    ...systemStorage,
    linkSync: (from: string, to: string) => (moveAway(), systemStorage.linkSync(from, to)),
    link: (from: string, to: string) => (moveAway(), systemStorage.link(from, to)),
  };
  const plugin = await pluginIn(path, {}, storage);
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX), REQUEST), {
    code: "folder-not-usable",
    message: /its real path must be ".+\/archive\/c\/5\/1\/9\/c", got ".+\/outside\/c\/5\/1\/9\/c"$/,
  });
});

Deno.test("an existing payload counts only once it is flushed", async () => {
  await using folder = await temporaryFolder();
  await (await pluginIn(folder.path)).archive(payloadOf(FOX), REQUEST);
  const storage = new FaultyStorage(systemStorage, { call: "syncFolder", nth: 1, code: "EIO" });
  const plugin = await pluginIn(folder.path, {}, storage);
  await assert.rejects(async () => await plugin.archive(payloadOf(FOX), REQUEST), {
    code: "file-not-written",
    message: /^look for ".+": Input\/output error \(EIO\)$/,
  });
  await plugin.archive(payloadOf(FOX), REQUEST);
  assert.equal(storage.openFiles, 0);
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
      message: /^get the archived payload ".+": its real path must be below ".+\/archive", got ".+"$/,
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
      message: 'get an archived payload: "path" of the task must be a path',
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
