import assert from "node:assert/strict";
import type { Terminal } from "../../core/ports/system.ts";
import { readArguments } from "../arguments.ts";
import { fakeManifest } from "../installing/testing/fake_deps.ts";
import { install } from "./install.ts";

/** Installs a folder on a terminal whose user gives an answer. */
async function installAt(home: string, answer: string) {
  let out = "";
  let err = "";
  const terminal = {
    isOutTerminal: true,
    isInTerminal: true,
    ask: (question: string) => Promise.resolve((err += question, answer)),
    writeOut: (text: string) => Promise.resolve(void (out += text)),
    writeErr: (text: string) => Promise.resolve(void (err += text)),
  } as Partial<Terminal> as Terminal;
  const before = Deno.env.get("STOQ_HOME");
  Deno.env.set("STOQ_HOME", `${home}/stoq`);
  try {
    return { code: await install(readArguments([`${home}/shout`], "install"), terminal), out, err };
  } finally {
    if (before === undefined) Deno.env.delete("STOQ_HOME");
    else Deno.env.set("STOQ_HOME", before);
  }
}

Deno.test("on a terminal it is asked, and only a yes installs", async () => {
  const home = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${home}/shout`);
  await Deno.writeTextFile(`${home}/shout/mod.ts`, "export default () => ({ scan() {} });");
  await Deno.writeTextFile(
    `${home}/shout/manifest.json`,
    fakeManifest({ permissions: { net: ["a.example"] } }),
  );
  for (const answer of ["", "n", "no", "yessir", "\u0004"]) {
    const { code, out, err } = await installAt(home, answer);
    assert.deepEqual([code, out], [1, ""], answer);
    assert.match(
      err,
      /permissions net a\.example\n[^]*Install it, with permissions net \(1\)\? \[y\/N\] Nothing was installed\n$/,
    );
    await assert.rejects(Deno.stat(`${home}/stoq`), Deno.errors.NotFound);
  }
  const { code, out } = await installAt(home, " Yes \r");
  assert.deepEqual([code, out], [0, `Successfully installed shout 1.0.0 into ${home}/stoq/plugins/shout\n`]);
  // The same again changes nothing, so nothing is asked.
  assert.equal((await installAt(home, "no")).code, 0);
  await Deno.remove(home, { recursive: true });
});
