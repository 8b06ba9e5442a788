import assert from "node:assert/strict";
import manifest from "./manifest.json" with { type: "json" };
import type { DirmonOptions } from "./mod.ts";
import { namesIn, pluginWith, temporaryFolder } from "./testing/fixture.ts";

async function failureOf(
  options: Partial<DirmonOptions>,
  outputPaths: readonly string[] = [],
): Promise<{ code: string; message: string }> {
  try {
    const { ingest } = await pluginWith(options, undefined, outputPaths);
    if (options.sourceDir === undefined) {
      await ingest(new AbortController().signal)[Symbol.asyncIterator]().next();
    }
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return { code, message };
  }
  throw new Error("loading should fail");
}

Deno.test("a source that is missing or not a folder is an error at load, one that is not set an error of ingest", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "");
  assert.deepEqual(await failureOf({}), {
    code: "source-not-set",
    message:
      "the option source_dir must be set to the folder to watch: --plugin-opts dirmon:source_dir=FOLDER, or " +
      "source_dir = FOLDER in section [dirmon] of stoq.cfg",
  });
  assert.deepEqual(await failureOf({ sourceDir: "/no/such/source" }), {
    code: "source-not-readable",
    message: 'watch "/no/such/source": No such file or directory (ENOENT)',
  });
  assert.deepEqual(await failureOf({ sourceDir: path }), {
    code: "source-not-readable",
    message: `watch "${path}": must be a folder, got a file`,
  });
});

Deno.test("a source folder to which the run writes is an error at load", async () => {
  await using folder = await temporaryFolder();
  const sourceDir = `${folder.path}/in`;
  await Deno.mkdir(sourceDir);
  const { code, message } = await failureOf({ sourceDir }, [folder.path]);
  assert.equal(code, "source-in-output");
  assert.ok(message.includes(`"${sourceDir}" in "${folder.path}"`), message);
});

Deno.test("a folder for scanned or failed files that is not set or can't be used is an error at load", async () => {
  await using folder = await temporaryFolder();
  const sourceDir = `${folder.path}/source`;
  await Deno.mkdir(sourceDir);
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await Deno.symlink("source", `${folder.path}/link`);
  const moving = { sourceDir, afterScan: "move" } as const;
  assert.deepEqual(await failureOf(moving), {
    code: "move-dir-not-set",
    message: "the option move_dir must be set to a folder for after_scan = move",
  });
  for (const name of ["source", "link", "source/.."]) {
    const target = `${folder.path}/${name}`;
    const reason = `must not be the source folder "${sourceDir}" or a folder around it, got "${target}"`;
    assert.deepEqual(await failureOf({ ...moving, moveDir: target }), {
      code: "move-dir-not-usable",
      message: `the option move_dir ${reason}`,
    });
    assert.deepEqual(await failureOf({ sourceDir, failedDir: target }), {
      code: "failed-dir-not-usable",
      message: `the option failed_dir ${reason}`,
    });
  }
  const { code } = await failureOf({ ...moving, moveDir: `${folder.path}/file` });
  assert.equal(code, "move-dir-not-usable");
});

Deno.test("a glob that can't be read is an error at load", async () => {
  await using folder = await temporaryFolder();
  for (const option of ["include", "exclude"] as const) {
    const options = { sourceDir: folder.path, [option]: ["*.eml", "[a"] };
    await assert.rejects(pluginWith(options), { code: "glob-invalid" });
  }
});

Deno.test("the manifest's defaults are those of the fixture, and the plugin has its role's method", async () => {
  assert.deepEqual(manifest.roles, ["provider"]);
  await using folder = await temporaryFolder();
  assert.equal(typeof (await pluginWith({ sourceDir: folder.path })).ingest, "function");
  const defaults = Object.entries(manifest.options).flatMap(([name, option]) =>
    "default" in option ? [[name, option.default]] : []
  );
  assert.deepEqual(Object.fromEntries(defaults), {
    recursive: true,
    existing: false,
    include: [],
    exclude: [],
    settle_time: 0.5,
    after_scan: "leave",
  });
});

/** The manifest's paths with the options in place of their placeholders. */
function granted(paths: readonly string[], options: Readonly<Record<string, string>>): string[] {
  return paths.map((path) => path.replace(/\$\{(\w+)\}/g, (_, name) => options[name]!));
}

Deno.test("files are ingested and moved with the permissions that the manifest asks, and with no others", async () => {
  await using folder = await temporaryFolder();
  const paths = {
    source_dir: `${folder.path}/source`,
    move_dir: `${folder.path}/done`,
    failed_dir: `${folder.path}/failed`,
  };
  await Deno.mkdir(`${paths.source_dir}/in`, { recursive: true });
  await Deno.writeTextFile(`${paths.source_dir}/in/file`, "content");
  const { read, write } = manifest.permissions;
  const worker = new Worker(new URL("testdata/granted_worker.js", import.meta.url), {
    type: "module",
    deno: { permissions: { read: granted(read, paths), write: granted(write, paths) } },
  });
  const options = {
    sourceDir: paths.source_dir,
    moveDir: paths.move_dir,
    failedDir: paths.failed_dir,
    afterScan: "move",
    recursive: true,
    existing: true,
    include: [],
    exclude: [],
    settleTime: 0.01,
  };
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(options);
  });
  worker.terminate();
  assert.equal(answer, "content");
  assert.deepEqual(await namesIn(`${paths.move_dir}/in`), ["file"]);
  assert.deepEqual(await namesIn(`${paths.source_dir}/in`), []);
});
