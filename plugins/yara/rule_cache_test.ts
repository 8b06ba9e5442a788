import assert from "node:assert/strict";
import { MAX_CACHED_RULE_SETS, RuleCache } from "./rule_cache.ts";
import { contextOf } from "./testing/payload.ts";

async function withCache(run: (cache: RuleCache, log: string[]) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const log: string[] = [];
  try {
    await run(new RuleCache(`${root}/home/cache`, contextOf(log).log), log);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const CONTENT = [new TextEncoder().encode("rules"), new Uint8Array()];

Deno.test("what was written is read, by the user alone", async () => {
  await withCache(async (cache, log) => {
    assert.equal(await cache.read("a"), undefined);
    await cache.write("a", CONTENT);
    assert.deepEqual(await cache.read("a"), CONTENT);
    assert.deepEqual(log, []);
    if (Deno.build.os === "windows") return;
    assert.equal((await Deno.stat(cache.folder)).mode! & 0o777, 0o700);
    assert.equal((await Deno.stat(`${cache.folder}/a.rules`)).mode! & 0o777, 0o600);
  });
});

Deno.test({
  name: "a folder that others may write to is not trusted",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withCache(async (cache, log) => {
      await cache.write("a", CONTENT);
      await Deno.chmod(cache.folder, 0o770);
      assert.equal(await cache.read("a"), undefined);
      assert.match(log[0]!, /cache of YARA rules ".*\/cache": others may use it, .*: chmod 700 it/);
    });
  },
});

Deno.test("a link in the place of the folder is not followed, and called what it is", async () => {
  await withCache(async (cache, log) => {
    await cache.write("a", CONTENT);
    await Deno.rename(cache.folder, `${cache.folder}2`);
    await Deno.symlink(`${cache.folder}2`, cache.folder);
    assert.equal(await cache.read("a"), undefined);
    assert.match(log.join(), /\/cache": it is a link, should be a folder$/);
  });
});

Deno.test("a link in the place of a file is not followed", async () => {
  await withCache(async (cache) => {
    await cache.write("a", CONTENT);
    await Deno.symlink(`${cache.folder}/a.rules`, `${cache.folder}/b.rules`);
    assert.equal(await cache.read("b"), undefined);
  });
});

Deno.test("the rule sets that were written first go first", async () => {
  await withCache(async (cache) => {
    for (let i = 0; i <= MAX_CACHED_RULE_SETS; i++) {
      await cache.write(`key${i}`, CONTENT);
      await Deno.utime(`${cache.folder}/key${i}.rules`, i + 1, i + 1);
    }
    await cache.write("last", CONTENT);
    assert.equal(await cache.read("key0"), undefined);
    assert.equal(await cache.read("key1"), undefined);
    assert.ok(await cache.read("last"));
    assert.equal([...Deno.readDirSync(cache.folder)].length, MAX_CACHED_RULE_SETS);
  });
});

Deno.test("a folder that can't be written costs no result", async () => {
  await withCache(async (cache, log) => {
    await Deno.writeTextFile(cache.folder.replace(/\/home\/cache$/, "/home"), "a file in the way");
    await cache.write("a", CONTENT);
    assert.equal(await cache.read("a"), undefined);
    assert.match(log[0]!, /^warn: Cannot write the cache of YARA rules/);
  });
});
