import assert from "node:assert/strict";
import { bytesOfRawText } from "../core/raw_name.ts";
import type { RawFiles } from "../core/raw_files.ts";
import { openRawFiles, parseEntries } from "./raw_names.ts";

const ignore = Deno.build.os !== "linux";
// The library stays loaded: what the first test loads would count as its leak.
const LOADED = ignore ? undefined : [...openRawFiles()!.list({ root: "/proc/self", path: "" })];
const ODD_NAMES = [
  "\udcff",
  "\udcff\udcfe.txt",
  "f\udcfcr.txt",
  "\ufffd",
  "a\n\x1b\udc9b",
  "\udcff".repeat(255),
];

Deno.test({
  name: "a listing says what its entries are",
  ignore,
  fn: () => {
    const kinds = LOADED!.map(({ name, ...kind }) => [name, kind] as const);
    const kind = { isFile: false, isDirectory: false, isSymlink: false };
    assert.deepEqual(Object.fromEntries(kinds).fd, { ...kind, isDirectory: true });
    assert.deepEqual(Object.fromEntries(kinds).cmdline, { ...kind, isFile: true });
    assert.deepEqual(Object.fromEntries(kinds).exe, { ...kind, isSymlink: true });
  },
});

function codeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

async function withFolder(work: (root: string, files: RawFiles) => unknown): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "raw" });
  try {
    await work(root, openRawFiles()!);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function write(files: RawFiles, root: string, path: string, text: string): Promise<void> {
  return new Blob([text]).stream().pipeTo(files.create({ root, path }).writable);
}

async function read(files: RawFiles, root: string, path: string): Promise<string> {
  return await new Response(files.open({ root, path }).readable).text();
}

/** What a shell makes of octal escapes; its own spelling of names is not ours. */
async function shell(folder: string, script: string): Promise<void> {
  const { success } = await new Deno.Command("sh", { args: ["-c", script], cwd: folder }).output();
  assert.ok(success);
}

Deno.test({
  name: "files of any name are made, listed, read, moved and removed",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      for (const name of ODD_NAMES) await write(files, root, name, `in ${name.length}`);
      const names = [...files.list({ root, path: "" })].map(({ name, isFile }) => isFile && name);
      assert.deepEqual(names.sort(), ODD_NAMES.toSorted());
      for (const name of ODD_NAMES) {
        assert.equal(await read(files, root, name), `in ${name.length}`);
        assert.equal(files.inspect({ root, path: name }).size, `in ${name.length}`.length);
      }
      files.makeFolders({ root, path: "\udce9/in\udcff" });
      files.makeFolders({ root, path: "\udce9/in\udcff" });
      for (const name of ODD_NAMES) {
        files.move({ root, path: name }, { root, path: `\udce9/in\udcff/${name}` });
        assert.equal(codeOf(() => files.inspect({ root, path: name })), "ENOENT");
        assert.equal(await read(files, root, `\udce9/in\udcff/${name}`), `in ${name.length}`);
        files.remove({ root, path: `\udce9/in\udcff/${name}` });
      }
      assert.deepEqual([...files.list({ root, path: "\udce9/in\udcff" })], []);
    }),
});

Deno.test({
  name: "names that the shell made are the same bytes, and alike names are different files",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await shell(
        root,
        'for n in "\\\\377" "\\\\376" "\\\\357\\\\277\\\\275"; do printf %s "$n" > "$(printf "$n")"; done',
      );
      const texts = await Promise.all(["\udcff", "\udcfe", "\ufffd"].map((name) => read(files, root, name)));
      assert.deepEqual(texts, ["\\377", "\\376", "\\357\\277\\275"]);
      const listed = [...files.list({ root, path: "" })].map(({ name }) => [...bytesOfRawText(name)]);
      assert.deepEqual(listed.sort(), [[0xef, 0xbf, 0xbd], [0xfe], [0xff]]);
      files.remove({ root, path: "\udcff" });
      assert.deepEqual([...files.list({ root, path: "" })].length, 2);
      assert.equal(await Deno.readTextFile(`${root}/\ufffd`), "\\357\\277\\275");
    }),
});

Deno.test({
  name: "nothing is replaced, and no link is followed below the root",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await write(files, root, "one\udcff", "one");
      await write(files, root, "two\udcff", "two");
      const move = () => files.move({ root, path: "one\udcff" }, { root, path: "two\udcff" });
      assert.equal(codeOf(move), "EEXIST");
      assert.equal(codeOf(() => files.create({ root, path: "two\udcff" })), "EEXIST");
      assert.equal(await read(files, root, "two\udcff"), "two");
      await Deno.mkdir(`${root}/out`);
      await Deno.writeTextFile(`${root}/out/secret`, "x");
      await Deno.symlink("out", `${root}/link`);
      await Deno.symlink("out/secret", `${root}/file`);
      assert.equal(codeOf(() => files.open({ root, path: "file" })), "ELOOP");
      assert.equal(files.inspect({ root, path: "file" }).isSymlink, true);
      for (
        const work of [
          () => files.open({ root, path: "link/secret" }),
          () => files.create({ root, path: "link/new" }),
          () => files.remove({ root, path: "link/secret" }),
          () => files.makeFolders({ root, path: "link/new" }),
          () => files.makeFolders({ root, path: "link" }),
          () => [...files.list({ root, path: "link" })],
        ]
      ) assert.equal(codeOf(work), "ENOTDIR");
      assert.equal(await read(files, `${root}/link`, "secret"), "x");
    }),
});

Deno.test({
  name: "what is no regular file is not opened, and not waited for",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await shell(root, 'mkfifo "$(printf "p\\377")"');
      assert.equal(codeOf(() => files.open({ root, path: "p\udcff" })), "ENXIO");
      files.makeFolders({ root, path: "d\udcff" });
      assert.equal(codeOf(() => files.open({ root, path: "d\udcff" })), "EISDIR");
      assert.equal(codeOf(() => files.remove({ root, path: "d\udcff" })), "EISDIR");
      assert.equal(codeOf(() => files.open({ root, path: "no\udcff" })), "ENOENT");
      assert.throws(() => files.open({ root, path: "no\udcff" }), {
        message: "No such file or directory (os error 2)",
      });
      assert.equal(codeOf(() => files.inspect({ root, path: "\udcff".repeat(256) })), "ENAMETOOLONG");
    }),
});

Deno.test({
  name: "paths that leave their folder are refused",
  ignore,
  fn: () =>
    withFolder((root, files) => {
      for (const path of ["..", "a/../b", "/etc/passwd", "a//b", "a/", ".", "", "a\0b", "\ud800"]) {
        assert.throws(() => files.open({ root, path }), TypeError, path);
      }
    }),
});

Deno.test({
  name: "a folder with more entries than one call lists is listed whole, and a listing may be left",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      const before = [...Deno.readDirSync("/proc/self/fd")].length;
      for (let index = 0; index < 400; index++) {
        files.create({ root, path: `${index}${"\udcff".repeat(200)}` }).close();
      }
      assert.equal(new Set([...files.list({ root, path: "" })].map(({ name }) => name)).size, 400);
      for (const _ of files.list({ root, path: "" })) break;
      await read(files, root, `7${"\udcff".repeat(200)}`);
      assert.equal([...Deno.readDirSync("/proc/self/fd")].length, before);
    }),
});

/** `struct linux_dirent64` with a length that may lie. */
function entry(name: string, length = 19 + name.length + 1): number[] {
  return [...new Array(16).fill(7), length & 255, length >> 8, 8, ...new TextEncoder().encode(name), 0];
}

Deno.test("directory entries are read within their bounds", () => {
  const parse = (bytes: number[]) => [...parseEntries(Uint8Array.from(bytes))].map(({ name }) => name);
  assert.deepEqual(parse([...entry("."), ...entry("a"), ...entry(".."), ...entry("b")]), ["a", "b"]);
  for (
    const bytes of [
      entry("a", 22),
      entry("a", 65_535),
      entry("a", 19),
      entry("a", 0),
      entry("a/b"),
      entry(""),
    ]
  ) assert.throws(() => parse(bytes), { code: "EINVAL" });
});

Deno.test({
  name: "without all permissions there are none, and nothing is asked",
  ignore,
  fn: async () => {
    const url = new URL("./raw_names.ts", import.meta.url).href;
    const code = `import { openRawFiles } from "${url}"; console.log(openRawFiles());`;
    for (
      const flags of [["--allow-read", "--allow-ffi"], ["-A", "--deny-ffi"], ["-A", "--deny-read=/root"]]
    ) {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-config", ...flags, `data:text/typescript,${encodeURIComponent(code)}`],
        env: { NO_COLOR: "1" },
      }).output();
      assert.equal(new TextDecoder().decode(stdout), "undefined\n", new TextDecoder().decode(stderr));
    }
  },
});
