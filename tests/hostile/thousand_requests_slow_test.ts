import assert from "node:assert/strict";
import { childrenOf, hasProcFolder, openDescriptors } from "../processes.ts";
import { sandbox, scanning } from "../strange_plugin.ts";

const BODY = `
  const text = new TextDecoder().decode(payload.content);
  if (/[02468]0$|^0$/.test(text)) Deno.exit(1);
  if (/[13579]0$/.test(text)) Promise.reject(new Error(text)), await new Promise(() => {});
  return { results: text };
`;

Deno.test({
  name: "of a thousand requests every tenth ends its runner, and no other one notices",
  ignore: !hasProcFolder,
  fn: async () => {
    // What Deno opens once is open after a scan.
    {
      await using box = sandbox(scanning("return { results: 1 };"));
      await box.scan();
    }
    const descriptors = openDescriptors();
    await scanAll(descriptors);
    assert.deepEqual(childrenOf(Deno.pid), []);
    assert.ok(openDescriptors() <= descriptors, `${openDescriptors()} instead of ${descriptors}`);
  },
});

async function scanAll(descriptors: number): Promise<void> {
  await using box = sandbox(scanning(BODY), { runners: 2, logLevel: "critical" });
  const failed: number[] = [];
  let next = 0;
  const scanOn = async () => {
    for (let index = next++; index < 1_000; index = next++) {
      const { errors, results: [payload] } = await box.stoq.scan(String(index));
      assert.equal(typeof (payload!.workers.hash as { md5: string }).md5, "string");
      if (errors.length === 0) assert.equal(payload!.workers.evil, String(index));
      else {
        assert.deepEqual(errors.map(({ code, pluginName }) => [code, pluginName]), [[
          "plugin-crashed",
          "evil",
        ]]);
        failed.push(index);
      }
    }
  };
  await Promise.all([scanOn(), scanOn(), scanOn()]);
  assert.deepEqual(failed.toSorted((a, b) => a - b), Array.from({ length: 100 }, (_, tenth) => tenth * 10));
  const warm = childrenOf(Deno.pid);
  assert.ok(warm.length > 0 && warm.length <= 4, warm.join());
  // Four runners at most hold three channels each, and what watches them.
  assert.ok(openDescriptors() <= descriptors + 4 * 5, `${openDescriptors()} of ${descriptors}`);
  assert.deepEqual((await box.stoq.scan("1")).errors, []);
  assert.deepEqual(childrenOf(Deno.pid).filter((pid) => !warm.includes(pid)), []);
}
