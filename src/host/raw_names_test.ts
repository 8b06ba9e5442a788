import assert from "node:assert/strict";
import { bytesOfRawText } from "../core/contract/raw_name.ts";
import type { RawFiles } from "../core/contract/raw_files.ts";
import { openRawFiles, parseEntries } from "./raw_names.ts";

const ignore = Deno.build.os !== "linux";
// The library stays loaded: what the first test loads would count as its leak.
const LOADED = ignore ? undefined : [...openRawFiles()!.readDir("/proc/self")];
const ODD_NAMES = [
  "\udcff",
  "\udcff\udcfe.txt",
  "f\udcfcr.txt",
  "\ufffd",
  "a\n\x1b\udc9b",
  "\udcff".repeat(255),
];

Deno.test({
  name: "a listing has the kinds of its entries",
  ignore,
  fn: () => {
    const kinds = Object.fromEntries(LOADED!.map(({ name, ...kind }) => [name, kind]));
    const kind = { isFile: false, isDirectory: false, isSymlink: false };
    assert.deepEqual(kinds.fd, { ...kind, isDirectory: true });
    assert.deepEqual(kinds.cmdline, { ...kind, isFile: true });
    assert.deepEqual(kinds.exe, { ...kind, isSymlink: true });
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
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "raw" }));
  try {
    await work(root, openRawFiles()!);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function write(files: RawFiles, path: string, text: string): void {
  using file = files.create(path, 0o600);
  const bytes = new TextEncoder().encode(text);
  assert.equal(file.writeSync(bytes), bytes.length);
}

function read(files: RawFiles, path: string): string {
  using file = files.open(path);
  const buffer = new Uint8Array(1000);
  return new TextDecoder().decode(buffer.subarray(0, file.readSync(buffer) ?? 0));
}

/** What a shell makes of octal escapes; its own spelling of names is not ours. */
async function shell(folder: string, script: string): Promise<void> {
  const { success } = await new Deno.Command("sh", { args: ["-c", script], cwd: folder }).output();
  assert.ok(success);
}

Deno.test({
  name: "files of any name are made, listed, read, renamed, linked and removed",
  ignore,
  fn: () =>
    withFolder((root, files) => {
      for (const name of ODD_NAMES) write(files, `${root}/${name}`, `in ${name.length}`);
      const names = [...files.readDir(root)].map(({ name, isFile }) => isFile && name);
      assert.deepEqual(names.sort(), ODD_NAMES.toSorted());
      const inner = `${root}/\udce9/in\udcff`;
      files.mkdir(`${root}/\udce9`, 0o700);
      files.mkdir(inner, 0o700);
      for (const name of ODD_NAMES) {
        assert.equal(files.lstat(`${root}/${name}`).size, `in ${name.length}`.length);
        assert.equal(files.realPath(`${root}/${name}`), `${root}/${name}`);
        files.rename(`${root}/${name}`, `${inner}/${name}`);
        assert.equal(codeOf(() => files.lstat(`${root}/${name}`)), "ENOENT");
        files.link(`${inner}/${name}`, `${root}/${name}`);
        assert.equal(codeOf(() => files.link(`${inner}/${name}`, `${root}/${name}`)), "EEXIST");
        files.utime(`${inner}/${name}`, new Date(1000), new Date(2000));
        assert.equal(files.stat(`${root}/${name}`).mtime?.getTime(), 2000);
        files.remove(`${inner}/${name}`);
        assert.equal(read(files, `${root}/${name}`), `in ${name.length}`);
      }
      files.syncFolder(inner);
      assert.deepEqual([...files.readDir(inner)], []);
      files.remove(inner);
      assert.equal(codeOf(() => files.stat(inner)), "ENOENT");
    }),
});

Deno.test({
  name: "what is made has the mode that was asked for",
  ignore,
  fn: () =>
    withFolder((root, files) => {
      files.create(`${root}/\udcff`, 0o600).close();
      files.mkdir(`${root}/\udcfe`, 0o700);
      assert.equal(files.lstat(`${root}/\udcff`).mode! & 0o777, 0o600);
      assert.equal(files.lstat(`${root}/\udcfe`).mode! & 0o777, 0o700);
    }),
});

Deno.test({
  name: "names that a shell made are the same bytes, and names that read alike are different files",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await shell(
        root,
        'for n in "\\\\377" "\\\\376" "\\\\357\\\\277\\\\275"; do printf %s "$n" > "$(printf "$n")"; done',
      );
      const texts = ["\udcff", "\udcfe", "\ufffd"].map((name) => read(files, `${root}/${name}`));
      assert.deepEqual(texts, ["\\377", "\\376", "\\357\\277\\275"]);
      const listed = [...files.readDir(root)].map(({ name }) => [...bytesOfRawText(name)]);
      assert.deepEqual(listed.sort(), [[0xef, 0xbf, 0xbd], [0xfe], [0xff]]);
      files.remove(`${root}/\udcff`);
      assert.equal([...files.readDir(root)].length, 2);
      assert.equal(await Deno.readTextFile(`${root}/\ufffd`), "\\357\\277\\275");
    }),
});

Deno.test({
  name:
    "a link is not followed where something is opened, made or removed, and is resolved where that is asked",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await Deno.mkdir(`${root}/out`);
      await Deno.writeTextFile(`${root}/out/secret`, "x");
      await shell(root, 'ln -s out "$(printf "folder\\377")"; ln -s out/secret "$(printf "file\\377")"');
      assert.equal(codeOf(() => files.open(`${root}/file\udcff`)), "ELOOP");
      assert.equal(codeOf(() => files.create(`${root}/file\udcff`, 0o600)), "EEXIST");
      assert.equal(codeOf(() => files.mkdir(`${root}/folder\udcff`, 0o700)), "EEXIST");
      assert.equal(files.lstat(`${root}/file\udcff`).isSymlink, true);
      assert.equal(files.stat(`${root}/file\udcff`).isFile, true);
      assert.equal(files.realPath(`${root}/folder\udcff/secret`), `${root}/out/secret`);
      files.remove(`${root}/file\udcff`);
      files.remove(`${root}/folder\udcff`);
      assert.equal(await Deno.readTextFile(`${root}/out/secret`), "x");
    }),
});

Deno.test({
  name: "what is no regular file is not opened, and not waited for",
  ignore,
  fn: () =>
    withFolder(async (root, files) => {
      await shell(root, 'mkfifo "$(printf "p\\377")"');
      assert.equal(codeOf(() => files.open(`${root}/p\udcff`)), "ENXIO");
      files.mkdir(`${root}/d\udcff`, 0o700);
      assert.equal(codeOf(() => files.open(`${root}/d\udcff`)), "EISDIR");
      assert.throws(() => files.open(`${root}/no\udcff`), {
        code: "ENOENT",
        message: "No such file or directory (os error 2)",
      });
      assert.equal(codeOf(() => files.lstat(`${root}/${"\udcff".repeat(256)}`)), "ENAMETOOLONG");
      write(files, `${root}/d\udcff/in`, "x");
      assert.equal(codeOf(() => files.remove(`${root}/d\udcff`)), "ENOTEMPTY");
    }),
});

Deno.test({
  name: "paths that are none are refused",
  ignore,
  fn: () => {
    for (const path of ["", "a", "\udcff", "/a\0b", "/\ud800"]) {
      assert.throws(() => openRawFiles()!.lstat(path), TypeError, path);
    }
  },
});

/** Returns what this process has open in a folder; other tests of the process open files as well. */
function openBelow(folder: string): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      return target.startsWith(folder) ? [target] : [];
    } catch (error) {
      // Another test closed it since the listing.
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
}

Deno.test({
  name: "a folder with more entries than one call lists is listed whole, and nothing stays open",
  ignore,
  fn: () =>
    withFolder((root, files) => {
      for (let index = 0; index < 400; index++) {
        write(files, `${root}/${index}${"\udcff".repeat(200)}`, `${index}`);
      }
      assert.equal(new Set([...files.readDir(root)].map(({ name }) => name)).size, 400);
      for (const _ of files.readDir(root)) break;
      assert.equal(read(files, `${root}/7${"\udcff".repeat(200)}`), "7");
      assert.equal(codeOf(() => files.open(root)), "EISDIR");
      assert.deepEqual(openBelow(root), []);
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
