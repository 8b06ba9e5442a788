import assert from "node:assert/strict";
import { DenoFiles } from "./deno_files.ts";
import { openRawFiles } from "./raw_names.ts";

const ignore = Deno.build.os !== "linux";
// The library stays loaded: what the first test loads would count as its leak.
if (!ignore) openRawFiles()!.lstat("/");

Deno.test({
  name: "a file to scan may have a name that is not UTF-8, a folder of plugins and a configuration may not",
  ignore,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const files = new DenoFiles();
    const odd = `${folder}/\udcff`;
    assert.equal(await files.kindOf(odd), undefined);
    assert.equal(await files.hasEntry(odd), false);
    await Deno.writeTextFile(`${folder}/\ufffd`, "another file");
    assert.equal(await files.kindOf(odd), undefined);
    using file = openRawFiles()!.create(odd, 0o600);
    file.writeSync(new TextEncoder().encode("odd"));
    assert.equal(await files.kindOf(odd), "file");
    assert.equal(await files.hasEntry(odd), true);
    assert.deepEqual(await files.readBytes(odd, 10), { content: new TextEncoder().encode("odd") });
    assert.deepEqual(await files.readBytes(odd, 2), { content: undefined, sizeBytes: 3 });
    await assert.rejects(files.readText(odd), { code: "name-not-utf8" });
    await assert.rejects(files.list(odd), { code: "name-not-utf8" });
    await Deno.remove(folder, { recursive: true });
  },
});
