import assert from "node:assert/strict";
import { runInShell, runStoq, TempFolder } from "../run_stoq.ts";
import { sandbox } from "../strange_plugin.ts";

const ignore = Deno.build.os !== "linux";

/** Base64 → octal escapes that `printf` of a shell understands. */
function escaped(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}

/** Names by the bytes that they have. */
const NAMES: Readonly<Record<string, Uint8Array>> = {
  "a byte that is never UTF-8": Uint8Array.of(0xff),
  "another one that reads like it": Uint8Array.of(0xfe),
  "U+FFFD itself": Uint8Array.of(0xef, 0xbf, 0xbd),
  "two bytes and an ending": Uint8Array.of(0xff, 0xfe, ...new TextEncoder().encode(".txt")),
  "Latin-1": Uint8Array.of(0x66, 0xfc, 0x72, 0x2e, 0x74, 0x78, 0x74),
  "a line end and an escape": Uint8Array.of(0x61, 0x0a, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff),
  "as long as a name may be": new Uint8Array(255).fill(0xff),
};

/** Writes a file of each name, with what it is as its content, and returns the text that a result should show of each. */
async function writeNamed(folder: string): Promise<void> {
  for (const [what, name] of Object.entries(NAMES)) {
    const script = `printf %s "${what}" > "${folder}/$(printf '${escaped(name)}')"`;
    const { success } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    assert.ok(success, what);
  }
}

/** The exact bytes of the name in a payload's metadata. */
function nameIn({ filename, filename_bytes }: Record<string, string>): Uint8Array {
  if (filename_bytes === undefined) return new TextEncoder().encode(filename);
  const bytes = Uint8Array.fromBase64(filename_bytes);
  assert.equal(new TextDecoder().decode(bytes), filename);
  return bytes;
}

/** Reads JSON that must be UTF-8. */
async function readJson(path: string) {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path)));
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

for (const [what, name] of Object.entries(NAMES)) {
  Deno.test({
    name: `scan reads a file whose name is ${what}, and no other one`,
    ignore,
    fn: async () => {
      using folder = new TempFolder();
      await writeNamed(folder.path);
      const script = `cd "${folder.path}" && "$@" "./$(printf '${
        escaped(name)
      }')" > "${folder.path}/out.json"`;
      const run = await runInShell(["scan", "-a", "hash", "--"], script);
      assert.equal(run.stderr, "");
      assert.equal(run.code, 0);
      const [result] = (await readJson(`${folder.path}/out.json`)).results;
      assert.equal(result.size, sizeOf(what));
      assert.equal(result.sha256, await sha256(what));
      assert.deepEqual(nameIn(result.payload_meta.extra_data), name);
    },
  });
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

Deno.test({
  name: "scan reads a file in a folder whose name is not UTF-8",
  ignore,
  fn: async () => {
    using folder = new TempFolder();
    const script =
      `cd "${folder.path}" && d="$(printf '\\351')" && mkdir "$d" && printf x > "$d/plain" && "$@" "$d/plain"`;
    const { code, stdout, stderr } = await runInShell(["scan", "-a", "hash", "--"], script);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(JSON.parse(stdout).results[0].payload_meta.extra_data, { filename: "plain" });
  },
});

Deno.test({
  name: "scan says of a file that is not there, not regular or not readable what it is",
  ignore,
  fn: async () => {
    using folder = new TempFolder({ "plain": "x" });
    const cases: [make: string, reason: RegExp][] = [
      ["true", /does not exist/],
      ['mkdir "$n"', /is a directory/],
      ['ln -s plain "$n"', /symbolic link/],
      ['mkfifo "$n"', /No such device or address/],
    ];
    for (const [make, reason] of cases) {
      const script =
        `cd "${folder.path}" && n="$(printf '\\377')" && ${make} && "$@" "$n"; code=$?; rm -rf "$n"; exit $code`;
      const { code, stderr } = await runInShell(["scan", "-a", "hash", "--"], script);
      assert.match(stderr, reason);
      assert.ok(code === 1 || code === 2, `${make}: ${code}`);
    }
  },
});

Deno.test({
  name: "scan without all permissions refuses a name that may not be UTF-8, and says what works",
  ignore,
  fn: async () => {
    using folder = new TempFolder({ "\ufffd": "another file" });
    const permissions = ["--allow-read", "--allow-env", "--allow-run"];
    const env = { STOQ_HOME: folder.path };
    const options = { permissions, env, cwd: folder.path };
    const { code, stdout, stderr } = await runStoq(["scan", "-a", "hash", "\ufffd"], options);
    assert.equal(stdout, "");
    assert.match(stderr, /must be UTF-8 .* stoq scan < FILE/);
    assert.equal(code, 1);
    const piped = await runStoq(["scan", "-a", "hash"], { ...options, stdin: "another file" });
    assert.equal(piped.stderr, "");
    assert.equal(piped.code, 0);
    assert.equal(JSON.parse(piped.stdout).results[0].sha256, await sha256("another file"));
  },
});

const TELL_RAW_FILES = `export default (_options, context) => ({
  scan: () => ({ results: { raw: context.rawFiles === undefined ? "none" : "there" } }),
});`;

for (const isolation of ["none", "process"] as const) {
  Deno.test(`a stranger's plugin is not given files by their bytes with isolation ${isolation}`, async () => {
    await using strange = sandbox(TELL_RAW_FILES, { isolation });
    const { results, errors } = await strange.scan();
    assert.deepEqual(errors, []);
    assert.deepEqual(results[0]?.workers.evil, { raw: "none" });
    assert.ok(results[0]?.workers.hash);
  });
}
