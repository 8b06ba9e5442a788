import assert from "node:assert/strict";
import { RELOAD_CHECK_MS, RuleFiles, shippedRules } from "./rule_source.ts";

async function withRules(run: (rules: RuleFiles, folder: string, wait: () => void) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  let now = 0;
  try {
    await Deno.writeTextFile(`${folder}/a.yar`, 'include "sub/b.inc"\nrule a { condition: true }');
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/sub/b.inc`, "rule b { condition: true }");
    const rules = new RuleFiles("worker_rules", [folder], () => now);
    await rules.read();
    await run(rules, folder, () => void (now += RELOAD_CHECK_MS));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("rules that nobody touches have not changed", async () => {
  await withRules(async (rules, _folder, wait) => {
    wait();
    assert.equal(await rules.hasChanged(), false);
  });
});

const CHANGES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  "a file that was written": (folder) => Deno.writeTextFile(`${folder}/a.yar`, "rule x { condition: false }"),
  "an included file that was written": (folder) => Deno.writeTextFile(`${folder}/sub/b.inc`, ""),
  "a file that was added": (folder) => Deno.writeTextFile(`${folder}/sub/c.yara`, ""),
  "an included file that was removed": (folder) => Deno.remove(`${folder}/sub/b.inc`),
  "a file that was renamed": (folder) => Deno.rename(`${folder}/a.yar`, `${folder}/z.yar`),
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`${name} is a change, once the rules are looked at again`, async () => {
    await withRules(async (rules, folder, wait) => {
      await change(folder);
      assert.equal(await rules.hasChanged(), false);
      wait();
      assert.equal(await rules.hasChanged(), true);
      await rules.read();
      wait();
      assert.equal(await rules.hasChanged(), false);
    });
  });
}

Deno.test("an included file that was missing is seen when it comes, though what includes it is not in use", async () => {
  await withRules(async (rules, folder, wait) => {
    await Deno.writeTextFile(`${folder}/sub/b.inc`, 'include "c.inc"');
    const problems = async () => (await rules.read()).problems.length;
    assert.ok(await problems() > 0);
    wait();
    assert.equal(await rules.hasChanged(), false);
    await Deno.writeTextFile(`${folder}/sub/c.inc`, "rule c { condition: true }");
    wait();
    assert.equal(await rules.hasChanged(), true);
    assert.equal(await problems(), 0);
  });
});

Deno.test("a folder that is gone is no change", async () => {
  await withRules(async (rules, folder, wait) => {
    await Deno.rename(folder, `${folder}-gone`);
    wait();
    assert.equal(await rules.hasChanged(), false);
    await Deno.rename(`${folder}-gone`, folder);
  });
});

Deno.test("shipped rules never change", async () => {
  const rules = shippedRules("worker_rules");
  assert.ok((await rules.read()).pieces.length > 0);
  assert.equal(await rules.hasChanged(), false);
});
