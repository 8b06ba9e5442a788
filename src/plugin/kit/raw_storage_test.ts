import assert from "node:assert/strict";
import { openRawFiles } from "../../host/raw_names.ts";
import { lossyText, storageWith } from "./raw_storage.ts";
import { temporaryFolder } from "./testing/files.ts";

const ignore = Deno.build.os !== "linux";
// The library stays loaded: what the first test loads would count as its leak.
if (!ignore) openRawFiles()!.lstat("/");

const MAKE =
  `for n in '\\377' '\\376' '\\357\\277\\275' 'f\\374r.txt' 'plain'; do printf %s "$n" > "$(printf "$n")"; done
d="$(printf '\\351')"; mkdir "$d"; printf in > "$d/plain"; printf odd > "$d/$(printf '\\377')"; ln -s "$d" link
n="$(printf '%0255d' 0 | tr 0 '\\377')"; printf long > "$n"`;

/** Listed by Deno, this name is longer than a name may be. */
const LONG = "\udcff".repeat(255);

async function oddFolder() {
  const folder = await temporaryFolder();
  const { success } = await new Deno.Command("sh", { args: ["-c", MAKE], cwd: folder.path }).output();
  assert.ok(success);
  return folder;
}

async function namesIn(entries: AsyncIterable<Deno.DirEntry>): Promise<string[]> {
  return (await Array.fromAsync(entries)).map(({ name }) => name).sort();
}

Deno.test({
  name: "every entry has a name of its own, by which it is read, renamed and removed",
  ignore,
  fn: async () => {
    await using folder = await oddFolder();
    const { path } = folder;
    const storage = storageWith(openRawFiles());
    const names = ["f\udcfcr.txt", "link", "plain", "\udce9", "\udcfe", "\udcff", LONG, "\ufffd"];
    assert.deepEqual(await namesIn(storage.readDir(path)), names);
    assert.deepEqual(await namesIn(storage.readDir(`${path}/\udce9`)), ["plain", "\udcff"]);
    assert.equal(await storage.realPath(`${path}/link`), `${path}/\udce9`);
    assert.equal(storage.realPathSync(`${path}/link`), `${path}/\udce9`);
    assert.equal(await storage.realPath(`${path}/link/\udcff`), `${path}/\udce9/\udcff`);
    for (const [name, text] of [["\udcff", "\\377"], ["\udcfe", "\\376"], ["\ufffd", "\\357\\277\\275"]]) {
      const buffer = new Uint8Array(20);
      using file = await storage.open(`${path}/${name}`);
      const length = await file.read(buffer);
      assert.equal(new TextDecoder().decode(buffer.subarray(0, length!)), text);
      assert.equal((await file.stat()).ino, storage.lstatSync(`${path}/${name}`).ino);
    }
    for (const mode of [0o700, 0o500]) await storage.mkdirs(`${path}/\udce9/in/\udcff/deep`, mode);
    assert.equal((await storage.lstat(`${path}/\udce9/in/\udcff/deep`)).mode! & 0o777, 0o700);
    await assert.rejects(storage.mkdirs(`${path}/\udcff/in`, 0o700), { code: "EEXIST" });
    await storage.rename(`${path}/\udcff`, `${path}/\udce9/new`);
    await storage.remove(`${path}/\udcfe`);
    const left = ["f\udcfcr.txt", "link", "plain", "\udce9", LONG, "\ufffd"];
    assert.deepEqual(await namesIn(storage.readDir(path)), left);
    assert.deepEqual(await namesIn(storage.readDir(`${path}/\udce9`)), ["in", "new", "plain", "\udcff"]);
  },
});

Deno.test({
  name:
    "without raw files entries that can't be named are listed one for each, and can't be taken for another",
  ignore,
  fn: async () => {
    await using folder = await oddFolder();
    const { path } = folder;
    const storage = storageWith(undefined);
    const names = await namesIn(storage.readDir(path));
    assert.equal(new Set(names).size, 8);
    const shown = [
      "f\ufffdr.txt",
      "link",
      "plain",
      "\ufffd",
      "\ufffd",
      "\ufffd",
      "\ufffd".repeat(255),
      "\ufffd",
    ];
    assert.deepEqual(names.map(lossyText), shown);
    assert.deepEqual(names.filter((name) => name.isWellFormed()), ["link", "plain", "\ufffd"]);
    assert.deepEqual(await namesIn(storage.readDir(path)), names);
    for (const name of names.filter((name) => !name.isWellFormed())) {
      const odd = `${path}/${name}`;
      await assert.rejects(storage.open(odd), { code: "EILSEQ" });
      await assert.rejects(storage.remove(odd), { code: "EILSEQ" });
      await assert.rejects(storage.rename(odd, `${path}/x`), { code: "EILSEQ" });
      await assert.rejects(storage.rename(`${path}/plain`, odd), { code: "EILSEQ" });
      await assert.rejects(namesIn(storage.readDir(odd)), { code: "EILSEQ" });
      await assert.rejects(storage.realPath(odd), { code: "EILSEQ" });
    }
    assert.equal(await Deno.readTextFile(`${path}/\ufffd`), "\\357\\277\\275");
  },
});
