import assert from "node:assert/strict";
import manifest from "./manifest.json" with { type: "json" };
import type { DirmonOptions } from "./mod.ts";
import { namesIn, pluginWith, temporaryFolder } from "./testdata/fixture.ts";

const NEVER = new AbortController().signal;

async function failureOf(options: Partial<DirmonOptions>): Promise<{ code: string; message: string }> {
  const { ingest } = await pluginWith(options);
  try {
    await ingest(NEVER)[Symbol.asyncIterator]().next();
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return { code, message };
  }
  throw new Error("ingesting should fail");
}

Deno.test("a source folder that is not set, missing or no folder is an error when files are asked for", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "");
  assert.deepEqual(await failureOf({}), {
    code: "source-not-set",
    message: "watch a folder: the option source_dir is not set and should be a path",
  });
  assert.deepEqual(await failureOf({ sourceDir: "/no/such/source" }), {
    code: "source-not-readable",
    message: 'watch "/no/such/source": No such file or directory (ENOENT)',
  });
  assert.deepEqual(await failureOf({ sourceDir: path }), {
    code: "source-not-readable",
    message: `watch "${path}": it is a file and should be a folder`,
  });
});

Deno.test("a folder for scanned files that is not set or can't be used is an error", async () => {
  await using folder = await temporaryFolder();
  const sourceDir = `${folder.path}/source`;
  await Deno.mkdir(sourceDir);
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await Deno.symlink("source", `${folder.path}/link`);
  const moving = { sourceDir, afterScan: "move" } as const;
  assert.deepEqual(await failureOf(moving), {
    code: "move-dir-not-set",
    message: "move scanned files: the option move_dir is not set and should be a path",
  });
  for (const name of ["source", "link", "source/.."]) {
    const moveDir = `${folder.path}/${name}`;
    assert.deepEqual(await failureOf({ ...moving, moveDir }), {
      code: "move-dir-not-usable",
      message:
        `move scanned files to "${moveDir}": it contains the source folder "${sourceDir}" and should not`,
    });
  }
  const { code } = await failureOf({ ...moving, moveDir: `${folder.path}/file` });
  assert.equal(code, "move-dir-not-usable");
});

Deno.test("a glob that can't be read is an error at load", async () => {
  for (const option of ["include", "exclude"] as const) {
    await assert.rejects(pluginWith({ [option]: ["*.eml", "[a"] }), { code: "glob-invalid" });
  }
});

Deno.test("the manifest's defaults are those of the fixture, and the plugin has its role's method", async () => {
  assert.deepEqual(manifest.roles, ["provider"]);
  assert.equal(typeof (await pluginWith({})).ingest, "function");
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
  const paths = { source_dir: `${folder.path}/source`, move_dir: `${folder.path}/done` };
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
